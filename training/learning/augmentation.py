"""Random changes to a batch of training faces: what a camera, a crop and a head's pose would do to them.

Knows tensors only. Every random number comes from the draws that are passed in.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from training.learning.draws import Draws


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How far the changes go. Zero switches a change off."""

    flip_p: float = 0.5  # share of pictures that are mirrored
    max_rotation_degrees: float = 17.0  # either way
    max_scale: float = 0.2  # side factor 1 +- this
    max_shift: float = 0.1  # of the side, either way
    max_gamma: float = 0.4  # exponent exp(+-this): exposure
    low_resolution_p: float = 0.15  # share of pictures shrunk to .42-.85 of their side and back
    noise_p: float = 0.15  # share of pictures with sensor noise
    max_noise: float = 8.0  # grey levels, standard deviation
    erase_p: float = 0.4  # share of pictures with a rectangle covered
    max_erased_area: float = 0.2  # of the picture


def augment(pictures: Tensor, how: Augmentation, draws: Draws) -> Tensor:
    """(N, 1, 48, 48) grey levels 0..255 -> the same shape, mirrored, moved, degraded and partly covered at random.

    The draws must live on the pictures' device.
    """
    x = _move(pictures, how, draws)
    x = _expose(x, how, draws)
    x = _degrade(x, how, draws)
    return _erase(x, how, draws)


def _move(x: Tensor, how: Augmentation, draws: Draws) -> Tensor:
    num = len(x)
    angle = math.radians(how.max_rotation_degrees) * draws.signed(num)
    scale = 1 + how.max_scale * draws.signed(num)
    flip = torch.where(draws.uniform(num) < how.flip_p, -1.0, 1.0)
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    shift = 2 * how.max_shift * torch.stack([draws.signed(num), draws.signed(num)], 1)
    theta = torch.stack(
        [torch.stack([cos * flip, -sin, shift[:, 0]], 1), torch.stack([sin * flip, cos, shift[:, 1]], 1)], 1
    )  # (N, 2, 3)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _expose(x: Tensor, how: Augmentation, draws: Draws) -> Tensor:
    gamma = torch.exp(how.max_gamma * draws.signed(len(x))).view(-1, 1, 1, 1)
    return 255 * (x / 255).clamp(min=0) ** gamma


def _degrade(x: Tensor, how: Augmentation, draws: Draws) -> Tensor:
    """Shrink some pictures as small faces are, all of one batch to one random side, and add noise to some."""
    full = x.shape[-1]
    side = round(full * (0.42 + 0.43 * draws.number()))
    small = F.interpolate(x, size=(side, side), mode="area")
    coarse = F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False)
    x = torch.where(_chosen(len(x), how.low_resolution_p, draws), coarse, x)
    strength = how.max_noise * draws.uniform(len(x)).view(-1, 1, 1, 1)
    noise = strength * draws.normal(x.shape)
    return torch.where(_chosen(len(x), how.noise_p, draws), (x + noise).clamp(0, 255), x)


def _erase(x: Tensor, how: Augmentation, draws: Draws) -> Tensor:
    """Cover a rectangle of some pictures with one random grey."""
    num, side = len(x), x.shape[-1]
    area = how.max_erased_area * draws.uniform(num)
    aspect = torch.exp(0.7 * draws.signed(num))
    half_height, half_width = (area * aspect).sqrt() * side / 2, (area / aspect).sqrt() * side / 2
    centre_y, centre_x = side * draws.uniform(num), side * draws.uniform(num)
    at = torch.arange(side, device=x.device) + 0.5
    rows = (at - centre_y[:, None]).abs() < half_height[:, None]  # (N, 48)
    columns = (at - centre_x[:, None]).abs() < half_width[:, None]
    covered = rows[:, None, :, None] & columns[:, None, None, :] & _chosen(num, how.erase_p, draws)
    grey = 255 * draws.uniform(num).view(-1, 1, 1, 1)
    return torch.where(covered, grey, x)


def _chosen(num: int, probability: float, draws: Draws) -> Tensor:
    """(N, 1, 1, 1) true with the given probability."""
    return (draws.uniform(num) < probability).view(-1, 1, 1, 1)
