"""Encodes the raw pictures of a camera of this machine as they come, quickly rather than small. Knows no device."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import cast

from av.codec.context import CodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from video.moments import CodedVideo
from video.opening import header_rate
from video.packets import VideoPacket

_TIME_BASE = Fraction(1, 1_000_000)


def encode_live(raw: VideoStream, packets: Iterable[VideoPacket], *, name: str) -> CodedVideo:
    """Return a raw video as H.264, a key frame every second."""
    context = raw.codec_context
    rate = header_rate(raw)
    encoder = make_encoder(context.width, context.height, rate=rate)
    decoder = CodecContext.create("h264", "r")
    decoder.width, decoder.height = encoder.width, encoder.height
    pictures = (picture for packet in packets for picture in context.decode(packet))
    return CodedVideo(
        name=name,
        decoder=decoder,
        codec_name="h264",
        time_base=_TIME_BASE,
        rate=rate,
        packets=encode_pictures(pictures, encoder),
    )


def make_encoder(width_px: int, height_px: int, *, rate: Fraction) -> VideoCodecContext:
    """Set up an encoder that gives each picture out at once and repeats its parameter sets before every key frame."""
    encoder = CodecContext.create("libx264", "w")
    encoder.width, encoder.height = width_px // 2 * 2, height_px // 2 * 2  # 4:2:0 has no odd sizes
    encoder.pix_fmt = "yuv420p"
    encoder.time_base, encoder.framerate = _TIME_BASE, rate
    encoder.gop_size = max(1, round(rate))
    encoder.thread_count = 1
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "18", "x264-params": "scenecut=0"}
    return encoder


def encode_pictures(pictures: Iterable[VideoFrame], encoder: VideoCodecContext) -> Iterator[VideoPacket]:
    """Yield the packets of pictures, which keep their times."""
    for picture in pictures:
        for packet in encoder.encode(picture):
            yield cast(VideoPacket, packet)
    for packet in encoder.encode(None):
        yield cast(VideoPacket, packet)
