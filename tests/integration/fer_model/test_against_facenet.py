"""Our cascade against facenet-pytorch's own, frame by frame: the same faces, boxes, scores and landmarks."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import matplotlib.cbook
import numpy as np
import pytest
import skimage.data
import torch
from facenet_pytorch import MTCNN
from matplotlib.image import imread

from core.frames import Face, RgbImage
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.cascade_networks import CascadeNetworks
from fer_model.cascade.graph_cascade import load_networks

VIDEOS = Path(__file__).resolve().parents[4] / "shared" / "videos"
CLIPS = ("crowd_1080p.mp4", "no_face.mp4", "sad_then_happy.mp4", "vfr_face_then_none.mov", "woman_phone.mp4")
CLIPS += ("woman_talking.mp4",)
NUM_FRAMES = {40: 34, 20: 10}  # of each clip, by smallest face in px: 204 and 60 in all

BOX_TOLERANCE_PX = 0.01  # asked for: 1.5; measured: 0.0004
SCORE_TOLERANCE = 1e-4  # asked for: 0.01; measured: 1e-6


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    num_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(num_threads)


@pytest.fixture(scope="module")
def networks() -> CascadeNetworks:
    return load_networks()


def sample_clip(name: str, num_frames: int) -> list[RgbImage]:
    path = VIDEOS / name
    if not path.exists():
        pytest.skip(f"no clip at {path}: third-party footage is not part of the repository")
    with av.open(str(path)) as container:
        num_packets = sum(packet.size > 0 for packet in container.demux(video=0))
        wanted = set(np.linspace(0, num_packets - 5, num_frames).astype(int).tolist())
        container.seek(0)
        frames = enumerate(container.decode(video=0))
        return [frame.to_ndarray(format="rgb24") for index, frame in frames if index in wanted]


def pictures_from_packages() -> dict[str, RgbImage]:
    astronaut: RgbImage = skimage.data.astronaut()
    with matplotlib.cbook.get_sample_data("grace_hopper.jpg") as file:
        hopper: RgbImage = np.ascontiguousarray(imread(file, format="jpg"))
    grey = np.repeat(astronaut.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    huge = np.full((2000, 3000, 3), 90, dtype=np.uint8)
    huge[100:612, 200:712] = astronaut
    huge[900:1924, 1900:2924] = astronaut.repeat(2, axis=0).repeat(2, axis=1)
    huge[-300:, :300] = astronaut[:300, 60:360]
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    return {
        "astronaut": astronaut,
        "grace_hopper": hopper,
        "two_sided": np.concatenate([astronaut, astronaut[:, ::-1]], axis=1),
        "cut_by_the_left_border": astronaut[:, 190:],
        "cut_by_the_top_border": astronaut[90:, :],
        "grey_as_rgb": grey,
        "small": astronaut[::4, ::4],
        "blank": np.full((240, 320, 3), 128, dtype=np.uint8),
        "noise": noise,
        "huge": huge,
    }


def detect_with_facenet(reference: MTCNN, image: RgbImage) -> list[Face]:
    boxes, scores, points = reference.detect(np.ascontiguousarray(image), landmarks=True)
    if boxes is None:
        return []
    return [
        Face(box=tuple(map(float, box)), score=float(score), landmarks=tuple((float(x), float(y)) for x, y in five))
        for box, score, five in zip(boxes, scores, points, strict=True)
    ]


def assert_same_faces(own: tuple[Face, ...], expected: list[Face]) -> None:
    assert len(own) == len(expected), f"boxes {[face.box for face in own]}, expected {[face.box for face in expected]}"
    for face in own:
        # their order among faces of equal size is open
        nearest = min(expected, key=lambda other: float(np.abs(np.subtract(face.box, other.box)).max()))
        expected.remove(nearest)
        np.testing.assert_allclose(face.box, nearest.box, rtol=0, atol=BOX_TOLERANCE_PX)
        np.testing.assert_allclose(face.landmarks, nearest.landmarks, rtol=0, atol=BOX_TOLERANCE_PX)
        assert face.score == pytest.approx(nearest.score, abs=SCORE_TOLERANCE)


@pytest.mark.parametrize("min_face_px", [40, 20])
@pytest.mark.parametrize("clip", CLIPS)
def test_every_frame_of_a_clip_shows_the_same_faces(clip: str, min_face_px: int, networks: CascadeNetworks) -> None:
    images = sample_clip(clip, NUM_FRAMES[min_face_px])
    assert len(images) == NUM_FRAMES[min_face_px]
    reference = MTCNN(min_face_size=min_face_px, keep_all=True, device="cpu")
    for image, own in zip(images, Cascade(networks, min_face_px=min_face_px).detect(images), strict=True):
        assert_same_faces(own, detect_with_facenet(reference, image))


@pytest.mark.parametrize("min_face_px", [40, 20])
@pytest.mark.parametrize("name", pictures_from_packages())
def test_pictures_from_packages_show_the_same_faces(name: str, min_face_px: int, networks: CascadeNetworks) -> None:
    image = pictures_from_packages()[name]
    reference = MTCNN(min_face_size=min_face_px, keep_all=True, device="cpu")
    [own] = Cascade(networks, min_face_px=min_face_px).detect([image])
    assert_same_faces(own, detect_with_facenet(reference, image))


def test_the_portraits_show_a_face_at_all(networks: CascadeNetworks) -> None:
    pictures = pictures_from_packages()
    found = Cascade(networks).detect([pictures["astronaut"], pictures["grace_hopper"], pictures["huge"]])
    assert [len(faces) for faces in found] == [1, 1, 3]


@pytest.mark.parametrize(("clip", "num_frames"), [("sad_then_happy.mp4", 32), ("crowd_1080p.mp4", 9)])
def test_batches_of_1_8_and_32_agree(clip: str, num_frames: int, networks: CascadeNetworks) -> None:
    images = sample_clip(clip, num_frames)
    detector = Cascade(networks)
    of_batch_length = [
        [faces for start in range(0, num_frames, length) for faces in detector.detect(images[start : start + length])]
        for length in (1, 8, 32)
    ]
    image_side_px = max(images[0].shape)
    for faces_of_frame in zip(*of_batch_length, strict=True):
        assert len({len(faces) for faces in faces_of_frame}) == 1
        for one, *others in zip(*faces_of_frame, strict=True):
            for other in others:
                assert other.score == pytest.approx(one.score, abs=1e-5)
                np.testing.assert_allclose(other.box, one.box, rtol=0, atol=1e-5 * image_side_px)


def test_the_detector_imports_neither_torchvision_nor_facenet_pytorch() -> None:
    code = (
        "import sys, fer_model.cascade.cascade\n"
        "from fer_model.cascade.torch_cascade import load_networks\nload_networks()\n"
        "print([name for name in ('torchvision', 'facenet_pytorch', 'PIL') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
