"""Random changes to a batch of training faces: what a camera, a crop and a head's pose would do to them.

Knows tensors only. Every random number comes from the generator that is passed in.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How far the changes go. Zero switches a change off."""

    max_rotation_degrees: float = 17.0  # either way
    max_scale: float = 0.2  # side factor 1 +- this
    max_shift: float = 0.1  # of the side, either way
    max_gamma: float = 0.4  # exponent exp(+-this): exposure
    low_resolution_p: float = 0.15  # share of pictures shrunk to 20-40 px and back
    noise_p: float = 0.15  # share of pictures with sensor noise
    max_noise: float = 8.0  # grey levels, standard deviation
    erase_p: float = 0.4  # share of pictures with a rectangle covered
    max_erased_area: float = 0.2  # of the picture


def augment(pictures: Tensor, how: Augmentation, generator: torch.Generator) -> Tensor:
    """(N, 1, 48, 48) grey levels 0..255 -> the same shape, flipped, moved, degraded and partly covered at random."""
    x = _move(pictures, how, generator)
    x = _expose(x, how, generator)
    x = _degrade(x, how, generator)
    return _erase(x, how, generator)


def _move(x: Tensor, how: Augmentation, generator: torch.Generator) -> Tensor:
    num = len(x)
    angle = math.radians(how.max_rotation_degrees) * _signed(num, generator)
    scale = 1 + how.max_scale * _signed(num, generator)
    flip = torch.where(torch.rand(num, generator=generator) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    shift = 2 * how.max_shift * torch.stack([_signed(num, generator), _signed(num, generator)], 1)
    theta = torch.stack(
        [torch.stack([cos * flip, -sin, shift[:, 0]], 1), torch.stack([sin * flip, cos, shift[:, 1]], 1)], 1
    )  # (N, 2, 3)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _expose(x: Tensor, how: Augmentation, generator: torch.Generator) -> Tensor:
    gamma = torch.exp(how.max_gamma * _signed(len(x), generator)).view(-1, 1, 1, 1)
    return 255 * (x / 255).clamp(min=0) ** gamma


def _degrade(x: Tensor, how: Augmentation, generator: torch.Generator) -> Tensor:
    """Shrink some pictures as small faces are, all of one batch to one random side, and add noise to some."""
    side = int(torch.randint(20, 41, (1,), generator=generator))
    small = F.interpolate(x, size=(side, side), mode="area")
    coarse = F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False)
    x = torch.where(_chosen(len(x), how.low_resolution_p, generator), coarse, x)
    noise = how.max_noise * torch.rand(len(x), 1, 1, 1, generator=generator) * torch.randn(x.shape, generator=generator)
    return torch.where(_chosen(len(x), how.noise_p, generator), (x + noise).clamp(0, 255), x)


def _erase(x: Tensor, how: Augmentation, generator: torch.Generator) -> Tensor:
    """Cover a rectangle of some pictures with one random grey."""
    num, side = len(x), x.shape[-1]
    area = how.max_erased_area * torch.rand(num, generator=generator)
    aspect = torch.exp(0.7 * _signed(num, generator))
    half_height, half_width = (area * aspect).sqrt() * side / 2, (area / aspect).sqrt() * side / 2
    centre_y, centre_x = side * torch.rand(num, generator=generator), side * torch.rand(num, generator=generator)
    at = torch.arange(side) + 0.5
    rows = (at - centre_y[:, None]).abs() < half_height[:, None]  # (N, 48)
    columns = (at - centre_x[:, None]).abs() < half_width[:, None]
    covered = rows[:, None, :, None] & columns[:, None, None, :] & _chosen(num, how.erase_p, generator)
    grey = 255 * torch.rand(num, 1, 1, 1, generator=generator)
    return torch.where(covered, grey, x)


def _signed(num: int, generator: torch.Generator) -> Tensor:
    """(N,) uniform in -1..1."""
    return 2 * torch.rand(num, generator=generator) - 1


def _chosen(num: int, probability: float, generator: torch.Generator) -> Tensor:
    """(N, 1, 1, 1) true with the given probability."""
    return (torch.rand(num, generator=generator) < probability).view(-1, 1, 1, 1)
