import numpy as np

from core.emotions import EMOTIONS
from tests.face_data import make_face_set, make_picture
from training.datasets.face_set import digest_of
from training.datasets.label_sets import FOUR


def test_a_label_set_drops_the_rows_of_emotions_that_it_leaves_out():
    faces = make_face_set([make_picture(seed) for seed in range(7)], [0] * 7, labels=list(range(7))).of(FOUR)
    assert [EMOTIONS[index] for index in faces.emotion_index] == list(FOUR.emotions)
    assert faces.row_index.tolist() == [3, 4, 5, 6]
    assert (faces.pictures[0] == make_picture(3)).all()


def test_digests_are_equal_for_copies_alone():
    almost = make_picture(1)
    almost[47, 47] ^= 1
    digests = make_face_set([make_picture(1), make_picture(1), almost], [0, 0, 0]).digests()
    assert digests[0] == digests[1] != digests[2]


def test_a_digest_depends_on_pixels_and_not_on_how_they_lie_in_memory():
    picture = make_picture(1)
    assert digest_of(np.asfortranarray(picture)) == digest_of(picture)
