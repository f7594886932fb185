"""An evaluation as terminal tables. Knows text only: what stands in the tables is training's."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from core.documents import NOTICE
from training.evaluation.evaluate import CorruptedFigures, Evaluation, SplitRows
from training.evaluation.evaluated_model import EvaluatedModel
from training.evaluation.tables import (
    TextTable,
    across_label_sets,
    classes_table,
    corruptions_table,
    heads_table,
    votes_table,
)


def render_evaluation(
    model: EvaluatedModel, rows: SplitRows, evaluation: Evaluation, corrupted: Sequence[CorruptedFigures] | None
) -> Group:
    """Both heads with and without twins, then classes, votes and corruptions."""
    figures = evaluation.all_rows
    title = f"{model.name}, {model.num_parameters:,} parameters, on {rows.split}"
    versions = f"weights: {', '.join(member.version for member in model.members)}"
    parts: list[RenderableType] = [Text(title, style="bold"), Text(versions, style="dim")]
    parts += ["", _rich_table(heads_table([evaluation]))]
    if figures.fer2013 is not None:
        parts += ["", _rich_table(classes_table("FER2013 labels", figures.fer2013))]
    if figures.ferplus is not None:
        parts += ["", _rich_table(classes_table("FER+ majority", figures.ferplus.majority))]
        parts += ["", _rich_table(votes_table([evaluation])), Text(across_label_sets(figures), style="dim")]
    if corrupted:
        parts += ["", _rich_table(corruptions_table(figures, corrupted))]
    return Group(*parts, "", Text(NOTICE, style="dim italic"))


def _rich_table(table: TextTable) -> Table:
    rendered = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(table.header):
        rendered.add_column(name, justify="left" if index < table.num_word_columns else "right", no_wrap=True)
    for row in table.rows:
        rendered.add_row(*map(Text, row))
    if table.total:
        rendered.add_row(*map(Text, table.total), style="bold")
    return rendered
