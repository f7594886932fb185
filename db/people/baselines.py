"""Baselines in the store, as they were worked out: a result names the one that it was measured from."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from core.errors import InputError
from core.people.baseline import Baseline
from core.people.longitudinal import Estimate
from db.people import audit
from db.people.audit import AuditAction
from db.people.subjects import get_subject
from db.subject_tables import BaselineTable


def add_baseline(connection: Connection, subject_id: str, make: Callable[[int], Baseline], *, actor: str) -> Baseline:
    """Store the baseline that `make` works out under the next number."""
    key = get_subject(connection, subject_id).key
    newest = select(func.coalesce(func.max(BaselineTable.number), 0)).where(BaselineTable.subject_key == key)
    baseline = make(connection.scalars(newest).one() + 1)
    values = asdict(baseline)
    connection.execute(
        insert(BaselineTable).values(
            subject_key=key,
            **values | {name: json.dumps(values[name]) for name in ("estimates", "model_versions")},
            made_at=datetime.now(UTC),
        )
    )
    audit.record(connection, AuditAction.BASELINE_MADE, actor=actor, about=key, number=baseline.number)
    return baseline


def get_baseline(connection: Connection, subject_id: str, number: int | None = None) -> Baseline:
    """Return a baseline of a subject, the newest without a number. Raises InputError where there is none."""
    found = [each for each in list_baselines(connection, subject_id) if number in (None, each.number)]
    if not found:
        which = "none" if number is None else f"none of number {number}"
        raise InputError(f"subject {subject_id} has no baseline ({which}); `moodline subject baseline` makes one")
    return found[0]


def list_baselines(connection: Connection, subject_id: str) -> list[Baseline]:
    """Return a subject's baselines, the newest first. Raises InputError where there is no such subject."""
    key = get_subject(connection, subject_id).key
    columns = [getattr(BaselineTable, name) for name in Baseline.__dataclass_fields__]
    rows = connection.execute(
        select(*columns).where(BaselineTable.subject_key == key).order_by(BaselineTable.number.desc())
    )
    return [_baseline(dict(row._mapping)) for row in rows]


def _baseline(values: dict[str, Any]) -> Baseline:
    estimates = {name: Estimate(**each) for name, each in json.loads(values["estimates"]).items()}
    versions = tuple(json.loads(values["model_versions"]))
    return Baseline(**values | {"estimates": estimates, "model_versions": versions})
