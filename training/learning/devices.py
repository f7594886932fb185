"""Where to compute, by the name that a user gives."""

import torch

from core.errors import InputError


def device_named(name: str) -> torch.device:
    """Return the device. Raises InputError for one that is not here."""
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise InputError(f"--device {name}: no such device; write cpu or cuda:0") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise InputError(f"--device {name}: this machine has no GPU that PyTorch can use; write cpu")
    if device.type not in ("cpu", "cuda"):
        raise InputError(f"--device {name}: only cpu and cuda devices are supported")
    return device
