"""How torch computes in this process, where it is used at all."""

import torch

from core.errors import EnvironmentFault


def compute_alike_everywhere(device: str = "cpu") -> None:
    """Keep torch to one computing thread, and a GPU's convolutions to the precision that a CPU's have.

    One thread, because several processes share a machine better than several threads share a small network, and
    because sums taken in another order would change the last digits of a row. A GPU would otherwise round inputs to ten
    bits (TF32). Raises EnvironmentFault where a GPU is asked for that is not there.
    """
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise EnvironmentFault(f"device {device}: torch sees no GPU here; use cpu, or see to its driver")
    torch.set_num_threads(1)
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


def describe_gpu() -> str:
    """Name the GPU that torch sees, or say that there is none; Moodline works without."""
    if not torch.cuda.is_available():
        return "none; the CPU is used"
    return torch.cuda.get_device_name(0)
