"""What may be asked of subjects and studies to be written, as bodies of requests."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from api.requests.record_questions import PLAIN
from core.people.studies import Exemption, Purpose, Study
from core.people.subjects import Consent

_YEARS: Final = range(1900, 2200)


def within_reason(moment: datetime) -> datetime:
    """Return a moment of a year in which somebody may be filmed. Raises ValueError for another."""
    if moment.year not in _YEARS:
        raise ValueError(f"years from {_YEARS.start} to {_YEARS.stop - 1} are taken")
    return moment


_Moment = Annotated[AwareDatetime, AfterValidator(within_reason)]
_Text = Annotated[str, Field(pattern=PLAIN)]


class ConsentRequest(BaseModel):
    """What allows that a person's faces are analysed under a name."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"version": "2026-1"}]})

    version: _Text = Field(description="Of the text that was agreed to.")
    basis: _Text = Field("consent", description="consent, or which other basis allows it.")
    scope: _Text = Field("expressions", description="What it covers, in words.")
    given_at: _Moment | None = Field(None, description="When, with its zone; none: now.")
    until_at: _Moment | None = Field(None, description="First moment at which it holds no more.")
    covers_identity: bool = Field(False, description="It also covers comparing faces to tell who is who.")

    def consent(self) -> Consent:
        """Return what is to be recorded."""
        return Consent(
            basis=self.basis,
            scope=self.scope,
            version=self.version,
            given_at=self.given_at or datetime.now(UTC),
            until_at=self.until_at,
            covers_identity=self.covers_identity,
        )


class SubjectRequest(ConsentRequest):
    """A person to be added under a pseudonym, with what allows it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"subject_id": "S01", "study_id": "moods", "version": "2026-1"}]}
    )

    subject_id: str = Field(pattern=r"^[^\x00-\x1f\x7f/]{1,200}$", description="A pseudonym that the study gives.")
    study_id: _Text = Field(description="The study that it is in.")
    group: _Text | None = Field(None, description="That the study assigned; never inferred.")


class StudyRequest(BaseModel):
    """Why people are filmed, and who answers for it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"id": "moods", "purpose": "research", "controller": "University of X", "contact": "privacy@x.example"}
            ]
        },
    )

    id: _Text
    purpose: Purpose
    controller: _Text = Field(description="Who decides about the data and answers for it.")
    contact: _Text = Field(description="Where exposed people can ask, object and withdraw.")
    exemption: Exemption | None = Field(None, description="At work or in education: what permits it.")
    reason: Annotated[str, Field(max_length=2000)] | None = Field(
        None, description="The medical or safety reason, in words."
    )
    retention_days: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        None, description="Rows are due for removal so many days after recording."
    )

    def study(self) -> Study:
        """Return what is to be stored."""
        return Study(**self.model_dump())
