import pytest

from cli.models.export import ExportFormat, export
from core.errors import InputError


@pytest.mark.parametrize(
    ("formats", "names"),
    [
        (None, ["small.json", "small.onnx", "small.safetensors"]),
        ([ExportFormat.ONNX], ["small.onnx"]),
        ([ExportFormat.SAFETENSORS], ["small.json", "small.safetensors"]),
        ([ExportFormat.ONNX, ExportFormat.ONNX], ["small.onnx"]),
    ],
)
def test_a_model_is_written_in_the_formats_asked_for(tmp_path, capsys, formats, names):
    export("small", tmp_path / "out", formats)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    printed = capsys.readouterr().out
    for name in names:
        assert printed.count(f"{name}  {(tmp_path / 'out' / name).stat().st_size:,} bytes") == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="--out"):
        export("small", tmp_path / "file" / "out", None)


def test_a_model_that_is_not_there_leaves_no_folder_behind(tmp_path):
    with pytest.raises(InputError, match="'huge'"):
        export("huge", tmp_path / "out", None)
    assert not (tmp_path / "out").exists()
