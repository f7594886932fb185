import pytest

from core.documents import NOTICE
from core.emotions import EMOTIONS
from fer_model.checkpoints.card import find_card, read_card
from fer_model.checkpoints.card_text import render_card
from tests.factories import make_card


def test_a_card_starts_with_its_version_and_what_it_is_not():
    page = render_card(make_card())
    assert page.startswith(f"# Model card: {make_card().version}\n\n**{NOTICE}**\n")


@pytest.mark.parametrize(
    "said",
    [
        "Art. 5(1)(f)",
        "save for medical or safety reasons",
        "Diagnosis",
        "Lie detection",
        "Hiring",
        "Covert use",
        "terms of redistribution are unclear",
        "mostly Western",
        "not what the person felt",
        "Demographics: not measured",
        "An expression is not a feeling",
        "`NOTICE`",
    ],
)
def test_every_card_says_what_a_user_must_know(said):
    assert said in " ".join(render_card(make_card()).split())


def test_a_card_names_its_weights_emotions_and_threshold():
    page = render_card(make_card(abstain_below=0.35))
    assert make_card().sha256 in page
    assert ", ".join(EMOTIONS) in page
    assert "fewer than 35 %" in page


@pytest.mark.parametrize(("views", "said"), [(1, "the picture alone"), (2, "the picture and its mirror image")])
def test_a_card_says_how_many_views_are_averaged(views, said):
    assert f"views: {said}" in render_card(make_card(views=views))


def test_a_card_without_figures_has_no_section_for_them():
    page = render_card(make_card())
    assert "## Figures" not in page
    assert "## Training" not in page
    assert "parameters" not in page
    assert "Selection" not in page


def test_how_weights_were_selected_is_told_as_the_card_tells_it():
    page = render_card(make_card(training={"selection": "the last epoch, decided beforehand", "commit": "abc1234"}))
    assert "**Selection of these weights:** the last epoch, decided beforehand" in page
    assert "* commit: abc1234" in page


def test_what_a_card_tells_of_its_training_is_told_whatever_its_form():
    page = render_card(make_card(training={"seeds": [0, 1], "teacher": {"num_members": 5}, "selection": "none"}))
    assert "* seeds: [0, 1]\n* teacher, num_members: 5\n" in page


def test_the_shipped_models_figures_are_in_its_page():
    card = read_card(find_card("small"))
    page = render_card(card)
    for split in ("PrivateTest", "PrivateTest without twins"):
        for labels in ("fer2013", "ferplus"):
            assert f"{100 * card.figures[split][labels]['accuracy']:.1f} % ±" in page
            assert f"(n = {card.figures[split][labels]['n']:,})" in page
    assert "Recall by emotion" in page
    assert "Calibration and abstention" in page
