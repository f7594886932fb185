"""Chart and video side by side, in step; every control does what it says."""

import re

import pytest

from tests.browsing import Visit


def click_chart(visit: Visit, share: float) -> None:
    """Click that share of the way along the chart's axis."""
    box = visit.page.locator("#chart").bounding_box()
    visit.page.mouse.click(box["x"] + 46 + share * (box["width"] - 56), box["y"] + 100)


def seconds_of(visit: Visit) -> float:
    return visit.page.evaluate("document.getElementById('video').currentTime")


def test_the_words_tell_the_demos_story(timeline):
    page = timeline().page
    told = page.locator("#stretches li").all_text_contents()
    kinds = [re.search(r"appears (\w+)|no face", line)[0] for line in told if re.search("appears|no face", line)]
    assert kinds[0] == "appears happy"
    assert "no face" in kinds
    assert "appears happy" not in kinds[kinds.index("no face") :]


def test_a_click_on_the_chart_seeks_the_video(timeline):
    visit = timeline()
    visit.page.wait_for_selector("#screen[data-faces]")
    click_chart(visit, 0.75)
    assert seconds_of(visit) == pytest.approx(9.0, abs=0.1)
    assert "0:09" in visit.page.text_content("#readout h3")
    assert visit.page.is_visible(".playhead")


def test_boxes_are_drawn_where_faces_are(timeline):
    visit = timeline()
    visit.page.wait_for_selector("#screen[data-faces='1']")
    click_chart(visit, 0.5)
    visit.page.wait_for_selector("#screen[data-faces='0']")
    click_chart(visit, 0.9)
    visit.page.wait_for_selector("#screen[data-faces='1']")
    painted = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 3 && v > 0)"
    assert visit.page.locator("#boxes").evaluate(painted)


def test_a_stretch_that_is_drawn_over_is_zoomed_into(timeline):
    visit = timeline()
    before = visit.drawn()
    box = visit.page.locator("#chart").bounding_box()
    visit.page.mouse.move(box["x"] + 200, box["y"] + 100)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + 400, box["y"] + 100, steps=4)
    assert visit.page.is_visible(".chosen")
    visit.page.mouse.up()
    visit.wait_for_drawing(before)
    assert not visit.page.text_content("#range").startswith("0:00.0")


def test_everything_can_be_done_with_keys(timeline):
    visit = timeline()
    visit.page.focus("#chart")
    steps = (("+", "0:03.0 – 0:09.0"), ("Shift+ArrowRight", "0:06.0 – 0:12.0"), ("-", "0:00.0 – 0:12.0"))
    for key, expected in steps:
        before = visit.drawn()
        visit.page.keyboard.press(key)
        visit.wait_for_drawing(before)
        assert visit.page.text_content("#range").startswith(expected)
    visit.page.keyboard.press("ArrowRight")
    assert seconds_of(visit) > 0


def test_an_emotion_is_switched_off_and_stays_off(timeline):
    visit = timeline()
    lines = "path.js-line"
    before = visit.page.locator(lines).count()
    visit.page.uncheck("#emotions input[value=happy]")
    assert visit.page.locator(lines).count() < before
    visit.page.reload()
    visit.wait_for_drawing("")
    assert not visit.page.is_checked("#emotions input[value=happy]")


def test_smoothing_is_asked_for_and_seen(timeline):
    visit = timeline()
    before = visit.drawn()
    with visit.page.expect_request(lambda request: "smooth=" in request.url):
        visit.page.select_option("#smooth", index=2)
    visit.wait_for_drawing(before)


def test_the_csv_is_the_timelines(timeline):
    visit = timeline()
    with visit.page.expect_download() as waiting:
        visit.page.click("#csv")
    lines = waiting.value.path().read_text().splitlines()
    assert "happy" in lines[0]
    assert len(lines) == 13


def test_the_values_are_a_table_too(timeline):
    page = timeline().page
    page.click("summary:has-text('table')")
    assert page.locator("#values tbody tr").count() > 100
    assert page.locator("#values thead th").all_text_contents()[4] == "happy"


def test_a_media_that_is_not_there_is_said_so(visit: Visit):
    visit.open("/timeline?media=0123456789abcdef")
    visit.page.wait_for_selector("#problem:has-text('0123456789abcdef')")
