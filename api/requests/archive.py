"""What may be asked of the whole archive, as bodies of requests: another model's rows read, media analysed again."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.requests.record_questions import PLAIN
from api.requests.subjects import within_reason
from core.media import DetectorKind
from producer.reprocess import REPROCESS_PRIORITY, ParameterChanges, Selection

_MODEL: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$"


class ActivateRequest(BaseModel):
    """Whose rows are to be read from now on: one of `job_id` and `model`."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"model": "large", "dry_run": True}]}
    )

    job_id: str | None = Field(None, pattern=r"^[0-9a-f]{16}$", description="A finished job's.")
    model: str | None = Field(None, pattern=_MODEL, description="A model's, wherever it is finished: name or version.")
    dry_run: bool = Field(False, description="With model: only say what would be done.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.job_id is None) == (self.model is None) or (self.dry_run and self.model is None):
            raise ValueError("name job_id, or model with or without dry_run")
        return self


class ReprocessAsked(BaseModel):
    """Which media are to be analysed again, with what. None of a parameter: as before."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        title="ReprocessRequest",
        json_schema_extra={"examples": [{"model": "large", "all": True, "dry_run": True}]},
    )

    model: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="A shipped model's name.")
    all: bool = Field(False, description="Every media in the store; else at least one of the next four.")
    since: Annotated[AwareDatetime, AfterValidator(within_reason)] | None = Field(
        None, description="Only what was filmed, or else submitted, since then."
    )
    subject: str | None = Field(None, pattern=PLAIN, description="Only media in which this subject is said to be.")
    path: str | None = Field(
        None, pattern=r"^[^\x00-\x1f\x7f]{1,1000}$", description="Only media of this shell pattern."
    )
    active_model: str | None = Field(None, pattern=_MODEL, description="Only what is read by this model now.")
    priority: int = Field(REPROCESS_PRIORITY, ge=0, le=9, description="9 goes first; what people submit has 5.")
    rate: float | None = Field(None, gt=0, le=1000, allow_inf_nan=False, description="Frames a second.")
    min_face: int | None = Field(None, ge=20, le=2000, description="Smallest face height, pixels.")
    min_score: float | None = Field(None, gt=0, lt=1, allow_inf_nan=False, description="Least detector score.")
    detector: DetectorKind | None = None
    landmarks: bool | None = Field(None, description="Store five points a face.")
    dry_run: bool = Field(False, description="Only say what would be done.")

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        is_filtered = any((self.since, self.subject, self.path, self.active_model))
        if self.all == is_filtered:
            raise ValueError("which media? all, or since, subject, path and active_model as far as they are given")
        return self

    def selection(self) -> Selection:
        """Return which media are meant."""
        since: datetime | None = self.since
        return Selection(subject_id=self.subject, since=since, path_pattern=self.path, active_model=self.active_model)

    def changes(self) -> ParameterChanges:
        """Return what is to differ besides the model."""
        return ParameterChanges(
            sample_rate_hz=self.rate,
            min_face_px=self.min_face,
            min_score=self.min_score,
            keep_landmarks=self.landmarks,
            detector=self.detector,
        )
