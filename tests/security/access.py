"""Mutants of who may ask what: tokens, scopes, owners, pages of elsewhere."""

from tests.mutants import Mutant

_EVERY_ROUTE = "tests/integration/api/test_every_route.py::"
_ANOTHERS = f"{_EVERY_ROUTE}test_what_is_anothers_is_not_there"
_SESSIONS = "tests/integration/api/test_sessions.py::"
_GATE = "tests/integration/api/test_gate.py::"
_TOKENS = "tests/integration/api/test_tokens.py::"

MUTANTS = {
    "no token asked for": Mutant(
        file="api/gate.py",
        right="        if caller is None:\n            raise Problem(",
        wrong="        if caller is None:\n            return LOCAL_OWNER\n            raise Problem(",
        noticed_by=f"{_EVERY_ROUTE}test_nobody_without_a_token_is_told_anything[headers0-GET-/v1/media]",
    ),
    "a route past the gate": Mutant(
        file="api/gate.py",
        right="return path.startswith(_DATA_PREFIX) and path not in OPEN_PATHS",
        wrong='return path.startswith(_DATA_PREFIX) and path not in OPEN_PATHS and not path.endswith("/content")',
        noticed_by=f"{_EVERY_ROUTE}test_nobody_without_a_token_is_told_anything[headers0-GET-/v1/media/{{media_id}}/content]",
    ),
    "a route called open": Mutant(
        file="api/gate.py",
        right='frozenset({"/v1/health",',
        wrong='frozenset({"/v1/media", "/v1/health",',
        noticed_by=f"{_EVERY_ROUTE}test_nothing_is_open_but_what_tells_nothing_of_anybody",
    ),
    "tokens that were taken back": Mutant(
        file="api/tokens.py",
        right="if changed_ns == self._seen_ns:",
        wrong="if self._seen_ns >= 0:",
        noticed_by=f"{_TOKENS}test_a_token_that_was_taken_back_lets_nobody_in_any_more",
    ),
    "a damaged token file": Mutant(
        file="api/gate.py",
        right="gone or damaged: nobody is known\n        return None",
        wrong='gone or damaged: nobody is known\n        return Caller(owner="local", scopes=frozenset(TokenScope))',
        noticed_by=f"{_TOKENS}test_a_damaged_file_lets_nobody_in[{{}}]",
    ),
    "tokens kept as they are": Mutant(
        file="api/tokens.py",
        right='return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()',
        wrong="return token",
        noticed_by=f"{_TOKENS}test_the_file_holds_no_token_and_is_its_users_alone",
    ),
    "no scope": Mutant(
        file="api/gate.py",
        right="if needed not in caller.scopes:",
        wrong="if False:",
        noticed_by=f"{_EVERY_ROUTE}test_a_token_without_the_scope_is_refused[POST-/v1/media]",
    ),
    "reached from elsewhere without tokens": Mutant(
        file="cli/server/serve.py",
        right="if token_file is None and not _is_loopback(host):",
        wrong="if False:",
        noticed_by="tests/unit/cli/server/test_serve.py::test_it_refuses_to_be_reached_from_elsewhere_without_tokens[0.0.0.0]",
    ),
    "another's job": Mutant(
        file="db/archive/owned.py",
        right="select_jobs().where(JobTable.id == job_id, JobTable.owner == owner)",
        wrong="select_jobs().where(JobTable.id == job_id)",
        noticed_by=f"{_ANOTHERS}[GET-/v1/jobs/{{job_id}}]",
    ),
    "another's media": Mutant(
        file="db/archive/owned.py",
        right="return exists().where(JobTable.media_id == MediaTable.id, JobTable.owner == owner)",
        wrong="return exists().where(JobTable.media_id == MediaTable.id)",
        noticed_by=f"{_EVERY_ROUTE}test_a_list_holds_only_what_is_the_callers[/v1/media-media]",
    ),
    "another's jobs in the list": Mutant(
        file="db/archive/owned.py",
        right=".where(JobTable.owner == owner, is_wanted,",
        wrong=".where(is_wanted,",
        noticed_by=f"{_EVERY_ROUTE}test_a_list_holds_only_what_is_the_callers[/v1/jobs-jobs]",
    ),
    "another's upload": Mutant(
        file="api/files/kept_files.py",
        right='return root / "kept" / hashlib.sha256(owner.encode()).hexdigest()[:16]',
        wrong='return root / "kept" / "all"',
        noticed_by="tests/integration/api/test_uploads.py::test_another_owner_with_the_same_bytes_has_a_file_of_its_own",
    ),
    "another's upload in pieces": Mutant(
        file="api/files/kept_files.py",
        right='return root / "unfinished" / folder_of(root, owner).name',
        wrong='return root / "unfinished" / "all"',
        noticed_by="tests/integration/api/test_resumable.py::test_what_is_given_up_is_removed_and_anothers_is_not_there",
    ),
    "another's subject": Mutant(
        file="api/own_subjects.py",
        right="if owner != LOCAL_OWNER:\n        raise no_subject(subject_id)",
        wrong="if False:\n        raise no_subject(subject_id)",
        noticed_by=f"{_ANOTHERS}[GET-/v1/subjects/{{subject_id}}/timeline]",
    ),
    "another's subject in the list": Mutant(
        file="api/own_subjects.py",
        right="if owner != LOCAL_OWNER:\n        return []",
        wrong="if False:\n        return []",
        noticed_by=f"{_EVERY_ROUTE}test_a_list_holds_only_what_is_the_callers[/v1/subjects-subjects]",
    ),
    "another's subject named": Mutant(
        file="api/submitting.py",
        right="if appearance is not None and owner != LOCAL_OWNER:",
        wrong="if False:",
        noticed_by="tests/integration/api/test_jobs.py::test_only_the_local_owner_may_name_a_subject",
    ),
    "another's subject on a track": Mutant(
        file="api/routes/tracks.py",
        right="    if owner != LOCAL_OWNER:\n        return {}\n",
        wrong="",
        noticed_by="tests/integration/api/test_tracks.py::"
        "test_whoever_is_not_local_decides_about_its_own_and_names_nobody",
    ),
    "another's file": Mutant(
        file="api/originals.py",
        right="    if owner != LOCAL_OWNER:  # its",
        wrong="    if False:  # its",
        noticed_by="tests/integration/api/test_content.py::"
        "test_a_file_that_commands_analysed_is_for_local_alone_also_where_another_has_a_job_of_the_same_bytes",
    ),
    "another's job speaks for all": Mutant(
        file="api/submitting.py",
        right="activates=owner == LOCAL_OWNER,",
        wrong="activates=True,",
        noticed_by="tests/integration/api/test_jobs.py::"
        "test_another_owners_job_does_not_change_what_readers_of_the_same_bytes_see",
    ),
    "the whole archive for all": Mutant(
        file="api/own_subjects.py",
        right="if owner != LOCAL_OWNER:\n        raise Problem(403",
        wrong="if False:\n        raise Problem(403",
        noticed_by=f"{_EVERY_ROUTE}test_what_concerns_the_whole_archive_is_for_local_alone[GET-/v1/workers]",
    ),
    "a name of elsewhere that points here": Mutant(
        file="api/gate.py",
        right="if name.lower() not in _LOOPBACK_NAMES:",
        wrong="if False:",
        noticed_by=f"{_GATE}test_a_name_of_elsewhere_that_points_here_is_refused[evil.example]",
    ),
    "a page of elsewhere without tokens": Mutant(
        file="api/gate.py",
        right="                if self._tokens is None:\n                    _refuse_foreign_pages(headers)\n",
        wrong="",
        noticed_by=f"{_GATE}test_a_page_of_another_origin_cannot_speak_for_the_user[headers0]",
    ),
    "a page of elsewhere with the cookie": Mutant(
        file="api/gate.py",
        right="            _refuse_foreign_pages(headers)  # a cookie goes along by itself; a header does not",
        wrong="            pass",
        noticed_by=f"{_SESSIONS}test_a_page_of_another_site_cannot_write_with_it[headers0]",
    ),
    "a neighbour's page reads with the cookie": Mutant(
        file="api/gate.py",
        right="(token := _session_token(headers)) is not None:",
        wrong='(token := _session_token(headers)) is not None and scope["method"] not in _READING:',
        noticed_by=f"{_SESSIONS}test_a_page_of_a_neighbour_cannot_read_with_it[headers0]",
    ),
    "a cookie that other sites send": Mutant(
        file="api/routes/sessions.py",
        right='SESSION_COOKIE, token, httponly=True, samesite="strict"',
        wrong='SESSION_COOKIE, token, httponly=True, samesite="none"',
        noticed_by=f"{_SESSIONS}test_the_cookie_is_for_this_server_alone",
    ),
    "a cookie that scripts read": Mutant(
        file="api/routes/sessions.py",
        right="SESSION_COOKIE, token, httponly=True,",
        wrong="SESSION_COOKIE, token,",
        noticed_by=f"{_SESSIONS}test_the_cookie_is_for_this_server_alone",
    ),
}
