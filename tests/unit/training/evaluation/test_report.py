import json
import re

import pytest

from core.errors import EnvironmentFault
from tests.evaluations import make_measured
from training.evaluation import report as evaluation_report

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("report")
    write(make_measured(name="a <b> & c"), path)
    return path


def write(measured, path):
    evaluation_report.write_report(path, measured.model, measured.rows, measured.evaluation, measured.corrupted)


def test_the_report_works_offline_and_shows_no_face(folder):
    page = (folder / "report.html").read_text()
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert page.count("data:image/svg+xml") == 7
    assert "image/png" not in page
    assert "not what anybody feels" in page


def test_names_are_escaped(folder):
    for name in ("report.html", "errors.html"):
        page = (folder / name).read_text()
        assert "a &lt;b&gt; &amp; c" in page
        assert "<b>" not in page


def test_both_views_stand_side_by_side(folder):
    document = json.loads((folder / "report.json").read_text())
    assert document["views"].keys() == {"single", "flip"}
    assert document["views"]["single"]["fer2013"] == document["fer2013"]
    assert '<td class="left">flip</td>' in (folder / "report.html").read_text()


def test_errors_are_shown_with_captions_and_a_warning(folder):
    page = (folder / "errors.html").read_text()
    assert "Do not publish" in page
    assert page.count("data:image/png") == page.count("<figure>") > 20
    assert re.search(r"row 323\d\d", page)
    assert "labelled " in page
    assert "appears " in page
    assert "votes: neutral" in page


def test_a_model_of_one_head_is_reported_too(tmp_path):
    write(make_measured(with_ferplus=False, with_training=False), tmp_path)
    assert "FER+ is not measured" in (tmp_path / "report.html").read_text()
    assert "FER+ head" not in (tmp_path / "errors.html").read_text()


def test_a_folder_that_cannot_be_written_is_said_in_a_line(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation_report, "report_page", lambda *_: "")
    (tmp_path / "report.html").mkdir()
    with pytest.raises(EnvironmentFault, match=r"report\.html: cannot be written"):
        write(make_measured(with_ferplus=False), tmp_path)
