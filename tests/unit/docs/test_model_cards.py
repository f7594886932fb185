"""The pages of docs/models are what `moodline card` prints today, one for each shipped model."""

from pathlib import Path

import pytest

from fer_model.checkpoints.card import find_card, read_card
from fer_model.checkpoints.card_text import render_card

PAGES = Path(__file__).resolve().parents[3] / "docs" / "models"
SHIPPED = sorted(path.stem for path in find_card("small").parent.glob("*.json"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_models_page_is_current(name):
    page = PAGES / f"{name}.md"
    remedy = f"run `moodline card {name} > docs/models/{name}.md`"
    assert page.exists(), remedy
    assert page.read_text(encoding="utf-8") == render_card(read_card(find_card(name))), remedy


def test_no_page_speaks_of_a_model_that_is_not_shipped():
    assert sorted(page.stem for page in PAGES.glob("*.md")) == SHIPPED
