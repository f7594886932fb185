"""Purposes that the law prohibits are refused unless a medical or safety reason is recorded in words."""

import pytest

from core.documents import NOTICE
from core.errors import InputError
from core.people.exposure_notice import exposure_notice
from core.people.studies import PROHIBITED, Exemption, Purpose, check_study
from tests.factories import make_study

REASON = "Fatigue of drivers of school buses, under the works agreement of 2026."


@pytest.mark.parametrize("purpose", [each for each in Purpose if each not in PROHIBITED])
def test_other_purposes_need_no_reason(purpose: Purpose):
    check_study(make_study(purpose=purpose))


@pytest.mark.parametrize("purpose", PROHIBITED)
@pytest.mark.parametrize(
    ("exemption", "reason"), [(None, None), (None, REASON), (Exemption.SAFETY, None), (Exemption.SAFETY, " needed ")]
)
def test_work_and_education_are_refused_without_a_reason(
    purpose: Purpose, exemption: Exemption | None, reason: str | None
):
    with pytest.raises(InputError, match=rf"purpose {purpose} is prohibited .* record it with --exemption"):
        check_study(make_study(purpose=purpose, exemption=exemption, reason=reason))


@pytest.mark.parametrize("exemption", Exemption)
def test_a_medical_or_safety_reason_in_words_permits_them(exemption: Exemption):
    check_study(make_study(purpose=Purpose.WORKPLACE, exemption=exemption, reason=REASON))


@pytest.mark.parametrize("field", ["id", "controller", "contact"])
def test_what_people_must_be_told_must_be_there(field: str):
    with pytest.raises(InputError, match=f"--{field} is empty"):
        check_study(make_study(**{field: " "}))


def test_notice_says_who_why_what_and_how_long():
    study = make_study(purpose=Purpose.WORKPLACE, exemption=Exemption.SAFETY, reason=REASON, retention_days=90)
    notice = exposure_notice(study)
    for said in (
        NOTICE,
        study.id,
        "workplace",
        "safety",
        REASON,
        study.controller,
        study.contact,
        "90 days",
        "withdraw",
        "erased",
    ):
        assert said in notice


def test_notice_does_not_invent_a_term_of_storage():
    assert "No term of storage was set" in exposure_notice(make_study())
