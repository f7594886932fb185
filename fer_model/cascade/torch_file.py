"""Reads what old versions of torch.save wrote, into numpy, without torch: importing torch takes two seconds of CPU.

Such a file is a row of pickles (three of them headers), then each storage: its length and its numbers.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: What the numbers of a storage are.
_DTYPE_OF_STORAGE: Final = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

_NUM_HEADERS: Final = 3  # a magic number, the protocol, the sizes of types


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A tensor, as a part of a storage that comes later in the file."""

    storage_key: str
    first: int  # position in the storage
    shape: tuple[int, ...]
    strides: tuple[int, ...]  # in numbers, not bytes


class _Unpickler(pickle.Unpickler):
    """Builds dictionaries of tensors and nothing else."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.dtypes: dict[str, np.dtype[Any]] = {}  # by the key of the storage

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _part
        if module == "torch" and name in _DTYPE_OF_STORAGE:
            return _DTYPE_OF_STORAGE[name]
        raise pickle.UnpicklingError(f"a file of weights asks for {module}.{name}")

    def persistent_load(self, pid: Any) -> str:
        _, dtype, key, *_ = pid  # "storage", its type, its key, a device, its length, what it is a view of
        self.dtypes[key] = dtype
        return str(key)


def read_tensors(content: bytes) -> dict[str, NDArray[Any]]:
    """Read a dictionary of tensors from the bytes of a file."""
    file = io.BytesIO(content)
    for _ in range(_NUM_HEADERS):
        _Unpickler(file).load()
    unpickler = _Unpickler(file)
    parts: dict[str, _Part] = unpickler.load()
    storages = {}
    for key in _Unpickler(file).load():
        num_numbers = int.from_bytes(file.read(8), "little")
        dtype = unpickler.dtypes[key]
        storages[key] = np.frombuffer(file.read(num_numbers * dtype.itemsize), dtype)
    return {name: _tensor(part, storages[part.storage_key]) for name, part in parts.items()}


def _part(storage_key: str, first: int, shape: Sequence[int], strides: Sequence[int], *_: object) -> _Part:
    return _Part(storage_key=storage_key, first=first, shape=tuple(shape), strides=tuple(strides))


def _tensor(part: _Part, storage: NDArray[Any]) -> NDArray[Any]:
    strides = [stride * storage.itemsize for stride in part.strides]
    return np.lib.stride_tricks.as_strided(storage[part.first :], part.shape, strides).copy()
