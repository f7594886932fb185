"""Which frames a decoder lost is told from times alone."""

from video.reordering import PresentationOrder


def test_pictures_that_come_in_order_lose_nothing() -> None:
    order = PresentationOrder()
    for pts_us in (0, 120, 40, 80):
        order.owe(pts_us)
    assert [order.give(pts_us) for pts_us in (0, 40, 80, 120)] == [([], True)] * 4
    assert order.finish() == []


def test_a_frame_that_is_skipped_is_lost_before_the_next_picture() -> None:
    order = PresentationOrder()
    for pts_us in (0, 40, 80):
        order.owe(pts_us)
    order.reject(40, reason="broken")
    order.give(0)
    lost, is_owed = order.give(80)
    assert ([(frame.pts_us, frame.reason) for frame in lost], is_owed) == ([(40, "broken")], True)


def test_frames_that_never_come_are_lost_at_the_end_in_order_of_time() -> None:
    order = PresentationOrder()
    for pts_us in (80, 0, 40):
        order.owe(pts_us)
    order.give(0)
    assert [frame.pts_us for frame in order.finish()] == [40, 80]


def test_the_second_picture_of_the_same_time_is_dropped() -> None:
    order = PresentationOrder()
    order.owe(0)
    order.owe(0)
    assert [order.give(0)[1], order.give(0)[1]] == [True, False]
    assert order.finish() == []


def test_a_time_that_has_passed_is_not_owed_again() -> None:
    order = PresentationOrder()
    order.owe(40)
    order.give(40)
    order.owe(20)
    assert order.finish() == []


def test_a_picture_that_no_packet_promised_is_dropped() -> None:
    order = PresentationOrder()
    order.owe(40)
    assert order.give(20) == ([], False)
