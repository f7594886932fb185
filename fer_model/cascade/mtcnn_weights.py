"""Finds MTCNN's weights inside the installed facenet-pytorch, checks them by SHA-256 and loads them.

Reads the package's data files only: importing it would import torch and torchvision, at seconds of CPU.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from core.errors import EnvironmentFault
from fer_model.cascade.torch_file import read_tensors

#: SHA-256 of the three files of facenet-pytorch 2.5.3 (MIT, Tim Esler 2019).
SHA256_OF_WEIGHTS: Final = {
    "pnet.pt": "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f",
    "rnet.pt": "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86",
    "onet.pt": "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d",
}


def find_weights_folder() -> Path:
    """Find the data folder of the installed facenet-pytorch without importing it."""
    spec = find_spec("facenet_pytorch")
    if spec is None or spec.origin is None:
        raise EnvironmentFault("the face detector's weights are missing: pip install 'facenet-pytorch>=2.5.3,<2.6'")
    return Path(spec.origin).parent / "data"


def load_weights(file_name: str, folder: Path) -> dict[str, NDArray[Any]]:
    """Load one of `SHA256_OF_WEIGHTS` from a folder, if its bytes are the ones we know."""
    path = folder / file_name
    remedy = "pip install --force-reinstall --no-deps 'facenet-pytorch>=2.5.3,<2.6'"
    try:
        content = path.read_bytes()
    except OSError as err:
        raise EnvironmentFault(f"cannot read the face detector's weights {path} ({err.strerror}): {remedy}") from err
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != SHA256_OF_WEIGHTS[file_name]:
        raise EnvironmentFault(f"the face detector's weights {path} are altered (SHA-256 {sha256[:12]}…): {remedy}")
    return read_tensors(content)
