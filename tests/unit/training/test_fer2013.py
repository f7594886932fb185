import numpy as np
import pytest

from core.emotions import EMOTIONS, FERPLUS_COLUMNS, FERPLUS_INDEX_OF_EMOTION
from core.errors import InputError
from training.fer2013 import FaceSet, drop_unusable, ferplus_majority, has_training_twin, read_fer2013

HEADER = "emotion,pixels,Usage"
PIXELS = " ".join(str(i % 256) for i in range(2304))
VOTES_HEADER = "Usage,Image name," + ",".join(FERPLUS_COLUMNS)


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def make_face_set(pictures, splits, *, labels=None):
    num = len(pictures)
    return FaceSet(
        pictures=np.array(pictures, np.uint8),
        emotion_index=np.array(labels or [0] * num),
        votes=np.zeros((num, 10), np.float32),
        split_index=np.array(splits),
        row_index=np.arange(num),
    )


def test_both_published_headers_are_read(tmp_path):
    kaggle = read_fer2013(write(tmp_path / "a.csv", HEADER, f"3,{PIXELS},Training"))
    spaced = read_fer2013(write(tmp_path / "b.csv", "emotion, Usage, pixels", f"3,Training,{PIXELS}"))
    assert (kaggle.pictures == spaced.pictures).all()
    assert kaggle.pictures[0, 1, 2] == 50
    assert kaggle.emotion_index.tolist() == spaced.emotion_index.tolist() == [3]


def test_a_row_without_an_image_name_has_no_votes(tmp_path):
    pictures = write(tmp_path / "a.csv", HEADER, f"3,{PIXELS},Training", f"3,{PIXELS},Training")
    votes = write(
        tmp_path / "v.csv", VOTES_HEADER, "Training,fer0.png,1,9,0,0,0,0,0,0,0,0", "Training,,9,1,0,0,0,0,0,0,0,0"
    )
    assert read_fer2013(pictures, votes).has_votes.tolist() == [True, False]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (f"3,{PIXELS[:-4]},Training", "2303 pixels"),
        (f"3,{PIXELS.replace(' 255', ' 300')},Training", "up to 300"),
        (f"9,{PIXELS},Training", "label 9"),
        (f"3,{PIXELS},Testing", "not an emotion, pixels and Usage row"),
        ("3", "not an emotion, pixels and Usage row"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path, line, complaint):
    with pytest.raises(InputError, match=rf"a\.csv, line 3: .*{complaint}"):
        read_fer2013(write(tmp_path / "a.csv", HEADER, f"3,{PIXELS},Training", line))


def test_a_wrong_header_a_missing_and_an_empty_file_are_named(tmp_path):
    with pytest.raises(InputError, match="expected the columns"):
        read_fer2013(write(tmp_path / "a.csv", "label,image", "3,x"))
    with pytest.raises(InputError, match="cannot be read"):
        read_fer2013(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="no rows"):
        read_fer2013(write(tmp_path / "b.csv", HEADER))


def test_votes_for_another_number_of_rows_are_refused(tmp_path):
    pictures = write(tmp_path / "a.csv", HEADER, f"3,{PIXELS},Training")
    with pytest.raises(InputError, match="0 rows of votes for 1 pictures"):
        read_fer2013(pictures, write(tmp_path / "v.csv", VOTES_HEADER))


def test_the_majority_ignores_single_votes_and_needs_more_than_half():
    votes = np.zeros((5, 10), np.float32)
    votes[0, [0, 1]] = 6, 4  # neutral
    votes[1, [0, 1]] = 5, 5  # a draw: none
    votes[2, [0, 1, 2, 3, 4, 5]] = 5, 1, 1, 1, 1, 1  # single votes do not count: neutral
    votes[3, 8] = 9  # unknown is not an emotion
    assert ferplus_majority(votes).tolist() == [0, -1, 0, -1, -1]


def test_class_orders_differ_and_are_mapped_by_name():
    assert [FERPLUS_COLUMNS[i] for i in FERPLUS_INDEX_OF_EMOTION] == [
        "anger",
        "disgust",
        "fear",
        "happiness",
        "sadness",
        "surprise",
        "neutral",
    ]
    assert EMOTIONS[6] == "neutral"  # in folders sorted by name it would be 4


def test_twins_are_test_pictures_that_training_holds_too():
    one, two = np.zeros((48, 48)), np.ones((48, 48))
    faces = make_face_set([one, one, two, two], [0, 1, 1, 2])
    assert has_training_twin(faces).tolist() == [False, True, False, False]


def test_blank_pictures_are_dropped_from_training_alone():
    blank, face = np.full((48, 48), 7), np.eye(48) * 200
    faces = drop_unusable(make_face_set([blank, face, blank], [0, 0, 2]))
    assert faces.row_index.tolist() == [1, 2]


def test_a_picture_of_hardly_any_contrast_is_blank_too():
    nearly_blank = np.full((48, 48), 7)
    nearly_blank[0, 0] = 10
    assert len(drop_unusable(make_face_set([nearly_blank], [0]))) == 0
