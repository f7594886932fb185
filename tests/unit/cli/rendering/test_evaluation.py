import io

from rich.console import Console

from cli.rendering.evaluation import render_evaluation
from tests.evaluations import make_measured


def rendered(measured, corrupted=None):
    file = io.StringIO()
    Console(file=file, width=160).print(
        render_evaluation(measured.model, measured.rows, measured.evaluation, corrupted)
    )
    return file.getvalue()


def test_heads_classes_votes_and_notice_are_shown():
    text = rendered(make_measured())
    for part in ("guesser-1", "without twins", "FER+ votes", "contempt", "label sets differ", "not what anybody feels"):
        assert part in text
    assert "damage" not in text


def test_markup_in_a_name_is_shown_as_it_is():
    assert "[red]" in rendered(make_measured(name="[red]"))


def test_damaged_pictures_are_shown_where_they_were_measured():
    measured = make_measured(with_ferplus=False)
    text = rendered(measured, measured.corrupted)
    assert "mean of the damaged" in text
    assert "FER+ votes" not in text
