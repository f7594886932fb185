"""Mutants of what people are owed: consent, erasure, a log of looks, no workplaces."""

from tests.mutants import Mutant

_CHANGES = "tests/integration/api/test_subject_changes.py::"
_ERASED = f"{_CHANGES}test_nothing_of_an_erased_person_is_left"

MUTANTS = {
    "named without a consent": Mutant(
        file="db/people/subjects.py",
        right="        if subject.consent_at(now) is None:\n            raise InputError(",
        wrong="        if False:\n            raise InputError(",
        noticed_by="tests/integration/api/test_jobs.py::test_nobody_is_named_whose_consent_does_not_hold",
    ),
    "withdrawn and still analysed": Mutant(
        file="db/people/subjects.py",
        right="    cancelled = [job_id for job_id in running if cancel(connection, job_id)]\n",
        wrong="    cancelled: list[str] = []\n",
        noticed_by=f"{_CHANGES}test_a_consent_is_recorded_and_withdrawn_and_stops_what_runs",
    ),
    "rows that stay": Mutant(
        file="db/people/erasure.py",
        right="media = connection.scalars(theirs.where(AppearanceTable.media_id.not_in(shared))).all()",
        wrong="media: list[str] = []",
        noticed_by=_ERASED,
    ),
    "files that stay": Mutant(
        file="api/removal.py",
        right="for copy in copies_of(uploads, sha256):",
        wrong="for copy in ():",
        noticed_by=_ERASED,
    ),
    "copies that stay": Mutant(
        file="api/removal.py",
        right="for copy in copies_of(uploads, sha256):",
        wrong="for copy in copies_of(uploads, sha256) if any(sha256 in path for path in media_paths) else ():",
        noticed_by=f"{_CHANGES}test_an_erased_persons_upload_goes_though_its_file_was_analysed_elsewhere_since",
    ),
    "fetched copies that stay": Mutant(
        file="api/removal.py",
        right='[] if fetched is None else sorted(fetched.glob(f"{sha256}*"))',
        wrong="()",
        noticed_by="tests/unit/api/files/test_kept_files.py::test_what_was_fetched_goes_though_its_media_was_seen_elsewhere_since",
    ),
    "notes of pieces that stay": Mutant(
        file="api/files/kept_files.py",
        right=' + [note for note in of_pieces if (done := read_note(note)) and done["media_id"] == wanted]',
        wrong="",
        noticed_by=f"{_CHANGES}test_an_erased_persons_upload_in_pieces_leaves_no_note_of_it",
    ),
    "a late worker writes": Mutant(
        file="db/queue/ledger.py",
        right="    if connection.scalar(closed_before, _of(claim)):\n        return False\n",
        wrong="    return True\n",
        noticed_by=_ERASED,
    ),
    "back again after an erasure": Mutant(
        file="db/people/subjects.py",
        right="    if is_erased(connection, subject_id):\n",
        wrong="    if False:\n",
        noticed_by=_ERASED,
    ),
    "erased by a slip": Mutant(
        file="api/routes/subject_changes.py",
        right="    if confirm != subject_id:\n",
        wrong="    if False:\n",
        noticed_by=f"{_CHANGES}test_erasing_needs_the_pseudonym_again",
    ),
    "erased without a log": Mutant(
        file="db/people/erasure.py",
        right="    audit.record(connection, AuditAction.SUBJECT_ERASED,",
        wrong="    str(connection) or audit.record(connection, AuditAction.SUBJECT_ERASED,",
        noticed_by=_ERASED,
    ),
    "looks that nobody logs": Mutant(
        file="api/own_subjects.py",
        right="        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED,",
        wrong="        str(connection) or audit.record(connection, audit.AuditAction.TIMELINE_VIEWED,",
        noticed_by="tests/integration/api/test_records.py::test_every_look_is_logged_by_key_only[timeline.csv]",
    ),
    "a log of names": Mutant(
        file="api/own_subjects.py",
        right="about=subject.key",
        wrong="about=subject.id",
        noticed_by="tests/integration/api/test_records.py::test_every_look_is_logged_by_key_only[timeline]",
    ),
    "a workplace": Mutant(
        file="core/people/studies.py",
        right="    if study.purpose not in PROHIBITED:\n",
        wrong="    if True:\n",
        noticed_by=f"{_CHANGES}test_a_workplace_is_refused_without_a_reason_and_the_refusal_logged",
    ),
    "a refusal that nobody logs": Mutant(
        file="api/routes/studies.py",
        right="            record_refusal(connection, study, actor=actor_of(owner), why=str(error))\n",
        wrong="            pass\n",
        noticed_by=f"{_CHANGES}test_a_workplace_is_refused_without_a_reason_and_the_refusal_logged",
    ),
}
