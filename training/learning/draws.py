"""Random numbers of a training run, reproducible from one seed and saved with it.

Two streams: tensors are drawn where the pictures are, single numbers on the host, so that none has to wait for a GPU.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Draws:
    """A stream on the pictures' device, and one on the host."""

    on_device: torch.Generator
    on_host: torch.Generator

    @classmethod
    def seeded(cls, seed: int, device: torch.device | str = "cpu") -> "Draws":
        """Start both streams from one seed."""
        return cls(
            on_device=torch.Generator(device).manual_seed(seed), on_host=torch.Generator().manual_seed(seed + 1_000_003)
        )

    def uniform(self, num: int) -> Tensor:
        """(num,) uniform in 0..1, on the device."""
        return torch.rand(num, generator=self.on_device, device=self.on_device.device)

    def signed(self, num: int) -> Tensor:
        """(num,) uniform in -1..1, on the device."""
        return 2 * self.uniform(num) - 1

    def normal(self, shape: torch.Size) -> Tensor:
        """Draw standard normal numbers of a shape, on the device."""
        return torch.randn(shape, generator=self.on_device, device=self.on_device.device)

    def order(self, num: int) -> Tensor:
        """(num,) the numbers 0..num-1 in random order, on the device."""
        return torch.randperm(num, generator=self.on_device, device=self.on_device.device)

    def number(self) -> float:
        """One uniform number in 0..1, on the host."""
        return float(torch.rand(1, generator=self.on_host))

    def share(self, alpha: float) -> float:
        """One number of a symmetric beta distribution, on the host; torch.distributions takes no generator."""
        concentration = torch.full((1,), alpha)
        first, second = (torch._standard_gamma(concentration, generator=self.on_host) for _ in range(2))
        return float(first / (first + second).clamp(min=1e-12))

    def state(self) -> dict[str, Tensor]:
        """Return both streams' states, to be saved."""
        return {"on_device": self.on_device.get_state(), "on_host": self.on_host.get_state()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Continue both streams from a saved state."""
        self.on_device.set_state(state["on_device"])
        self.on_host.set_state(state["on_host"])
