"""Shows O-Net windows of a few pictures, cut straight out of them: cheaper than a search's integral images."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.frames import RgbImage
from fer_model.candidates import Candidates, windows_within
from fer_model.judging import MAX_ONET_CALL, ONET_SIDE_PX, Sighting, judge, normalised
from fer_model.mtcnn_networks import CascadeNetworks
from fer_model.suppression import FloatArray, IndexArray


def judge_windows(
    networks: CascadeNetworks, images: Sequence[RgbImage], image_index: IndexArray, windows: FloatArray
) -> list[Sighting | None]:
    """Ask O-Net about K windows (K, 4) px of images (K,): the face in each; None: there is none."""
    pixels = np.stack(
        [
            windows_within(window[None], images[image].shape[:2])[0]
            for image, window in zip(image_index, windows, strict=True)
        ]
    )  # (K, 4)
    inside = np.flatnonzero((pixels[:, 2:] > pixels[:, :2]).all(axis=1))
    found: list[Sighting | None] = [None] * len(windows)
    if len(inside) == 0:
        return found
    nothing = np.zeros((len(inside), 4), np.float32)
    candidates = Candidates(
        image_index=image_index[inside], boxes=windows[inside], scores=nothing[:, 0], offsets=nothing
    )
    pictures = _pictures(images, image_index[inside], pixels[inside], networks.device)
    judged = judge(networks.onet, candidates, pictures)
    for k in np.flatnonzero(judged.are_faces).tolist():
        found[inside[k]] = judged.sighting(k)
    return found


def _pictures(
    images: Sequence[RgbImage], image_index: IndexArray, pixels: IndexArray, device: torch.device
) -> Iterator[Tensor]:
    """Cut K windows (K, 4) out, a call's worth at a time: (n, 3, 48, 48) normalised."""
    for start in range(0, len(pixels), MAX_ONET_CALL):
        call = slice(start, start + MAX_ONET_CALL)
        cut = [
            _stretched(images[image][y1:y2, x1:x2])
            for image, (x1, y1, x2, y2) in zip(image_index[call], pixels[call], strict=True)
        ]
        yield normalised(torch.cat(cut)).to(device, memory_format=torch.channels_last)


def _stretched(region: RgbImage) -> Tensor:
    """(h, w, 3) uint8 -> (1, 3, 48, 48) float grey levels, each the mean of the area that it covers."""
    grey_levels = torch.from_numpy(np.ascontiguousarray(region)).permute(2, 0, 1).unsqueeze(0).float()
    return F.adaptive_avg_pool2d(grey_levels, (ONET_SIDE_PX, ONET_SIDE_PX))
