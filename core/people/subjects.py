"""People who are followed across media, and what allows it. Values only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What allows that a person's faces are analysed under a name: consent, or another recorded basis."""

    basis: str  # "consent", or which other
    scope: str  # what it covers, in words
    version: str  # of the text that was agreed to
    given_at: datetime  # aware
    until_at: datetime | None = None  # aware, exclusive; None: until withdrawn
    withdrawn_at: datetime | None = None
    covers_identity: bool = False  # also comparing faces to tell who is who

    def holds_at(self, moment: datetime) -> bool:
        """Whether it allows analysing at this time."""
        if self.withdrawn_at is not None and self.withdrawn_at <= moment:
            return False
        return self.given_at <= moment and (self.until_at is None or moment < self.until_at)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person in a study, under a pseudonym."""

    id: str  # pseudonym that the study gave
    key: str  # random; what all else names in the place of the id
    study_id: str
    group: str | None  # that the study assigned; never inferred
    consents: tuple[Consent, ...]  # in the order in which they were recorded

    def consent_at(self, moment: datetime) -> Consent | None:
        """Return the newest consent that holds at a time."""
        return next((consent for consent in reversed(self.consents) if consent.holds_at(moment)), None)


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """A subject in a media."""

    subject_id: str
    session: str | None = None  # the sitting that it was filmed in; None: each media is one of its own
    condition: str | None = None  # of the study: "before", "stimulus 3"
