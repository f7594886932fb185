"""Help and mistakes are answered at once: what only some commands need is loaded by these."""

import subprocess
import sys

HEAVY = ("numpy", "scipy", "torch", "onnxruntime", "pandas", "matplotlib", "sqlalchemy", "av", "celery", "pydantic")


def test_the_command_starts_without_what_only_some_commands_need():
    code = f"import cli.main, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
