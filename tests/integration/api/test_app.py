"""The API is put together without torch, and refuses a store or token file that cannot be used in one line."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.app import make_app
from api.parts import ApiSettings
from core.errors import InputError


def test_no_network_library_and_no_decoder_is_imported_with_the_api():
    heavy = "{'torch', 'torchvision', 'onnxruntime', 'av', 'cv2', 'facenet_pytorch'}"
    code = f"import sys, api.app, api.reference; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_a_token_file_that_is_not_there_is_said_in_one_line(tmp_path: Path):
    settings = ApiSettings(
        db_url=f"sqlite:///{tmp_path / 'rows.db'}", uploads=tmp_path / "uploads", token_file=tmp_path / "none.json"
    )
    with pytest.raises(InputError, match=r"none\.json: no such token file"):
        make_app(settings)


def test_the_pages_that_would_load_scripts_from_elsewhere_are_not_served(tmp_path: Path):
    app = make_app(ApiSettings(db_url=f"sqlite:///{tmp_path / 'rows.db'}", uploads=tmp_path / "uploads"))
    assert (app.docs_url, app.redoc_url) == (None, None)
    app.state.parts.store.close()
