"""The report as one page that works offline: tables and plots of everything that was measured, and not one face."""

from collections.abc import Sequence

from core.documents import NOTICE
from training.evaluation import report_plots
from training.evaluation.evaluate import CorruptedFigures, Evaluation, SplitRows
from training.evaluation.evaluated_model import EvaluatedModel
from training.evaluation.figures import Figures
from training.evaluation.html_page import element, html_table, page, svg_picture
from training.evaluation.metrics import LabelFigures
from training.evaluation.tables import across_label_sets, classes_table, corruptions_table, heads_table, votes_table

_WORDS = (
    "Intervals are Wilson's, 95 %. Macro recall is the mean of the classes' recalls. ECE: mean gap between confidence "
    "and share right, 15 bins of equal mass; classwise: the same for each class's probability, averaged. AURC: mean "
    "share of errors as ever more answers are kept, the most confident first. View flip: mean of the probabilities of "
    "a picture and its mirror image. NLL in nats. The FER+ head foretells shares of people, so against their majority "
    "it is less sure than right; its own measure is the gap below."
)

_VOTE_WORDS = (
    "Gap: between the confidence in the top emotion and the share of taggers who named it, 15 bins of equal mass. KL, "
    "JS: mean divergence of the ten answers from the ten shares, in nats. Unreadable gap: mean gap in the share of "
    "“unknown” and “not a face”."
)


def report_page(
    model: EvaluatedModel, rows: SplitRows, evaluations: Sequence[Evaluation], corrupted: Sequence[CorruptedFigures]
) -> str:
    """Return the page; the first evaluation is told in full, the others beside it in the first two tables."""
    figures = evaluations[0].all_rows
    parts = [
        *_head(model, rows, evaluations[0].view),
        element("h2", "Both heads"),
        html_table(heads_table(evaluations)),
        element("p", _WORDS, css_class="small"),
        *_votes(evaluations),
    ]
    if figures.fer2013 is not None:
        parts += _classes("FER2013 labels", figures.fer2013)
    if figures.ferplus is not None:
        parts += _classes("FER+ majority", figures.ferplus.majority)
    parts += [element("h2", "How sure, and how often right (all rows)"), *_confidence(figures)]
    if corrupted:
        parts += [
            element("h2", "Damaged pictures (all rows)"),
            '<div class="plots">',
            html_table(corruptions_table(figures, corrupted)),
            svg_picture(report_plots.corruptions_svg(figures, corrupted), alt="accuracy under each damage"),
            "</div>",
        ]
    return page(title=f"{model.name} on {rows.split}", body="\n".join(parts))


def _head(model: EvaluatedModel, rows: SplitRows, view: str) -> list[str]:
    twins = "twins cannot be told, since the data holds no Training pictures"
    if rows.is_twin is not None:
        twins = f"{int(rows.is_twin.sum()):,} of them pixel-identical to a Training picture (“twins”)"
    weights = ", ".join(member.version for member in model.members)
    return [
        element("h1", f"{model.name} on {rows.split}"),
        element(
            "p",
            f"{model.num_parameters:,} parameters; weights: {weights}. {len(rows.faces):,} pictures, {twins}. "
            f"Classes, plots and damaged pictures: view {view}.",
            css_class="small",
        ),
        element("p", NOTICE, css_class="notice"),
    ]


def _votes(evaluations: Sequence[Evaluation]) -> list[str]:
    found = votes_table(evaluations)
    if not found.rows:
        return [element("p", "FER+ is not measured: no votes were given, or the model has no such head.")]
    return [
        element("h2", "The FER+ head beside the ten taggers"),
        html_table(found),
        element("p", _VOTE_WORDS, css_class="small"),
        element("p", across_label_sets(evaluations[0].all_rows)),
    ]


def _classes(title: str, figures: LabelFigures) -> list[str]:
    return [
        element("h2", f"{title}, class by class (all rows)"),
        html_table(classes_table("class", figures)),
        '<div class="plots">',
        svg_picture(report_plots.classes_svg(figures, title), alt=f"{title}: recall and precision of each class"),
        svg_picture(report_plots.confusion_svg(figures, title), alt=f"{title}: confusion matrix"),
        "</div>",
    ]


def _confidence(figures: Figures) -> list[str]:
    return [
        '<div class="plots">',
        svg_picture(report_plots.reliability_svg(figures), alt="reliability of both heads"),
        svg_picture(report_plots.risk_coverage_svg(figures), alt="share of errors by share of answers kept"),
        "</div>",
    ]
