"""A Chromium for the pages' tests: the one that is installed, or else installed by the system's packages."""

import functools
import os
import shutil
import subprocess

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Where somebody's own lies; nothing is installed then.
PATH_VARIABLE = "MOODLINE_TEST_CHROMIUM"


@functools.cache
def find_chromium() -> tuple[str | None, str]:
    """Return a Chromium's path, or None and why there is none."""
    own = os.environ.get(PATH_VARIABLE)
    if own:
        return (own, "") if shutil.which(own) else (None, f"{PATH_VARIABLE}={own}: no such program")
    found = _installed()
    if found is not None:
        return found, ""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None, f"no Chromium is installed, and only root of a Debian could install it here; set {PATH_VARIABLE}"
    try:
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-yq", "--no-install-recommends", "chromium"],
        ):
            done = subprocess.run(
                command,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
            if done.returncode:
                return None, f"no Chromium is installed, and `{' '.join(command)}` failed: {done.stderr.strip()[-200:]}"
    except subprocess.TimeoutExpired as error:
        return None, f"no Chromium is installed, and `{' '.join(error.cmd)}` took longer than four minutes"
    found = _installed()
    return found, "" if found else "apt-get installed no chromium"


def _installed() -> str | None:
    return next((path for path in map(shutil.which, _NAMES) if path is not None), None)
