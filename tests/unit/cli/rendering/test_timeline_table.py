import io

from rich.console import Console

from cli.rendering.timeline_table import render_timeline, sparkline
from tests.factories import make_timeline, make_timeline_point


def render(timeline):
    file = io.StringIO()
    Console(file=file, width=120).print(render_timeline(timeline, title="clip.mp4"))
    return file.getvalue()


def test_a_sparkline_rises_with_its_values_and_marks_nobody():
    assert sparkline([0.0, 0.5, 1.0, None]) == "▁▅█·"


def test_the_table_says_appears_and_never_feels():
    text = render(make_timeline())
    assert "what the faces appear to show" in text
    assert "not what anybody feels" in text


def test_nobody_unsure_and_not_sampled_are_told_apart():
    text = render(
        make_timeline(
            points=(
                make_timeline_point(start_seconds=0, probs=None, num_face_frames=0, num_rejected_frames=0),
                make_timeline_point(start_seconds=1, probs=None, num_face_frames=5, num_rejected_frames=5),
                make_timeline_point(start_seconds=2, probs=None, num_frames=0, num_face_frames=0),
            )
        )
    )
    assert "nobody" in text
    assert "unsure" in text
    assert "not sampled" in text


def test_a_timeline_of_hours_still_fits_the_screen():
    points = tuple(make_timeline_point(start_seconds=i) for i in range(400))
    longest = max(len(line) for line in render(make_timeline(points=points)).splitlines())
    assert longest <= 120


def test_an_empty_timeline_is_drawn_without_error():
    assert "clip.mp4" in render(make_timeline(points=()))
