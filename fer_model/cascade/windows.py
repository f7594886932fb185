"""Shows O-Net windows of a few pictures, cut straight out of them: cheaper than a search's integral images."""

from collections.abc import Sequence

import cv2
import numpy as np

from core.frames import RgbImage
from fer_model.cascade.candidates import Candidates, windows_within
from fer_model.cascade.cascade_networks import ONET_SIDE_PX, CascadeNetworks
from fer_model.cascade.judging import Sighting, judge
from fer_model.cascade.suppression import FloatArray, IndexArray
from fer_model.halving import halved


def judge_windows(
    networks: CascadeNetworks, images: Sequence[RgbImage | None], image_index: IndexArray, windows: FloatArray
) -> list[Sighting | None]:
    """Ask O-Net about K windows (K, 4) px of images (K,), decoded ones: the face in each; None: there is none."""
    cut = [
        _cut_out(image, window) if (image := images[index]) is not None else None
        for index, window in zip(image_index, windows, strict=True)
    ]
    inside = np.array([k for k, picture in enumerate(cut) if picture is not None], np.int64)
    found: list[Sighting | None] = [None] * len(windows)
    if len(inside) == 0:
        return found
    nothing = np.zeros((len(inside), 4), np.float32)
    candidates = Candidates(
        image_index=image_index[inside], boxes=windows[inside], scores=nothing[:, 0], offsets=nothing
    )
    judged = judge(candidates, networks.judge(np.stack([picture for picture in cut if picture is not None])))
    for k in np.flatnonzero(judged.are_faces).tolist():
        found[inside[k]] = judged.sighting(k)
    return found


def _cut_out(image: RgbImage, window: FloatArray) -> RgbImage | None:
    """Cut a window (4,) out and shrink it by area to (48, 48, 3); None: it lies outside the picture."""
    x1, y1, x2, y2 = windows_within(window[None], image.shape[:2])[0]
    if x2 <= x1 or y2 <= y1:
        return None
    cut = halved(image[y1:y2, x1:x2], least_px=ONET_SIDE_PX)
    # by area also where it grows, as in the cascade: OpenCV would interpolate then
    grows = min(cut.shape[:2]) < ONET_SIDE_PX
    how = cv2.INTER_NEAREST if grows else cv2.INTER_AREA
    return np.asarray(cv2.resize(cut, (ONET_SIDE_PX, ONET_SIDE_PX), interpolation=how), np.uint8)
