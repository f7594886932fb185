import json

import pytest

from cli.models.card import CardFormat, card
from core.errors import InputError
from fer_model.checkpoints.card import find_card


def test_a_card_is_printed_as_a_page(capsys):
    card("small", CardFormat.MARKDOWN)
    page = capsys.readouterr().out
    assert page.startswith("# Model card: small-")
    assert page.endswith(".\n")


def test_the_card_itself_is_printed_as_json(capsys):
    card("small", CardFormat.JSON)
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(find_card("small").read_text()) | {"views": printed["views"]}


def test_a_model_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="'huge'"):
        card("huge", CardFormat.MARKDOWN)
