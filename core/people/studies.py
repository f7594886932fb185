"""What a study is for, who answers for it, and which purposes are refused. Values and rules, no SQL.

The European AI Act (Regulation 2024/1689, Art. 5(1)(f)) prohibits inferring emotions of people at work and in
education, save for medical or safety reasons; Art. 50(3) wants exposed people told. Not legal advice: docs/limits.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import InputError


class Purpose(StrEnum):
    """What a study is done for, in its own words the nearest of these."""

    RESEARCH = "research"
    CLINICAL = "clinical"
    USABILITY = "usability"
    ADVERTISING = "advertising"
    ARCHIVE = "archive"
    WORKPLACE = "workplace"
    EDUCATION = "education"


class Exemption(StrEnum):
    """The only reasons for which a prohibited purpose may be recorded."""

    MEDICAL = "medical"
    SAFETY = "safety"


PROHIBITED: Final = (Purpose.WORKPLACE, Purpose.EDUCATION)

#: A reason shorter than this says nothing.
_LEAST_REASON: Final = 20


@dataclass(frozen=True, kw_only=True)
class Study:
    """Why people are filmed, and who answers for it."""

    id: str  # the study's own short name
    purpose: Purpose
    controller: str  # who decides about the data and answers for it
    contact: str  # where exposed people can ask, object and withdraw
    exemption: Exemption | None = None  # on which a prohibited purpose rests
    reason: str | None = None  # the medical or safety reason, in words
    retention_days: int | None = None  # after recording, its rows are due for removal; None: no term was set
    is_held: bool = False  # a legal hold: nothing of it is removed by term


def check_study(study: Study) -> None:
    """Raise InputError where a study is incomplete, or its purpose is prohibited and no reason exempts it."""
    for name, value in (("id", study.id), ("controller", study.controller), ("contact", study.contact)):
        if not value.strip():
            raise InputError(f"study {study.id!r}: --{name} is empty; exposed people must be told it")
    if study.retention_days is not None and study.retention_days < 1:
        raise InputError(f"study {study.id}: --retention-days {study.retention_days}: must be at least 1")
    if study.purpose not in PROHIBITED:
        return
    if study.exemption is None or len((study.reason or "").strip()) < _LEAST_REASON:
        raise InputError(
            f"study {study.id}: inferring emotions for purpose {study.purpose} is prohibited in the European Union "
            "(AI Act, Art. 5(1)(f)) and refused here, unless for a medical or safety reason: record it with "
            f"--exemption medical|safety and --reason in at least {_LEAST_REASON} letters"
        )
