"""Films of two real faces that move across each other, and who is who in them, for tests of tracks.

The heads are cut out of public-domain portraits that come with scikit-image and matplotlib.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.frames import Face, Frame, RgbImage
from fer_model.cascade.cascade import Cascade

WIDTH_PX, HEIGHT_PX = 480, 270
FPS = 25


@dataclass(frozen=True, kw_only=True)
class Head:
    """A head cut out of a portrait: its picture, an ellipse of what covers others, and the face's box in it."""

    image: RgbImage
    mask: NDArray[np.uint8]  # (H, W) 0..255
    box: NDArray[np.float64]  # (4,) px of the picture


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """How two heads cross; the one in front moves right, the one behind left."""

    front_px: float  # height of the front one's face
    back_px: float
    sides_per_frame: float  # by which each moves, of the front one's height
    offset_sides: float = 0.0  # how much lower the one behind is
    num_rest_frames: int = 0  # that both rest when they are nearest
    turns_back: bool = False  # they part to where they came from
    back_stands: bool = False  # the one behind does not move


def heads(cascade: Cascade) -> tuple[Head, Head]:
    """Cut out Eileen Collins' and Grace Hopper's heads."""
    import matplotlib
    from skimage.data import astronaut

    content = np.fromfile(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg", np.uint8)
    hopper = np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR_RGB), np.uint8)
    return _cut_out(cascade, np.asarray(astronaut(), np.uint8)), _cut_out(cascade, hopper)


def _cut_out(cascade: Cascade, portrait: RgbImage) -> Head:
    [face, *_] = cascade.detect([portrait])[0]
    x1, y1, x2, y2 = face.box
    width, height = x2 - x1, y2 - y1
    left, top = max(0, round(x1 - width * 0.45)), max(0, round(y1 - height * 0.45))
    right, bottom = round(x2 + width * 0.45), round(y2 + height * 0.35)
    image = np.ascontiguousarray(portrait[top:bottom, left:right])
    mask = np.zeros(image.shape[:2], np.uint8)
    centre = (image.shape[1] // 2, image.shape[0] // 2)
    cv2.ellipse(mask, centre, (image.shape[1] // 2, image.shape[0] // 2), 0, 0, 360, 255, -1)
    return Head(image=image, mask=mask, box=np.array([x1 - left, y1 - top, x2 - left, y2 - top]))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A frame with what is true of it."""

    frame: Frame
    boxes: tuple[NDArray[np.float64], NDArray[np.float64]]  # of the faces in front and behind, as they were painted
    is_back_seen: bool  # more than half of the face behind is to be seen

    def person(self, face: Face) -> int | None:
        """Return 0 for the one in front, 1 for the one behind; None: a box that is neither's."""
        centre = np.array([face.box[0] + face.box[2], face.box[1] + face.box[3]]) / 2
        apart = [float(np.linalg.norm((box[:2] + box[2:]) / 2 - centre) / (box[3] - box[1])) for box in self.boxes]
        nearest = int(apart[1] < apart[0]) if self.is_back_seen else 0
        return nearest if apart[nearest] < 0.5 else None


def film(front: Head, back: Head, crossing: Crossing) -> Iterator[Shown]:
    """Paint the frames of a crossing over an empty room, from well apart to well apart."""
    reach = 1.6 * max(crossing.front_px, crossing.back_px)
    step = crossing.sides_per_frame * crossing.front_px
    there = np.arange(-reach, 0, step)
    back_again = there[::-1] if crossing.turns_back else -there[::-1]
    places = [*there, *[there[-1]] * crossing.num_rest_frames, *back_again]
    rows, columns = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    light = 150 + 40 * np.cos(columns / 400) + 20 * np.sin(rows / 250)
    room = np.stack([light, light * 0.97, light * 0.9], axis=2).clip(0, 255).astype(np.uint8)
    for index, x in enumerate(places):
        image = room.copy()
        back_x = 0.0 if crossing.back_stands else -x
        back_box, _ = _paint(image, back, crossing.back_px, back_x, crossing.offset_sides * crossing.front_px)
        front_box, covered = _paint(image, front, crossing.front_px, x, 0.0)
        x1, y1, x2, y2 = (int(value) for value in back_box)
        is_back_seen = bool(covered[max(0, y1) : y2, max(0, x1) : x2].mean() < 128)
        frame = Frame(frame_index=index, pts_us=round(index * 1_000_000 / FPS), image=image)
        yield Shown(frame=frame, boxes=(front_box, back_box), is_back_seen=is_back_seen)


def _paint(
    image: RgbImage, head: Head, face_px: float, x: float, y: float
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Paint a head whose face is (x, y) px off the middle; return its box, and what of the picture it covers."""
    zoom = face_px / (head.box[3] - head.box[1])
    centre = (head.box[:2] + head.box[2:]) / 2
    shift = np.array([WIDTH_PX / 2 + x, HEIGHT_PX / 2 + y]) - zoom * centre
    move = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]])
    size = (WIDTH_PX, HEIGHT_PX)
    painted = cv2.warpAffine(head.image, move, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    covered = np.asarray(cv2.warpAffine(head.mask, move, size, flags=cv2.INTER_LINEAR), np.uint8)
    share = covered[..., None] / 255
    image[:] = (painted * share + image * (1 - share)).astype(np.uint8)
    return head.box * zoom + np.tile(shift, 2), covered


def swaps(tracks: Sequence[tuple[int, int | None]]) -> int:
    """Count the tracks of (number, person) that hold two people."""
    people: dict[int, set[int]] = {}
    for number, person in tracks:
        if person is not None:
            people.setdefault(number, set()).add(person)
    return sum(len(each) > 1 for each in people.values())
