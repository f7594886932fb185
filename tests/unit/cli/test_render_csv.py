import csv
import io

from cli.render_csv import write_frames_csv, write_timeline_csv
from core.frames import FrameStatus
from tests.factories import make_face_observation, make_frame_observation, make_timeline, make_timeline_point


def read(write, value):
    file = io.StringIO()
    write(value, file)
    file.seek(0)
    return list(csv.DictReader(file))


def test_every_frame_has_a_line_also_without_a_face():
    frames = [
        make_frame_observation(0.0, faces=(make_face_observation(), make_face_observation(face_index=1))),
        make_frame_observation(0.04, status=FrameStatus.NO_FACE, faces=()),
        make_frame_observation(0.08, status=FrameStatus.UNDECODABLE, faces=()),
    ]
    rows = read(write_frames_csv, frames)
    assert [(row["frame_index"], row["face_index"], row["status"]) for row in rows] == [
        ("0", "0", "face"),
        ("0", "1", "face"),
        ("1", "", "no_face"),
        ("2", "", "undecodable"),
    ]
    assert rows[0]["top"] == "happy"
    assert None not in rows[2]  # no line is longer than the header


def test_a_gap_has_empty_probabilities_and_not_noughts():
    rows = read(write_timeline_csv, make_timeline(points=(make_timeline_point(probs=None, num_frames=0),)))
    assert rows[0]["p_happy"] == ""
    assert rows[0]["top"] == ""


def test_values_read_back_as_they_were_stored():
    face = make_face_observation()
    (row,) = read(write_frames_csv, [make_frame_observation(1 / 3, faces=(face,))])
    assert float(row["p_happy"]) == face.reading.probs[3]
    assert float(row["pts_seconds"]) == 0.333333
