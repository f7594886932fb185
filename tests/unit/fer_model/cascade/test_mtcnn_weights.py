"""Finding and checking the detector's weights: a fault is one clear line."""

import shutil
from pathlib import Path

import pytest

from core.errors import EnvironmentFault
from fer_model.cascade import mtcnn_weights
from fer_model.cascade.mtcnn_weights import SHA256_OF_WEIGHTS, find_weights_folder, load_weights


@pytest.mark.parametrize("file_name", SHA256_OF_WEIGHTS)
def test_installed_weights_are_the_ones_we_know(file_name: str) -> None:
    assert "conv1.weight" in load_weights(file_name, find_weights_folder())


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    path = Path(shutil.copy(find_weights_folder() / "pnet.pt", tmp_path))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(EnvironmentFault, match=r"pnet\.pt are altered .*: pip install"):
        load_weights("pnet.pt", tmp_path)


def test_missing_file_is_an_environment_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"cannot read .*onet\.pt \(No such file or directory\): pip install"):
        load_weights("onet.pt", tmp_path)


def test_missing_package_is_an_environment_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mtcnn_weights, "find_spec", lambda _name: None)
    with pytest.raises(EnvironmentFault, match="weights are missing: pip install"):
        find_weights_folder()
