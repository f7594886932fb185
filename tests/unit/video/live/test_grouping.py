"""Groups begin at key frames, hold whole groups of pictures, and lose and repeat no frame."""

from video.fragments.fragment_format import FragmentPacket
from video.live.grouping import Grouper, PacketGroup, TimedPacket

TARGET_US = 200


def make_packet(pts_us: int | None, *, is_keyframe: bool = False) -> TimedPacket:
    coded = FragmentPacket(
        data=b"x",
        pts=pts_us,
        dts=None,
        duration=None,
        is_keyframe=is_keyframe,
        is_corrupt=False,
        is_discarded=False,
        new_extradata=b"",
    )
    return TimedPacket(coded=coded, pts_us=pts_us)


def key(pts_us: int) -> TimedPacket:
    return make_packet(pts_us, is_keyframe=True)


def group(*packets: TimedPacket) -> list[PacketGroup]:
    """Return what a grouper gives for packets, in the order of giving."""
    grouper = Grouper(target_us=TARGET_US)
    complete = [grouper.add(packet) for packet in packets]
    return [*(found for found in complete if found is not None), *grouper.finish()]


def counts(groups: list[PacketGroup]) -> list[tuple[int, int, int, int]]:
    return [(found.start_us, found.end_us, found.num_frames, found.last_us) for found in groups]


def times(found: PacketGroup) -> list[int | None]:
    return [packet.pts for packet in found.packets]


def test_a_group_ends_at_the_first_key_frame_that_makes_it_long_enough() -> None:
    groups = group(key(0), make_packet(100), key(150), make_packet(199), key(200), make_packet(300), key(400))
    assert counts(groups) == [(0, 200, 4, 199), (200, 400, 2, 300), (400, 401, 1, 400)]


def test_pictures_shown_before_the_key_frame_that_they_follow_belong_to_the_group_before_it() -> None:
    groups = group(key(0), make_packet(100), key(300), make_packet(150), make_packet(200), make_packet(400))
    assert counts(groups) == [(0, 300, 4, 200), (300, 401, 2, 400)]
    assert times(groups[0]) == [0, 100, 300, 150, 200]
    assert times(groups[1]) == [300, 150, 200, 400]


def test_a_group_is_given_as_soon_as_a_frame_beyond_its_end_comes() -> None:
    grouper = Grouper(target_us=TARGET_US)
    given = [grouper.add(packet) is not None for packet in (key(0), key(300), make_packet(250), make_packet(350))]
    assert given == [False, False, False, True]


def test_what_comes_before_the_first_key_frame_is_not_kept() -> None:
    grouper = Grouper(target_us=TARGET_US)
    assert grouper.add(make_packet(0)) is None
    assert (grouper.num_bytes, grouper.finish()) == (0, [])


def test_pictures_shown_before_the_first_key_frame_are_not_counted() -> None:
    assert counts(group(key(100), make_packet(50), make_packet(150))) == [(100, 151, 2, 150)]


def test_a_first_key_frame_without_a_time_is_kept_for_those_that_need_it() -> None:
    groups = group(make_packet(None, is_keyframe=True), make_packet(40), make_packet(80), key(300), make_packet(340))
    assert counts(groups) == [(40, 300, 2, 80), (300, 341, 2, 340)]
    assert times(groups[0]) == [None, 40, 80, 300]


def test_packets_that_never_have_a_time_make_no_group() -> None:
    assert group(make_packet(None, is_keyframe=True), make_packet(None)) == []


def test_packets_without_a_time_go_along_and_count_for_nothing() -> None:
    (found,) = group(key(0), make_packet(None), make_packet(40), make_packet(None))
    assert (len(found.packets), found.num_frames) == (4, 2)


def test_two_packets_of_one_time_are_one_frame() -> None:
    assert counts(group(key(0), make_packet(40), make_packet(40))) == [(0, 41, 2, 40)]


def test_every_frame_of_a_stream_of_key_frames_is_in_one_group() -> None:
    groups = group(*(key(40 * n) for n in range(20)))
    assert sum(found.num_frames for found in groups) == 20
    assert [found.start_us for found in groups] == [0, 200, 400, 600]


def test_what_is_held_is_known_and_let_go_with_the_group() -> None:
    grouper = Grouper(target_us=TARGET_US)
    for packet in (key(0), make_packet(100), key(300)):
        grouper.add(packet)
    assert grouper.num_bytes == 3 * make_packet(0).coded.num_bytes
    grouper.add(make_packet(400))
    assert grouper.num_bytes == 2 * make_packet(0).coded.num_bytes
