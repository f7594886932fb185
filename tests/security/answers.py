"""Mutants of what goes out: markup, headers, tables for spreadsheets, long answers, what errors tell; and of SQL."""

from tests.mutants import Mutant

_PAGES = "tests/integration/api/test_pages.py::"
_PROBLEMS = "tests/integration/api/test_problems.py::"
_ALL_ROUTES = "tests/integration/api/test_every_route.py::test_who_may_read_is_answered[GET-/v1/jobs]"
_ERRORS = f"{_PROBLEMS}test_each_error_has_its_status_and_code"

MUTANTS = {
    "templates that let markup through": Mutant(
        file="api/routes/pages.py",
        right="autoescape=select_autoescape()",
        wrong="autoescape=False",
        noticed_by=f"{_PAGES}test_what_is_put_into_a_page_is_text",
    ),
    "scripts that write markup": Mutant(
        file="api/pages/static/js/dom.js",
        right="element.textContent = text;",
        wrong="element.innerHTML = text;",
        noticed_by=f"{_PAGES}test_a_script_is_checked_and_never_writes_markup[dom.js]",
    ),
    "a page may load from anywhere": Mutant(
        file="api/routes/pages.py",
        right="\"default-src 'self'; style-src",
        wrong='"default-src *; style-src',
        noticed_by=f"{_PAGES}test_a_page_is_open_and_may_load_only_what_is_ours[/]",
    ),
    "a page with scripts in it": Mutant(
        file="api/routes/pages.py",
        right="\"default-src 'self'; style-src",
        wrong="\"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src",
        noticed_by=f"{_PAGES}test_a_page_is_open_and_may_load_only_what_is_ours[/]",
    ),
    "a page in another's frame": Mutant(
        file="api/routes/pages.py",
        right="; frame-ancestors 'none'\"",
        wrong='"',
        noticed_by=f"{_PAGES}test_a_page_is_open_and_may_load_only_what_is_ours[/]",
    ),
    "no policy on answers": Mutant(
        file="api/gate.py",
        right="    \"Content-Security-Policy\": \"default-src 'none'; frame-ancestors 'none'\",\n",
        wrong="",
        noticed_by=_ALL_ROUTES,
    ),
    "types that browsers guess": Mutant(
        file="api/gate.py",
        right='    "X-Content-Type-Options": "nosniff",\n',
        wrong="",
        noticed_by=_ALL_ROUTES,
    ),
    "an upload shown as a page": Mutant(
        file="api/files/containers.py",
        right="    return UNKNOWN\n",
        wrong='    return "text/html" if head[:1] == b"<" else UNKNOWN\n',
        noticed_by="tests/unit/api/files/test_containers.py::test_nothing_becomes_a_page",
    ),
    "a name that ends the header": Mutant(
        file="api/routes/content.py",
        right="inline; filename*=utf-8''{quote(found.name, safe='')}",
        wrong="inline; filename={found.name}",
        noticed_by="tests/integration/api/test_content.py::test_the_whole_file_is_given_inline_with_its_type",
    ),
    "cells that spreadsheets run": Mutant(
        file="core/exports/text_tables.py",
        right="""return f"'{value}" if value.startswith(_FORMULA_STARTS) else value""",
        wrong="return value",
        noticed_by="tests/integration/api/test_subject_changes.py::test_a_pseudonym_is_a_string_wherever_it_goes[=1+1]",
    ),
    "an id pasted into SQL": Mutant(
        file="db/people/subjects.py",
        right="found = _subjects(connection, SubjectTable.id == subject_id)",
        wrong="from sqlalchemy import text\n\n"
        "    found = _subjects(connection, text(f\"subject.id = '{subject_id}'\"))",
        noticed_by=f"{_PROBLEMS}test_a_word_of_sql_is_a_word[' OR '1'='1]",
    ),
    "any state asked for": Mutant(
        file="api/routes/jobs.py",
        right="    state: Annotated[JobState | None,",
        wrong="    state: Annotated[str | None,",
        noticed_by="tests/integration/api/test_pool.py::test_jobs_are_listed_by_state",
    ),
    "cursors of any kind": Mutant(
        file="api/paging.py",
        right="or [type(value) for value in values] != list(kinds):",
        wrong="or len(values) != len(kinds):",
        noticed_by=f"{_PROBLEMS}test_a_cursor_of_other_values_is_refused",
    ),
    "ten years by the second": Mutant(
        file="api/requests/record_questions.py",
        right="if num_points > MAX_NUM_POINTS:",
        wrong="if False:",
        noticed_by="tests/integration/api/test_subjects.py::"
        "test_ten_years_by_the_second_are_refused_and_by_the_month_answered",
    ),
    "ten years of a media": Mutant(
        file="api/requests/time_ranges.py",
        right="if until_seconds - from_seconds > MAX_RANGE_SECONDS:",
        wrong="if False:",
        noticed_by=f"{_PROBLEMS}test_a_wrong_question_is_refused_by_name"
        "[/v1/media/{media}/timeline?from=0&until=315576000-RANGE_TOO_LARGE]",
    ),
    "a file of too many points": Mutant(
        file="api/routes/exports.py",
        right="if num_points > MAX_NUM_POINTS:",
        wrong="if False:",
        noticed_by="tests/integration/api/test_media.py::test_an_export_of_too_many_points_is_refused",
    ),
    "a page of any length": Mutant(
        file="api/parts.py",
        right="Limit = Annotated[int, Query(ge=1, le=1000,",
        wrong="Limit = Annotated[int, Query(ge=1,",
        noticed_by=f"{_PROBLEMS}test_no_page_is_longer_than_a_thousand[/v1/jobs]",
    ),
    "the error itself is told": Mutant(
        file="api/problems.py",
        right='Problem(500, "INTERNAL", "this should not have happened; the server\'s log says more")',
        wrong='Problem(500, "INTERNAL", str(error))',
        noticed_by=f"{_ERRORS}[error3-500-INTERNAL]",
    ),
    "the store's address is told": Mutant(
        file="api/problems.py",
        right='    detail = "the store cannot be used just now; the same call may work later"',
        wrong="    detail = str(error)",
        noticed_by=f"{_ERRORS}[error2-503-STORE_UNAVAILABLE]",
    ),
    "the machine's fault is told": Mutant(
        file="api/problems.py",
        right='    detail = "the server\'s machine is in the way; its log says how, and whoever runs it can mend it"',
        wrong="    detail = str(error)",
        noticed_by=f"{_ERRORS}[error1-503-ENVIRONMENT_FAULT]",
    ),
    "the server's folders are told": Mutant(
        file="api/files/uploads.py",
        right="told = str(error).replace(str(path), name)",
        wrong="told = f'{name}: {error}'",
        noticed_by="tests/integration/api/test_uploads.py::"
        "test_what_is_no_video_is_refused_and_nothing_of_it_stays[page.mp4-<html>]",
    ),
    "a worker's folders are told": Mutant(
        file="api/routes/job_errors.py",
        right='return _PATH.sub("a file", told.replace(path, "the file") if path else told)',
        wrong="return told",
        noticed_by="tests/integration/api/test_pool.py::test_errors_are_told_span_by_span_without_a_path",
    ),
    "passwords in faults": Mutant(
        file="api/routes/job_errors.py",
        right='told = _USERINFO.sub("…@", message)',
        wrong="told = message",
        noticed_by="tests/integration/api/test_pool.py::test_only_places_on_a_disk_are_left_out"
        "[redis://:S3/c@ret@host: refused-redis://\\u2026@host: refused]",
    ),
    "people in metrics": Mutant(
        file="api/metrics.py",
        right='return str(getattr(scope.get("route"), "path", _NO_ROUTE))',
        wrong='return str(scope["path"])',
        noticed_by="tests/integration/api/test_metrics.py::test_no_label_names_anybody_or_anything",
    ),
}
