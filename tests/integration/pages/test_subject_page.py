"""A person's record in a browser: from the year down to a tenth of a second, each step at once."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from db.store import open_store
from tests.browsing import Visit, visiting
from tests.integration.api.servers import Server
from tests.simulated_year import write_year

MAX_STEP_MS = 300
NUM_STEPS = 18  # halvings from a year to some minutes


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("year")
    store = open_store(f"sqlite:///{folder}/year.db")
    write_year(store)
    store.close()
    server = Server(folder=folder, options=("--db", "sqlite:///year.db", "--no-runner")).start()
    yield server
    server.kill(15)


@pytest.fixture
def record(browser: Browser, year: Server) -> Iterator[Visit]:
    with visiting(browser, year, timezone_id="Europe/Berlin") as visit:
        visit.open("/subject?id=anna")
        visit.wait_for_drawing("")
        yield visit


def step(visit: Visit, selector: str) -> float:
    """Click, and return after how many milliseconds the chart is drawn anew."""
    before, began = visit.drawn(), visit.page.evaluate("performance.now()")
    visit.page.click(selector)
    visit.wait_for_drawing(before)
    return visit.page.evaluate("performance.now()") - began


def test_the_year_is_zoomed_into_a_sitting_a_step_at_a_time(record: Visit):
    assert record.page.text_content("#range").endswith("by 1d")
    steps = [step(record, "#zoom-in") for _ in range(NUM_STEPS)]
    assert record.page.text_content("#range").split("by ")[1] in ("5s", "1s", "0.1s")
    steps.append(step(record, "#whole"))
    print("ms a step:", [round(ms) for ms in steps])
    assert statistics.median(steps) < MAX_STEP_MS, steps


def test_a_sitting_is_shown_as_its_own_clock_says(record: Visit):
    row = record.page.locator("#sittings tr").first
    began = row.locator("td").first.text_content()
    step(record, "#sittings tr:first-child button")
    assert record.page.text_content("#range").startswith(began)


def test_changes_are_told_with_their_rate_of_false_alarms(record: Visit):
    record.page.wait_for_selector("#changes-said:has-text('shuffled by chance')")
    assert "no diagnosis" in record.page.text_content("#changes-wording")


def test_valence_is_off_until_it_is_wanted(record: Visit):
    assert not record.page.is_checked("#emotions input[value=valence]")
    record.page.check("#emotions input[value=valence]")
    assert record.page.locator("text.ytick, .ytick text").first.text_content() in ("−1", "-1")


def test_a_condition_is_asked_for_alone(record: Visit):
    before = record.drawn()
    with record.page.expect_request(lambda request: "condition=calm" in request.url):
        record.page.select_option("#condition", "calm")
    record.wait_for_drawing(before)


def test_the_export_is_of_what_is_shown(record: Visit, tmp_path: Path):
    with record.page.expect_download() as waiting:
        record.page.click("#csv")
    waiting.value.save_as(tmp_path / "record.csv")
    assert len((tmp_path / "record.csv").read_text().splitlines()) > 300


def test_consent_is_withdrawn_and_the_person_is_erased(browser: Browser, year: Server):
    with visiting(browser, year) as visit:
        visit.open("/subject?id=ben")
        visit.wait_for_drawing("")
        visit.page.click("#withdraw")
        visit.page.wait_for_selector("#consent:has-text('None that holds now')")
        visit.page.click("#erase")
        visit.page.fill("#confirm", "somebody else")
        visit.page.click("#erase-now")
        visit.page.wait_for_selector("#problem:has-text('ben')")
        visit.page.click("#erase")
        visit.page.fill("#confirm", "ben")
        visit.page.click("#erase-now")
        visit.page.wait_for_url("**/subjects")
        visit.page.wait_for_selector("#subjects a:has-text('anna')")
        assert visit.page.locator("#subjects a:has-text('ben')").count() == 0
