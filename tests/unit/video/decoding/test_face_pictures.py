"""Faces are cut out of the frames that are meant, and those that must not be seen are squares of one colour."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.media import MediaInfo
from video.decoding.face_cuts import FaceCut, cut_spans
from video.decoding.face_pictures import NUM_HIDDEN_SQUARES, cut_faces
from video.encode import write_clip
from video.isolation.isolation import cut_faces_isolated, probe_isolated
from video.limits import MediaLimits

LIMITS = MediaLimits()
FRAME = (0.0, 0.0, 160.0, 120.0)


def scene(index: int) -> np.ndarray:
    """Chequers that drift, whose right half is brighter in every later frame."""
    rows, columns = np.mgrid[0:120, 0:160]
    image = np.where((rows // 4 + columns // 4) % 2, 200, 40).astype(np.uint8)
    image[:, 80:] = 5 * index
    return np.stack([image] * 3, axis=2)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MediaInfo]:
    """40 frames that can be entered every ten."""
    path = tmp_path_factory.mktemp("clips") / "drift.mp4"
    write_clip(path, (scene(index) for index in range(40)), fps=10, gop_size=10)
    return path, probe_isolated(path, limits=LIMITS)


def pictures_of(clip: tuple[Path, MediaInfo], cuts: list[FaceCut]) -> dict[int, np.ndarray]:
    path, info = clip
    found = {}
    for span, mine in cut_spans(info, cuts):
        for cut, picture in zip(mine, cut_faces_isolated(path, info, span, mine, limits=LIMITS), strict=True):
            assert picture is not None
            found[cut.frame_index] = picture
    return found


def test_every_cut_is_of_the_frame_that_was_named(clip):
    pictures = pictures_of(clip, [FaceCut(frame_index=index, box=(100, 40, 140, 80)) for index in (0, 9, 10, 27, 39)])
    assert {index: round(float(picture.mean()) / 5) for index, picture in pictures.items()} == {
        index: index for index in pictures
    }
    assert {picture.shape for picture in pictures.values()} == {(60, 60, 3)}  # a quarter of its size around it


def test_a_file_is_entered_once_for_each_place(clip):
    spans = cut_spans(clip[1], [FaceCut(frame_index=index, box=FRAME) for index in (31, 3, 5, 38)])
    assert [(span.first_frame_index, [cut.frame_index for cut in cuts]) for span, cuts in spans] == [
        (0, [3, 5]),
        (30, [31, 38]),
    ]


def test_a_hidden_face_is_a_few_squares_of_one_colour_and_others_stay(clip):
    hidden = (10.0, 10.0, 50.0, 50.0)
    seen = pictures_of(clip, [FaceCut(frame_index=4, box=FRAME)])[4]
    half_seen = pictures_of(clip, [FaceCut(frame_index=4, box=FRAME, hidden=(hidden,))])[4]
    colours = half_seen[2:58, 2:58].reshape(-1, 3)
    assert len(np.unique(colours, axis=0)) <= NUM_HIDDEN_SQUARES**2
    assert np.array_equal(half_seen[60:], seen[60:])


def test_a_box_beyond_the_picture_gives_what_is_there(clip):
    [picture] = pictures_of(clip, [FaceCut(frame_index=2, box=(-40, -40, 30, 30))]).values()
    assert picture.shape == (47, 47, 3)
    [nothing] = pictures_of(clip, [FaceCut(frame_index=2, box=(500, 500, 600, 600))]).values()
    assert nothing.size


def test_a_frame_that_is_not_there_has_no_picture(clip):
    path, info = clip
    [(span, cuts)] = cut_spans(info, [FaceCut(frame_index=39, box=FRAME)])
    beyond = FaceCut(frame_index=77, box=FRAME)
    assert cut_faces(path, info, span, [*cuts, beyond], limits=LIMITS)[1] is None


def test_what_is_no_video_is_refused_in_a_line(clip, tmp_path: Path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    [(span, cuts)] = cut_spans(clip[1], [FaceCut(frame_index=1, box=FRAME)])
    with pytest.raises(InputError):
        cut_faces_isolated(broken, clip[1], span, cuts, limits=LIMITS)
