"""Baselines in the store, as they were worked out: a result names the one that it was measured from."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from core.baseline import Baseline
from core.errors import InputError
from core.longitudinal import Estimate
from db import audit
from db.audit import AuditAction
from db.subject_tables import BaselineTable
from db.subjects import get_subject


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
    key = get_subject(connection, subject_id).key
    columns = [getattr(BaselineTable, name) for name in Baseline.__dataclass_fields__]
    found = select(*columns).where(BaselineTable.subject_key == key).order_by(BaselineTable.number.desc()).limit(1)
    if number is not None:
        found = found.where(BaselineTable.number == number)
    row = connection.execute(found).one_or_none()
    if row is None:
        which = "none" if number is None else f"none of number {number}"
        raise InputError(f"subject {subject_id} has no baseline ({which}); `moodline subject baseline` makes one")
    estimates = {name: Estimate(**values) for name, values in json.loads(row.estimates).items()}
    versions = tuple(json.loads(row.model_versions))
    return Baseline(**dict(row._mapping) | {"estimates": estimates, "model_versions": versions})
