"""Generations across the whole store, by model version: how far each is, pairs to compare, and the switch of all."""

from dataclasses import dataclass

from sqlalchemy import Connection, Executable, Subquery, case, distinct, func, select, update

from core.errors import InputError
from db.archive.generations import FINISHED
from db.states import UNFINISHED
from db.tables import ActiveGenerationTable, JobTable, MediaTable, ModelVersionTable


@dataclass(frozen=True, kw_only=True)
class ModelGenerations:
    """What the store holds of one model version."""

    model_version_id: str
    num_media: int  # with a job of this model version
    num_active: int  # media for which it speaks
    num_finished: int  # jobs, done or completed with errors
    num_unfinished: int  # jobs that are under way
    num_given_up: int  # jobs that failed or were cancelled
    num_frames: int  # rows


@dataclass(frozen=True, kw_only=True)
class GenerationPair:
    """The newest finished generation of a media by each of two model versions."""

    media_id: str
    path: str
    before_job_id: str
    after_job_id: str | None  # None: the second model version has none yet


@dataclass(frozen=True, kw_only=True)
class Switch:
    """What it means to let a model version speak wherever it has a finished generation."""

    num_media_by_model_before: dict[str, int]  # media that change their readers' rows, by the model version until now
    num_active_already: int  # media whose newest generation of it speaks already
    num_not_finished: int  # media that were to get one, and have none that is finished: they keep what they show


def list_model_generations(connection: Connection) -> list[ModelGenerations]:
    """Return every model version with its jobs counted, the one with the newest job first."""
    is_active = ActiveGenerationTable.job_id == JobTable.id
    rows = connection.execute(
        select(
            JobTable.model_version_id,
            func.count(distinct(JobTable.media_id)).label("num_media"),
            func.count(ActiveGenerationTable.job_id).label("num_active"),
            func.sum(case((JobTable.state.in_(FINISHED), 1), else_=0)).label("num_finished"),
            func.sum(case((JobTable.state.in_(UNFINISHED), 1), else_=0)).label("num_unfinished"),
            func.sum(case((JobTable.state.in_((*FINISHED, *UNFINISHED)), 0), else_=1)).label("num_given_up"),
            func.sum(JobTable.num_frames).label("num_frames"),
        )
        .outerjoin(ActiveGenerationTable, is_active)
        .group_by(JobTable.model_version_id)
        .order_by(func.max(JobTable.created_at).desc(), JobTable.model_version_id)
    )
    names = tuple(ModelGenerations.__dataclass_fields__)[1:]
    return [
        ModelGenerations(model_version_id=row.model_version_id, **{name: int(row._mapping[name]) for name in names})
        for row in rows
    ]


def find_model_version(connection: Connection, reference: str) -> str:
    """Return the id of the one model version that a person means: its id, its name, or the start of its id."""
    versions = connection.execute(select(ModelVersionTable.id, ModelVersionTable.name)).all()
    found = (
        [version.id for version in versions if version.id == reference]
        or [version.id for version in versions if version.name == reference]
        or [version.id for version in versions if reference and version.id.startswith(reference)]
    )
    if not found:
        known = ", ".join(sorted(version.id for version in versions)) or "no model at all"
        raise InputError(f"no rows of a model {reference!r} are stored; the store knows {known}")
    if len(found) > 1:
        raise InputError(f"{reference!r} may mean any of {', '.join(sorted(found))}: give more of it")
    return str(found[0])


def paired_generations(connection: Connection, before_version: str, after_version: str) -> list[GenerationPair]:
    """Return every media with a finished generation of the first model version, and its one of the second."""
    before, after = _newest_finished(before_version), _newest_finished(after_version)
    rows = connection.execute(
        select(
            before.c.media_id,
            MediaTable.path,
            before.c.job_id.label("before_job_id"),
            after.c.job_id.label("after_job_id"),
        )
        .join(MediaTable, MediaTable.id == before.c.media_id)
        .outerjoin(after, after.c.media_id == before.c.media_id)
        .order_by(MediaTable.path, before.c.media_id)
    )
    return [GenerationPair(**row._mapping) for row in rows]


def plan_switch(connection: Connection, version: str) -> Switch:
    """Return what `switch_all` would do."""
    newest = _newest_finished(version)
    active = (
        select(JobTable.model_version_id, func.count())
        .join(ActiveGenerationTable, ActiveGenerationTable.job_id == JobTable.id)
        .join(newest, newest.c.media_id == ActiveGenerationTable.media_id)
        .group_by(JobTable.model_version_id)
        .order_by(JobTable.model_version_id)
    )
    to_change = active.where(newest.c.job_id != ActiveGenerationTable.job_id)
    already = active.where(newest.c.job_id == ActiveGenerationTable.job_id)
    not_finished = select(func.count(distinct(JobTable.media_id))).where(
        JobTable.model_version_id == version, JobTable.media_id.not_in(select(newest.c.media_id))
    )
    return Switch(
        num_media_by_model_before=_counts(connection, to_change),
        num_active_already=sum(_counts(connection, already).values()),
        num_not_finished=connection.scalar(not_finished) or 0,
    )


def switch_all(connection: Connection, version: str) -> int:
    """Let a model version speak wherever it has a finished generation, the newest one, in one UPDATE. Return how many.

    Media without one keep what they show.
    """
    newest = _newest_finished(version)
    # As db.archive.generations.lock_media, of all media at once and in one order, so that two switches take turns.
    locked = select(MediaTable.id).where(MediaTable.id.in_(select(newest.c.media_id)))
    connection.execute(locked.order_by(MediaTable.id).with_for_update())
    switched = connection.execute(
        update(ActiveGenerationTable)
        .where(ActiveGenerationTable.media_id == newest.c.media_id, ActiveGenerationTable.job_id != newest.c.job_id)
        .values(job_id=newest.c.job_id)
    )
    return switched.rowcount


def _newest_finished(version: str) -> Subquery:
    """Select media_id and job_id of each media's newest finished job of a model version."""
    age = func.row_number().over(
        partition_by=JobTable.media_id,
        order_by=(JobTable.created_at.desc(), JobTable.run_number.desc(), JobTable.id),
    )
    ranked = (
        select(JobTable.media_id, JobTable.id.label("job_id"), age.label("age"))
        .where(JobTable.model_version_id == version, JobTable.state.in_(FINISHED))
        .subquery()
    )
    return select(ranked.c.media_id, ranked.c.job_id).where(ranked.c.age == 1).subquery()


def _counts(connection: Connection, counted: Executable) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(counted)}
