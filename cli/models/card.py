"""`moodline card`: what a model is, what it is for, what was measured of it. Needs no network and no torch."""

from enum import StrEnum
from typing import Annotated

import typer


class CardFormat(StrEnum):
    """How a card can be given out."""

    MARKDOWN = "markdown"
    JSON = "json"


def card(
    model: Annotated[str, typer.Argument(help="A shipped model's name or a card's path.", show_default=False)],
    card_format: Annotated[CardFormat, typer.Option("--format", help="A page to read, or the card itself.")] = (
        CardFormat.MARKDOWN
    ),
) -> None:
    """Print a model's card: uses, data, figures, limits."""
    from fer_model.checkpoints.card import find_card, read_card
    from fer_model.checkpoints.card_text import render_card

    found = read_card(find_card(model))
    typer.echo(found.to_json() if card_format is CardFormat.JSON else render_card(found), nl=False)
