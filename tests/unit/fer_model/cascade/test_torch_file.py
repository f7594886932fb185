"""Weights that an old torch saved are read without torch, bit by bit, and nothing else is read."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from fer_model.cascade.torch_file import read_tensors


def saved(tensors: object) -> bytes:
    file = io.BytesIO()
    torch.save(tensors, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def test_tensors_come_back_as_they_were_saved() -> None:
    whole = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 7
    tensors = {
        "whole": whole,
        "turned": whole.T,
        "part": whole[1:3, ::2],  # of the same storage
        "steps": torch.tensor([3, 2**40]),
        "single": torch.tensor(0.5),
    }
    found = read_tensors(saved(tensors))
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.numpy().dtype
        np.testing.assert_array_equal(found[name], tensor.numpy())


def test_a_file_that_asks_for_anything_else_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"asks for pathlib\.Posix"):
        read_tensors(saved({"weight": Path("/")}))
