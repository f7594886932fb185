"""An environment of its own for the package `fer`, which asks for TensorFlow: 7 GB, made once, under build/."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parent / "build" / "peers" / "fer"
REQUIREMENTS = HERE / "fer-requirements.txt"


def fer_command(clip: Path, num_frames: int, mode: str) -> list[str | Path]:
    """Return the command that runs `fer` over a clip; installs it first where it is not yet."""
    python = FOLDER / "bin" / "python"
    if not (FOLDER / "installed").exists():
        print("installing fer with TensorFlow into build/peers/fer; this takes minutes, once", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS], check=True)
        (FOLDER / "installed").touch()
    return [python, HERE / "contender_fer.py", clip, str(num_frames), mode]
