"""What enrolled subjects' faces look like: kept per subject, used only while a consent covers comparing faces.

A decision about a job's tracks removes what was kept of that job: who a track is may have changed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection, delete, insert, select

from core.people.subjects import Subject
from core.tracks.likeness import Embedding
from db.people.subjects import list_subjects
from db.track_tables import SubjectEmbeddingTable


def identifiable(connection: Connection, study_id: str) -> dict[str, Subject]:
    """Return a study's subjects, by key, whose consent that holds now covers comparing faces."""
    now = datetime.now(UTC)
    return {
        subject.key: subject
        for subject in list_subjects(connection, study_id=study_id)
        if (consent := subject.consent_at(now)) is not None and consent.covers_identity
    }


def enrol(
    connection: Connection, job_id: str, embeddings: Mapping[int, tuple[str, Embedding]], *, weights_sha256: str
) -> None:
    """Keep the embeddings of a job's person tracks with their subjects' keys, in place of what was kept of it."""
    connection.execute(
        delete(SubjectEmbeddingTable).where(
            SubjectEmbeddingTable.job_id == job_id, SubjectEmbeddingTable.weights_sha256 == weights_sha256
        )
    )
    rows = [
        {
            "job_id": job_id,
            "person_track": track,
            "weights_sha256": weights_sha256,
            "subject_key": key,
            "vector": np.asarray(embedding, "<f4").tobytes(),
        }
        for track, (key, embedding) in embeddings.items()
    ]
    if rows:
        connection.execute(insert(SubjectEmbeddingTable), rows)


def enrolled(connection: Connection, study_id: str, *, weights_sha256: str) -> dict[str, list[Embedding]]:
    """Return what a study's subjects look like, by pseudonym: of those whose consent covers it now."""
    subjects = identifiable(connection, study_id)
    rows = connection.execute(
        select(SubjectEmbeddingTable.subject_key, SubjectEmbeddingTable.vector)
        .where(
            SubjectEmbeddingTable.weights_sha256 == weights_sha256,
            SubjectEmbeddingTable.subject_key.in_(sorted(subjects)),
        )
        .order_by(SubjectEmbeddingTable.job_id, SubjectEmbeddingTable.person_track)
    )
    found: dict[str, list[Embedding]] = {}
    for row in rows:
        found.setdefault(subjects[row.subject_key].id, []).append(np.frombuffer(row.vector, "<f4"))
    return found
