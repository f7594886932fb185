"""One stored frame with all that it takes to make it again, as a JSON document: written, and read back."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from core.documents import NOTICE
from core.errors import InputError
from core.media import AnalysisParameters, ChunkSpan, DetectorKind
from core.observations import FrameObservation
from core.software import SoftwareVersions

#: Says what a document is, and how it is to be read.
FORM = "moodline row manifest 1"


@dataclass(frozen=True, kw_only=True)
class StoredFace:
    """What was stored of a face: enough to tell whether it came out the same."""

    box: tuple[float, ...]  # (4,) x1, y1, x2, y2 px
    score: float
    probs: tuple[float, ...]  # (7,)
    unreadable: float


@dataclass(frozen=True, kw_only=True)
class RowManifest:
    """What a manifest holds."""

    media_sha256: str
    path: str  # where the file was last seen
    job_id: str
    model_version: str
    model_sha256: str
    parameters: AnalysisParameters
    span: ChunkSpan  # what must be analysed: faces are followed from its first frame on
    software: SoftwareVersions | None  # what made the row; None: not written down then
    frame_index: int
    pts_us: int
    status: str
    faces: tuple[StoredFace, ...]

    def to_json(self) -> str:
        """Return the document; numbers as they are stored, to the last bit."""
        values = asdict(self) | {"software": None if self.software is None else self.software.document()}
        return json.dumps({"form": FORM, **values, "notice": NOTICE}, indent=2) + "\n"


def stored_faces(frame: FrameObservation) -> tuple[StoredFace, ...]:
    """Return a frame's faces as a manifest holds them."""
    return tuple(
        StoredFace(
            box=face.face.box, score=face.face.score, probs=face.reading.probs, unreadable=face.reading.unreadable
        )
        for face in frame.faces
    )


def parse_row_manifest(text: str, *, name: str) -> RowManifest:
    """Read a document; `name` is what to call it in an error. Raises InputError where it is no row manifest."""
    try:
        document: dict[str, Any] = json.loads(text)
        if document.pop("form") != FORM:
            raise ValueError("it says that it is something else")
        del document["notice"]
        asked, software = document.pop("parameters"), document.pop("software")
        return RowManifest(
            parameters=AnalysisParameters(**asked | {"detector": DetectorKind(asked["detector"])}),
            span=ChunkSpan(**document.pop("span")),
            software=None if software is None else SoftwareVersions(versions=software),
            faces=tuple(
                StoredFace(**face | {"box": tuple(face["box"]), "probs": tuple(face["probs"])})
                for face in document.pop("faces")
            ),
            **document,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{name}: is no row manifest ({error}); `moodline provenance MEDIA FRAME --out FILE` writes one"
        ) from error
