"""Archive, subjects, the model's card, tokens; and what every page keeps: keyboard, narrow screens, dark and light."""

import pytest
from playwright.sync_api import Browser

from api.routes.pages import PAGES
from tests.browsing import Visit, visiting
from tests.conftest import Run
from tests.integration.api.servers import Server


def test_a_study_and_a_subject_are_added(first_visit: Visit):
    page = first_visit.open("/subjects")
    page.click("summary:has-text('Add a study')")
    for field, text in {"study-id": "moods", "controller": "University of X", "contact": "privacy@x.example"}.items():
        page.fill(f"#{field}", text)
    page.click("button:has-text('Add the study')")
    page.click("summary:has-text('Add a subject')")
    page.wait_for_selector("#study option", state="attached")
    page.fill("#subject-id", "=1+1 <b>")
    page.fill("#version", "2026-1")
    page.click("button:has-text('Add the subject')")
    page.wait_for_selector("#subjects a:has-text('=1+1 <b>')")
    page.click("#subjects a")
    page.wait_for_selector("#consent:has-text('version 2026-1')")


def test_a_study_at_work_is_refused_with_its_reason(first_visit: Visit):
    page = first_visit.open("/subjects")
    page.click("summary:has-text('Add a study')")
    for field, text in {"study-id": "watch", "controller": "X", "contact": "x@x.example"}.items():
        page.fill(f"#{field}", text)
    page.select_option("#purpose", "workplace")
    page.click("button:has-text('Add the study')")
    page.wait_for_selector("#problem:has-text('workplace')")


def test_the_archive_is_analysed_again_and_the_generations_are_compared(visit: Visit):
    page = visit.open("/archive")
    page.wait_for_selector("#jobs .state:has-text('done')")
    assert page.locator("#tiles .tile").count() == 5
    page.wait_for_selector("#generations th:has-text('small-')")
    page.select_option("#reprocess-model", "small")
    page.click("#plan")
    page.wait_for_selector("#reprocess-said:has-text('Nothing is left to do')")
    page.select_option("#reprocess-model", "large")
    page.click("#plan")
    page.wait_for_selector("#reprocess-said:has-text('It would analyse 1 media')")
    page.click("#reprocess")
    page.wait_for_selector("#jobs tr:has-text('large-') .state:has-text('done')")
    page.reload()
    page.wait_for_selector("#generations tr:has-text('large-')")
    page.select_option("#before", index=1)
    page.select_option("#after", index=0)
    page.click("button:has-text('Compare')")
    page.wait_for_selector("#diff:has-text('1 media compared')")
    assert page.locator("#diff table tbody tr").count() == 7
    page.click("#generations tr:has-text('large-') button:has-text('read this one')")
    page.wait_for_selector("#generations tr:has-text('small-') button:has-text('read this one')")


def test_the_card_says_what_it_may_not_be_used_for(visit: Visit):
    page = visit.open("/model")
    page.wait_for_selector("#forbidden_uses li:has-text('At work and in education')")
    assert page.locator("#figures tr").count() >= 6


def test_a_token_is_asked_for_once_and_kept_from_scripts(browser: Browser, tmp_path, moodline: Run):
    token = moodline("token", "add", "bob", "--token-file", "tokens.json").stdout.split()[-1]
    server = Server(folder=tmp_path, options=("--token-file", "tokens.json", "--no-runner")).start()
    try:
        with visiting(browser, server) as visit:
            page = visit.open("/archive")
            page.fill("#token", "moodline_wrong")
            page.press("#token", "Enter")
            page.wait_for_selector("#token-problem:has-text('not known')")
            page.fill("#token", token)
            page.press("#token", "Enter")
            page.wait_for_selector("#no-jobs:has-text('No job')")
            page.reload()
            page.wait_for_selector("#no-jobs:has-text('No job')")
            assert page.evaluate("document.cookie + JSON.stringify(localStorage)").find(token) == -1
            page.wait_for_selector("#generations-part", state="hidden")  # the whole archive is not bob's
    finally:
        server.kill(15)


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_a_page_fits_a_phone_in_the_dark(browser: Browser, analysed: tuple[Server, str], path):
    server, media_id = analysed
    query = f"?media={media_id}" if path == "/timeline" else ""
    with visiting(browser, server, viewport={"width": 375, "height": 720}, color_scheme="dark") as visit:
        page = visit.open(path + query)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_everything_that_can_be_pressed_has_a_name_and_can_be_reached(visit: Visit, analysed: tuple[Server, str], path):
    page = visit.open(path + (f"?media={analysed[1]}" if path == "/timeline" else ""))
    page.wait_for_load_state("networkidle")
    nameless = """() => [...document.querySelectorAll('button, a[href], input, select, [tabindex="0"]')]
        .filter((each) => each.checkVisibility())
        .filter((each) => !(each.innerText || each.ariaLabel || each.labels?.length || each.title))
        .map((each) => each.outerHTML)"""
    assert page.evaluate(nameless) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
