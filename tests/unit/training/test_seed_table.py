import json
import sys
from pathlib import Path

import pytest

from core.errors import InputError
from training import seed_table
from training.recipes.seeds import SEED_RECIPES
from training.seed_table import SeedRow, figures_of, read_rows, recorded, render_table, with_table, write_rows

DOCS = Path(__file__).resolve().parents[3] / "docs"


def make_evaluation(split, *, accuracy=0.5, members=("run epoch 2 of 2",)):
    """What `moodline evaluate --json` prints, as far as the table reads it."""
    share = {"accuracy": accuracy, "half_width_95": 0.02, "n": 3589}
    return {
        "split": split,
        "members": list(members),
        "fer2013": {**share, "macro_recall": 0.4, "without_twins": share | {"n": 3301}},
    }


def make_figures(accuracy=0.5):
    public, private = (make_evaluation(split, accuracy=accuracy) for split in ("PublicTest", "PrivateTest"))
    return figures_of(public, private, num_epochs=40)


def make_row(name="s0-deep", figures=None):
    return SeedRow(name=name, claim="55.35 %", caveat="", figures=figures)


def test_an_untrained_row_says_so():
    assert "| `s0-deep` | 55.35 % |  | not yet trained |" in render_table((make_row(),))


def test_a_trained_row_carries_each_figure_with_its_n():
    line = render_table((make_row(figures=make_figures()),)).splitlines()[-1]
    assert line.endswith(
        "| 50.0 % ± 2.0 (n = 3,301) | 50.0 % ± 2.0 (n = 3,589) | 50.0 % ± 2.0 (n = 3,301) | 40.0 % | 40 |"
    )


def test_rows_come_back_as_they_were_written(tmp_path):
    rows = (make_row(figures=make_figures()), make_row("s0-shallow"))
    write_rows(tmp_path / "seeds.json", rows)
    assert read_rows(tmp_path / "seeds.json") == rows


def test_figures_are_recorded_in_their_own_row_only():
    rows = recorded((make_row(), make_row("s0-shallow")), "s0-shallow", make_figures())
    assert [row.figures is None for row in rows] == [True, False]


def test_an_unknown_row_is_refused():
    with pytest.raises(InputError, match="no row is called 's9'; choose one of s0-deep"):
        recorded((make_row(),), "s9", make_figures())


def test_evaluations_of_two_models_or_of_other_splits_are_refused():
    public, private = make_evaluation("PublicTest"), make_evaluation("PrivateTest", members=["another"])
    with pytest.raises(InputError, match="expected one model"):
        figures_of(public, private, num_epochs=1)
    with pytest.raises(InputError, match="expected evaluations on PublicTest and PrivateTest"):
        figures_of(private, public, num_epochs=1)


def test_a_page_keeps_all_but_its_table():
    page = "before\n<!-- begin: made by python -m training.seed_table -->\nold\n<!-- end -->\nafter\n"
    assert "old" not in with_table(page, "new\n")
    assert with_table(with_table(page, "other\n"), "new\n") == with_table(page, "new\n")
    with pytest.raises(InputError, match="the page needs one line"):
        with_table("no marks", "new\n")


def test_a_run_is_recorded_and_rendered_by_the_command(tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "log.jsonl").write_text('{"epoch": 1}\n{"epoch": 2}\n')
    for split in ("PublicTest", "PrivateTest"):
        (tmp_path / f"{split}.json").write_text(json.dumps(make_evaluation(split)))
    write_rows(tmp_path / "seeds.json", (make_row(),))
    (tmp_path / "seeds.md").write_text("<!-- begin: made by python -m training.seed_table -->\n<!-- end -->\n")
    paths = [str(tmp_path / name) for name in ("run", "PublicTest.json", "PrivateTest.json")]
    monkeypatch.setattr(sys, "argv", ["seed_table", "s0-deep", *paths, "--docs", str(tmp_path)])
    seed_table.main()
    assert read_rows(tmp_path / "seeds.json")[0].figures.num_epochs == 2
    page = (tmp_path / "seeds.md").read_text()
    assert "50.0 % ± 2.0 (n = 3,589)" in page
    assert "| 2 of 40 |" in page  # a shortened run says so


def test_a_file_that_is_no_evaluation_is_one_clear_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "log.jsonl").write_text('{"epoch": 1}\n')
    (tmp_path / "other.json").write_text("[]")
    write_rows(tmp_path / "seeds.json", (make_row(),))
    other = str(tmp_path / "other.json")
    monkeypatch.setattr(
        sys, "argv", ["seed_table", "s0-deep", str(tmp_path / "run"), other, other, "--docs", str(tmp_path)]
    )
    with pytest.raises(SystemExit):
        seed_table.main()
    assert "not what `moodline evaluate --json` prints" in capsys.readouterr().err


def test_every_seed_recipe_has_a_row_and_every_row_a_recipe():
    expected = {recipe.name for recipe in SEED_RECIPES}
    expected |= {f"{recipe.name} --snapshots" for recipe in SEED_RECIPES if recipe.snapshot_every}
    rows = [row.name for row in read_rows(DOCS / "seeds.json")]
    assert sorted(rows) == sorted(expected)
