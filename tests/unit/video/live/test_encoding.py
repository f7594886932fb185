"""Raw pictures are encoded at their own times, a key frame each second, none held back."""

from fractions import Fraction

import av
from av.video.frame import VideoFrame

from tests.clips import draw_number, read_number
from video.live.encoding import encode_pictures, make_encoder


def make_picture(number: int) -> VideoFrame:
    picture = VideoFrame.from_ndarray(draw_number(number, width_px=64, height_px=48), format="rgb24").reformat(
        format="yuyv422"
    )
    picture.pts, picture.time_base = 7_000_000 + number * 100_000, Fraction(1, 1_000_000)
    return picture


def test_pictures_come_out_at_once_at_their_times_with_a_key_frame_a_second() -> None:
    encoder = make_encoder(64, 48, rate=Fraction(10))
    taken = []
    packets = []
    for packet in encode_pictures((taken.append(n) or make_picture(n) for n in range(25)), encoder):
        packets.append(packet)
        assert len(taken) == len(packets)
    assert [packet.pts for packet in packets] == [7_000_000 + n * 100_000 for n in range(25)]
    assert [n for n, packet in enumerate(packets) if packet.is_keyframe] == [0, 10, 20]


def test_each_group_of_pictures_decodes_by_itself() -> None:
    packets = list(encode_pictures(map(make_picture, range(20)), make_encoder(64, 48, rate=Fraction(10))))
    decoder = av.CodecContext.create("h264", "r")
    pictures = [picture for packet in packets[10:] for picture in decoder.decode(packet)] + decoder.decode(None)
    assert [read_number(picture.to_ndarray(format="rgb24")) for picture in pictures] == list(range(10, 20))


def test_odd_sizes_lose_a_line() -> None:
    encoder = make_encoder(65, 49, rate=Fraction(10))
    assert (encoder.width, encoder.height) == (64, 48)
