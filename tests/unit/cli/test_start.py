"""Help and mistakes are answered at once: what only some commands need is loaded by these."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy", "torch", "onnxruntime", "pandas", "matplotlib", "sqlalchemy", "av", "celery", "pydantic")

POOL_AND_GPU = ("redis", "celery", "alembic", "torch", "scipy", "fastapi")


def loaded_by(module: str, names: tuple[str, ...]) -> str:
    code = f"import {module}, sys; print([name for name in {names!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_command_starts_without_what_only_some_commands_need():
    assert loaded_by("cli.main", HEAVY) == "[]"


@pytest.mark.parametrize("module", ["cli.videos.analysis_session", "worker.analysis.main"])
def test_an_analysis_starts_without_what_only_a_pool_or_a_gpu_needs(module: str):
    assert loaded_by(module, POOL_AND_GPU) == "[]"
