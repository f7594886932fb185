"""Which programs of which versions are at work: written down with what they made."""

import json
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

#: What decides rows, besides model and parameters.
DECIDES_ROWS: Final = ("moodline", "av", "numpy", "onnxruntime", "opencv-python-headless", "torch")


@dataclass(frozen=True, kw_only=True)
class SoftwareVersions:
    """Installed versions by the packages' names."""

    versions: dict[str, str]

    def document(self) -> dict[str, str]:
        """Return them as they are written down."""
        return dict(self.versions)

    def to_json(self) -> str:
        """Return them as one line, the same for the same versions."""
        return json.dumps(self.versions, sort_keys=True)


def installed(*, device: str | None = None) -> SoftwareVersions:
    """Look up what is installed here; what is not is left out. `device` is what computes, where something does."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    if device is not None:
        found["device"] = device
    for package in DECIDES_ROWS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return SoftwareVersions(versions=found)
