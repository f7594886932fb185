"""A card's figures and recipe as Markdown tables and lists. Knows the form of the card's JSON, and no prose about it.

A figure that the card does not hold is left out; one that this module does not know is listed under its own name.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]


def _as_share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _as_gap(value: float) -> str:
    return f"{value:.3f}"


def _as_count(value: int) -> str:
    return f"{value:,}"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One known figure of a label set: where it stands in the JSON, and how a reader should see it."""

    labels: str  # "fer2013" or "ferplus": the key of the label set within a split
    key: str
    text: str
    show: Callable[[Any], str]


#: What a split may hold, by label set.
LABEL_SETS: Final = {"fer2013": "FER2013's labels, 7 classes", "ferplus": "FER+ majority, 8 classes"}

CALIBRATION: Final = (
    Measure(labels="ferplus", key="n_votes", text="pictures with votes", show=_as_count),
    Measure(
        labels="ferplus", key="mean_confidence", text="share of taggers foretold for the top emotion", show=_as_share
    ),
    Measure(labels="ferplus", key="mean_share_named", text="share of taggers who did name it", show=_as_share),
    Measure(
        labels="ferplus",
        key="vote_ece",
        text="gap between the two, mean over bins of equal mass (0 to 1)",
        show=_as_gap,
    ),
    Measure(
        labels="ferplus", key="unreadable_error", text="error of the share foretold as unreadable, mean", show=_as_gap
    ),
    Measure(labels="ferplus", key="abstention_rate", text="readings that abstain", show=_as_share),
    Measure(labels="fer2013", key="ece", text="FER2013 head: expected calibration error", show=_as_gap),
)

#: Keys of a label set that the tables below show.
_SHOWN: Final = {"n", "accuracy", "half_width_95", "macro_recall", "recall"} | {measure.key for measure in CALIBRATION}

#: Keys of the figures that other parts of the text show.
_SHOWN_ELSEWHERE: Final = {"num_parameters", "view", "flip", "seeds", "seeds_flip"}


def splits_of(figures: Json) -> dict[str, Json]:
    """Return the figures that belong to splits, by the split's name: PrivateTest's first."""
    found = {
        name: value
        for name, value in figures.items()
        if isinstance(value, dict) and any(isinstance(value.get(labels), dict) for labels in LABEL_SETS)
    }
    return dict(sorted(found.items(), key=lambda item: not item[0].startswith("PrivateTest")))


def accuracy_table(figures: Json) -> str:
    """Accuracies with intervals and n, and macro recalls: a column a split. Empty where there are none."""
    splits = splits_of(figures)
    rows = []
    for labels, text in LABEL_SETS.items():
        sets = [split.get(labels, {}) for split in splits.values()]
        rows.append([f"{text}: accuracy", *(_accuracy(values) for values in sets)])
        rows.append(
            [f"{text}: recall, mean over classes", *(_cell(values, "macro_recall", _as_share) for values in sets)]
        )
    return _table(["", *splits], rows)


def spread_table(figures: Json) -> str:
    """Accuracies under the other view, and over all seeds of the recipe: a column a split. Empty where unmeasured."""
    splits = splits_of(figures)
    flip = figures.get("flip", {})
    rows = []
    for labels, text in LABEL_SETS.items():
        key = f"{labels}_accuracy"
        rows.append(
            [f"{text}: mean of picture and mirror image", *(_cell(flip.get(s, {}), key, _as_share) for s in splits)]
        )
        for name, view in (("seeds", "single view"), ("seeds_flip", "with mirror image")):
            seeds = figures.get(name, {})
            spreads = (seeds.get(split, {}).get(labels) or {} for split in splits)
            rows.append([f"{text}: {seeds.get('n')} seeds, mean ± sd, {view}", *(_spread(each) for each in spreads)])
    return _table(["", *splits], rows)


def recall_table(figures: Json, labels: str) -> str:
    """Recall of each emotion: a column a split. Empty where none was measured."""
    splits = splits_of(figures)
    recalls = [split.get(labels, {}).get("recall", {}) for split in splits.values()]
    emotions = dict.fromkeys(emotion for recall in recalls for emotion in recall)
    rows = [[emotion, *(_cell(recall, emotion, _as_share) for recall in recalls)] for emotion in emotions]
    return _table([LABEL_SETS[labels], *splits], rows)


def calibration_table(figures: Json) -> str:
    """How far stated probabilities hold, and how often readings abstain: a column a split. Empty where unmeasured."""
    splits = splits_of(figures)
    rows = [
        [known.text, *(_cell(split.get(known.labels, {}), known.key, known.show) for split in splits.values())]
        for known in CALIBRATION
    ]
    return _table(["", *splits], rows)


def further_list(figures: Json) -> str:
    """Every figure that no table shows, under the names that the card gives it: a line each."""
    splits = splits_of(figures)
    further = {name: value for name, value in figures.items() if name not in {*splits, *_SHOWN_ELSEWHERE}}
    for name, split in splits.items():
        for labels, values in split.items():
            is_label_set = labels in LABEL_SETS and isinstance(values, dict)
            rest = {key: value for key, value in values.items() if key not in _SHOWN} if is_label_set else values
            further[f"{name}, {labels}"] = rest
    return leaf_list(further)


def leaf_list(values: Json) -> str:
    """Name every plain value of nested JSON by its path: a line each."""
    return "\n".join(f"* {name}: {value}" for name, value in _leaves(values))


def recipe_list(recipe: Json) -> str:
    """A recipe in short: a line of its plain values, then one for each part; what parts hold in turn is left out."""
    lines = [_plain_values(recipe)]
    for name, value in recipe.items():
        parts = value if _is_list_of_parts(value) else [value] if isinstance(value, dict) else []
        for number, part in enumerate(parts, start=1):
            which = f"{name}, {number} of {len(parts)}" if len(parts) > 1 else name
            lines.append(f"{which}: {values}" if (values := _plain_values(part)) else "")
    return "\n".join(f"* {line}" for line in lines if line)


def _accuracy(values: Json) -> str:
    if "accuracy" not in values:
        return ""
    half_width = f" ± {100 * values['half_width_95']:.1f}" if "half_width_95" in values else ""
    n = f" (n = {values['n']:,})" if "n" in values else ""
    return _as_share(values["accuracy"]) + half_width + n


def _spread(values: Json) -> str:
    return f"{_as_share(values['mean'])} ± {100 * values['sd']:.1f}" if values else ""


def _cell(values: Json, key: str, show: Callable[[Any], str]) -> str:
    return show(values[key]) if key in values else ""


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table, without rows that say nothing; empty where none is left."""
    kept = [row for row in rows if any(row[1:])]
    if not kept:
        return ""
    lines = [header, ["---"] * len(header), *kept]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _leaves(values: Json, prefix: str = "") -> list[tuple[str, str]]:
    leaves: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            leaves += _leaves(value, f"{prefix}{name}, ")
        elif (text := _plain(value)) is not None:
            leaves.append((f"{prefix}{name}", text))
    return leaves


def _plain_values(values: Json) -> str:
    texts = {name: _plain(value) for name, value in values.items()}
    return ", ".join(f"{name} {text}" for name, text in texts.items() if text is not None)


def _plain(value: Any) -> str | None:
    """Show a value that is no structure, or a row of such values; None for anything else."""
    if isinstance(value, list) and value and all(isinstance(item, int | float | str) for item in value):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, int | float | str) else None


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)
