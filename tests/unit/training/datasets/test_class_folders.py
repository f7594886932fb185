import hashlib

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.errors import EnvironmentFault, InputError
from tests.face_data import make_face_set, make_picture, write_picture
from training.datasets.class_folders import read_class_folders, write_class_folders
from training.datasets.face_set import SPLITS


def write_classes(folder, *, num_each, first_seed=0):
    """Pictures of every class, no two alike."""
    for index, emotion in enumerate(EMOTIONS):
        for copy in range(num_each):
            write_picture(folder / emotion / f"{copy}.png", make_picture(first_seed + index * num_each + copy))


def test_the_class_comes_from_the_name_and_not_from_the_alphabet(tmp_path):
    write_classes(tmp_path, num_each=1)
    faces = read_class_folders(tmp_path)
    for index in range(len(EMOTIONS)):
        [place] = np.flatnonzero((faces.pictures == make_picture(index)).all(axis=(1, 2)))
        assert faces.emotion_index[place] == index


def test_rows_are_counted_in_the_order_of_paths_and_have_no_votes(tmp_path):
    for name in ("sad/2.png", "angry/1.png", "sad/1.png"):
        write_picture(tmp_path / name, make_picture(sum(name.encode())))
    faces = read_class_folders(tmp_path)
    assert faces.row_index.tolist() == [0, 1, 2]
    assert faces.emotion_index.tolist() == [0, 4, 4]
    assert (faces.pictures[2] == make_picture(sum(b"sad/2.png"))).all()
    assert not faces.has_votes.any()


def test_kaggles_own_split_names_are_read(tmp_path):
    for split in SPLITS:
        write_picture(tmp_path / split / "happy" / "1.png")
    assert sorted(read_class_folders(tmp_path).split_index.tolist()) == [0, 1, 2]


@pytest.mark.parametrize("validation", ["val", "valid", "Validation"])
def test_train_validation_and_test_folders_are_read_as_they_are(tmp_path, validation):
    for split, num in (("train", 5), (validation, 3), ("test", 2)):
        for copy in range(num):
            write_picture(tmp_path / split / "happy" / f"{copy}.png")
    assert np.bincount(read_class_folders(tmp_path).split_index).tolist() == [5, 3, 2]


def test_without_a_validation_folder_a_tenth_of_training_is_set_aside_by_its_pixels(tmp_path):
    write_classes(tmp_path / "train", num_each=60)
    write_classes(tmp_path / "test", num_each=2, first_seed=1000)
    faces = read_class_folders(tmp_path)
    training, public, private = np.bincount(faces.split_index)
    assert private == 14
    assert training + public == 420
    assert 20 <= public <= 64  # 42 expected
    assert faces.emotion_index[faces.split_index == 2].tolist() == sorted(list(range(7)) * 2, key=EMOTIONS.__getitem__)


def test_class_folders_alone_are_split_by_pixels_so_that_copies_share_a_split(tmp_path):
    write_classes(tmp_path, num_each=60)
    for copy in range(60):
        write_picture(tmp_path / "sad" / f"copy-of-{copy}.png", make_picture(copy))
    faces = read_class_folders(tmp_path)
    shares = np.bincount(faces.split_index) / len(faces)
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.06)
    split_of = {}
    for picture, split in zip(faces.pictures, faces.split_index, strict=True):
        digest = hashlib.sha256(picture.tobytes()).digest()
        assert split_of.setdefault(digest, split) == split


def test_a_split_does_not_change_when_pictures_are_added_or_renamed(tmp_path):
    write_classes(tmp_path / "a", num_each=5)
    write_classes(tmp_path / "b" / "wrapped", num_each=5)
    write_picture(tmp_path / "b" / "wrapped" / "angry" / "00-new.png")
    splits = [
        {p.tobytes(): s for p, s in zip(f.pictures, f.split_index.tolist(), strict=True)}
        for f in map(read_class_folders, (tmp_path / "a", tmp_path / "b"))
    ]
    assert splits[0].items() <= splits[1].items()


def test_hidden_files_and_file_managers_leavings_are_passed_over(tmp_path):
    write_picture(tmp_path / "happy" / "1.png")
    for name in (".DS_Store", "happy/.hidden.png", "happy/Thumbs.db"):
        (tmp_path / name).write_text("x")
    (tmp_path / "README.txt").write_text("About these pictures.")
    assert len(read_class_folders(tmp_path)) == 1


def test_an_unknown_class_is_refused_with_the_known_ones(tmp_path):
    write_picture(tmp_path / "happy" / "1.png")
    write_picture(tmp_path / "contempt" / "1.png")
    with pytest.raises(InputError, match=r"'contempt' is no class.*happy, happiness, joy"):
        read_class_folders(tmp_path)


def test_an_empty_class_folder_is_named(tmp_path):
    write_picture(tmp_path / "happy" / "1.png")
    (tmp_path / "sad").mkdir()
    with pytest.raises(InputError, match=r"sad: an empty class folder"):
        read_class_folders(tmp_path)


def test_an_undecodable_picture_is_named_with_its_file(tmp_path):
    write_picture(tmp_path / "happy" / "1.png")
    (tmp_path / "happy" / "2.png").write_text("no picture")
    with pytest.raises(InputError, match=r"happy/2\.png: cannot be decoded"):
        read_class_folders(tmp_path)


def test_a_folder_inside_a_class_folder_is_named(tmp_path):
    write_picture(tmp_path / "happy" / "1.png")
    write_picture(tmp_path / "happy" / "train" / "1.png")
    with pytest.raises(InputError, match=r"happy/train: a folder inside a class folder"):
        read_class_folders(tmp_path)


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ([], "holds no folders; expected train/"),
        (["train", "holiday"], "'holiday' stands beside split folders"),
        (["train", "val"], "no folder of PrivateTest pictures; add test/"),
        (["test", "val"], "no folder of Training pictures; add train/"),
        (["train", "test"], "holds no class folders"),
    ],
)
def test_a_layout_that_lacks_something_is_refused_with_what_it_lacks(tmp_path, names, complaint):
    for name in names:
        (tmp_path / name).mkdir()
    with pytest.raises(InputError, match=complaint):
        read_class_folders(tmp_path)


def test_what_is_written_is_read_back_the_same(tmp_path):
    pictures = [make_picture(seed) for seed in range(21)]
    faces = make_face_set(pictures, [s for s in range(3) for _ in range(7)], labels=list(range(7)) * 3)
    write_class_folders(faces, tmp_path / "out")
    again = read_class_folders(tmp_path / "out")
    told = [
        {(p.tobytes(), e, s) for p, e, s in zip(f.pictures, f.emotion_index, f.split_index, strict=True)}
        for f in (faces, again)
    ]
    assert told[0] == told[1]
    assert (tmp_path / "out" / "PublicTest" / "angry" / "00007.png").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentFault, match=r"file/out/Training/angry: cannot be written \(Not a directory\)"):
        write_class_folders(make_face_set([make_picture()], [0]), tmp_path / "file" / "out")


def test_pictures_are_not_mixed_into_a_folder_that_holds_something(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty"):
        write_class_folders(make_face_set([make_picture()], [0]), tmp_path)
