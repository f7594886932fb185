"""`moodline evaluate` as it is called: tables on the screen, a report in a folder; and the shipped card's figures."""

import json
from pathlib import Path

import numpy as np
import pytest

from cli.models.evaluate import SplitChoice, evaluate
from fer_model.checkpoints.card import find_card, read_card

SEED = 9
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture
def pictures_csv(tmp_path):
    """Two pictures to train on and six to be tested on, in Kaggle's form."""
    pixels = np.random.default_rng(SEED).integers(0, 256, (8, 48 * 48))
    usages = ("Training",) * 2 + ("PrivateTest",) * 6
    rows = [
        f"{index % 7},{' '.join(map(str, picture))},{usage}"
        for index, (picture, usage) in enumerate(zip(pixels, usages, strict=True))
    ]
    path = tmp_path / "fer2013.csv"
    path.write_text("\n".join(["emotion,pixels,Usage", *rows]) + "\n")
    return path


def test_tables_are_printed_and_a_report_is_written(pictures_csv, tmp_path, capsys):
    evaluate(["small", "small"], data=pictures_csv, out=tmp_path / "report")
    assert "mean of the damaged" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"report.html", "report.json", "errors.html"}
    document = json.loads((tmp_path / "report" / "report.json").read_text())
    assert document["model"] == "small (2 networks)"
    assert len(document["corruptions"]["each"]) == 18


@pytest.mark.skipif(not DATA.exists(), reason="the FER2013 research data is not beside this checkout")
def test_the_shipped_cards_figures_are_found_again(tmp_path, capsys):
    import runpy

    pictures = tmp_path / "fer2013.csv"
    runpy.run_path(str(DATA / "load_fer2013.py"))["write_kaggle_csv"](pictures)
    # PublicTest: a test that is run again and again has no business with PrivateTest
    evaluate(["small"], data=pictures, votes=DATA / "fer2013new.csv", split=SplitChoice.PUBLIC, as_json=True)
    pictures.unlink()
    document = json.loads(capsys.readouterr().out)
    published = read_card(find_card("small")).figures["PublicTest without twins"]
    for head in ("fer2013", "ferplus"):
        found = document[head]["without_twins"]
        assert found["n"] == published[head]["n"]
        assert found["accuracy"] == pytest.approx(published[head]["accuracy"], abs=4e-4)  # one picture: half precision
    assert document["ferplus"]["without_twins"]["vote_ece"] == pytest.approx(published["ferplus"]["vote_ece"], abs=1e-3)
