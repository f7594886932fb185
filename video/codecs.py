"""Which of the codecs that are accepted the installed decoder library has."""

import av

from core.errors import EnvironmentFault
from video.limits import CODECS


def decodable_codecs() -> tuple[str, ...]:
    """Return the accepted codecs. Raises EnvironmentFault that names those that cannot be decoded."""
    missing = [name for name in CODECS if name not in av.codecs_available]
    if missing:
        raise EnvironmentFault(f"PyAV lacks decoders for {', '.join(missing)}; reinstall av from a wheel")
    return CODECS
