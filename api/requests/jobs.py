"""An analysis that a request asks for, as its body."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.problems import Problem
from api.requests.record_questions import PLAIN
from core.media import AnalysisParameters, DetectorKind
from core.people.subjects import Appearance


class JobRequest(BaseModel):
    """An analysis to be made of an uploaded media."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"media_id": "9f86d081884c7d65", "rate": 5, "started_at": "2026-11-20T09:30:00+01:00"}]
        },
    )

    media_id: str = Field(pattern=r"^[0-9a-f]{16}$", description="What the upload answered.")
    model: str | None = Field(None, pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="A shipped model's name.")
    rate: float | None = Field(None, gt=0, le=1000, allow_inf_nan=False, description="Frames a second; none: all.")
    min_face: int = Field(40, ge=20, le=2000, description="Smallest face height to look for, pixels.")
    detector: DetectorKind = DetectorKind.FAST
    priority: int = Field(5, ge=0, le=9, description="9 goes first.")
    started_at: AwareDatetime | None = Field(None, description="Wall clock at the file's start, with its zone.")
    subject: str | None = Field(None, pattern=PLAIN, description="Who is to be seen; needs a consent that holds.")
    session: str | None = Field(None, pattern=PLAIN, description="The sitting that it was filmed in.")
    condition: str | None = Field(None, pattern=PLAIN, description="The study's condition.")

    def parameters(self) -> AnalysisParameters:
        """Return what decides the job's rows."""
        return AnalysisParameters(sample_rate_hz=self.rate, min_face_px=self.min_face, detector=self.detector)

    def appearance(self) -> Appearance | None:
        """Return who is to be seen. Raises Problem where a sitting or condition is nobody's."""
        if self.subject is not None:
            return Appearance(subject_id=self.subject, session=self.session, condition=self.condition)
        if self.session is not None or self.condition is not None:
            raise Problem(422, "NOBODY_NAMED", "session and condition are a subject's: name it as well")
        return None
