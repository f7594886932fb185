"""Write an evaluation into a folder: report.html to read, report.json to compute with, errors.html to look at."""

import json
from collections.abc import Sequence
from pathlib import Path

from core.errors import EnvironmentFault
from training.evaluation.document import evaluation_document, evaluation_figures
from training.evaluation.error_gallery import gallery_page
from training.evaluation.evaluate import CorruptedFigures, Evaluation, SplitRows, evaluate_split
from training.evaluation.evaluated_model import EvaluatedModel
from training.evaluation.report_page import report_page
from training.evaluation.views import NUM_VIEWS


def write_report(
    folder: Path,
    model: EvaluatedModel,
    rows: SplitRows,
    evaluation: Evaluation,
    corrupted: Sequence[CorruptedFigures],
) -> None:
    """Write the three files; the views that were not asked for are measured too, to stand beside."""
    others = [
        evaluate_split(model.answer, rows, view=view, abstain_below=model.abstain_below)
        for view in NUM_VIEWS
        if view != evaluation.view
    ]
    evaluations = [evaluation, *others]
    document = evaluation_document(model, rows, evaluation, corrupted)
    document["views"] = {found.view: evaluation_figures(found) for found in evaluations}
    title = f"{model.name} on {rows.split}"
    contents = {
        "report.html": report_page(model, rows, evaluations, corrupted),
        "report.json": json.dumps(document, indent=1) + "\n",
        "errors.html": gallery_page(evaluation.answers, rows.faces, title=title),
    }
    for name, content in contents.items():
        try:
            (folder / name).write_text(content, encoding="utf-8")
        except OSError as error:
            raise EnvironmentFault(
                f"{folder / name}: cannot be written ({error.strerror}); choose another folder"
            ) from error
