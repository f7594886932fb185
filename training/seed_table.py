"""docs/seeds.md's table: what five public systems claim beside what our recipes give, made from docs/seeds.json.

`python -m training.seed_table` renders the page anew; with ROW RUN and evaluations it records what a run gave first:
`python -m training.seed_table s0-deep runs/s0-deep public.json private.json`, where the last two are what
`moodline evaluate runs/s0-deep --json` printed for each split. Knows no network; no figure is typed by hand.
"""

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any, Final

from core.errors import InputError
from training.learning.run_folder import RunFolder
from training.recipes.registry import find_recipe

#: The table stands between these two lines of the page.
_BEGIN: Final = "<!-- begin: made by python -m training.seed_table -->"
_END: Final = "<!-- end -->"

_HEADER: Final = (
    "recipe",
    "its authors report",
    "what must be known of that",
    "ours: PublicTest without twins",
    "ours: PrivateTest",
    "ours: PrivateTest without twins",
    "macro recall, PrivateTest",
    "epochs",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Share:
    """A share of right answers with the number of rows that it rests on."""

    value: float  # 0..1
    half_width: float  # half of the 95 % interval, 0..1
    n: int

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % ± {100 * self.half_width:.1f} (n = {self.n:,})"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeedFigures:
    """What one of our recipes gave."""

    num_epochs: int  # that the run had when it was evaluated
    public_without_twins: Share
    private: Share
    private_without_twins: Share
    private_macro_recall: float  # 0..1


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeedRow:
    """One line of the table."""

    name: str  # the recipe's, or the recipe's with " --snapshots"
    claim: str  # as its authors print it
    caveat: str  # what must be known of the claim; "" where nothing is
    figures: SeedFigures | None  # None: not yet trained


def read_rows(path: Path) -> tuple[SeedRow, ...]:
    """Read docs/seeds.json. Raises InputError where it does not fit."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return tuple(SeedRow(**row | {"figures": _figures(row["figures"])}) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not the figures of the seed systems ({error})") from error


def write_rows(path: Path, rows: tuple[SeedRow, ...]) -> None:
    """Write docs/seeds.json."""
    document = [dataclasses.asdict(row) for row in rows]
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def render_table(rows: tuple[SeedRow, ...]) -> str:
    """Render Markdown, a line a row."""
    lines = [_HEADER, ("---",) * len(_HEADER), *(_cells(row) for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def with_table(page: str, table: str) -> str:
    """Return a page with the table between its two marks. Raises InputError for a page without them."""
    if page.count(_BEGIN) != 1 or page.count(_END) != 1:
        raise InputError(f"the page needs one line {_BEGIN!r} and one line {_END!r}, with the table between them")
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n\n{table}\n{_END}{rest.partition(_END)[2]}"


def figures_of(public: dict[str, Any], private: dict[str, Any], *, num_epochs: int) -> SeedFigures:
    """Take the FER2013 figures out of two evaluations of one model. Raises InputError where they are something else."""
    splits = (public.get("split"), private.get("split"))
    if splits != ("PublicTest", "PrivateTest"):
        raise InputError(f"expected evaluations on PublicTest and PrivateTest, in this order, got {splits}")
    if public["members"] != private["members"]:
        raise InputError(f"expected one model, got evaluations of {public['members']} and {private['members']}")
    return SeedFigures(
        num_epochs=num_epochs,
        public_without_twins=_share(public["fer2013"]["without_twins"]),
        private=_share(private["fer2013"]),
        private_without_twins=_share(private["fer2013"]["without_twins"]),
        private_macro_recall=private["fer2013"]["macro_recall"],
    )


def recorded(rows: tuple[SeedRow, ...], name: str, figures: SeedFigures) -> tuple[SeedRow, ...]:
    """Put figures into the row of a name. Raises InputError that lists the names."""
    if name not in {row.name for row in rows}:
        raise InputError(f"no row is called {name!r}; choose one of {', '.join(row.name for row in rows)}")
    return tuple(dataclasses.replace(row, figures=figures) if row.name == name else row for row in rows)


def _read_figures(run: Path, public: Path, private: Path) -> SeedFigures:
    lines = RunFolder(run).lines()
    if not lines:
        raise InputError(f"{run}: no log.jsonl of a training run in it")
    try:
        documents = [json.loads(path.read_text(encoding="utf-8")) for path in (public, private)]
        return figures_of(documents[0], documents[1], num_epochs=lines[-1]["epoch"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{public}, {private}: not what `moodline evaluate --json` prints ({error})") from error


def _share(document: dict[str, Any]) -> Share:
    return Share(value=document["accuracy"], half_width=document["half_width_95"], n=document["n"])


def _figures(document: dict[str, Any] | None) -> SeedFigures | None:
    if document is None:
        return None
    shares = {name: Share(**value) for name, value in document.items() if isinstance(value, dict)}
    return SeedFigures(**document | shares)


def _cells(row: SeedRow) -> tuple[str, ...]:
    claim = (f"`{row.name}`", row.claim, row.caveat)
    if row.figures is None:
        return (*claim, "not yet trained", "", "", "", "")
    found = row.figures
    shares = (found.public_without_twins, found.private, found.private_without_twins)
    return (*claim, *map(str, shares), f"{100 * found.private_macro_recall:.1f} %", _epochs(row.name, found))


def _epochs(name: str, found: SeedFigures) -> str:
    """Say how many epochs were trained, and how many the recipe has where they were fewer."""
    whole = find_recipe(name.partition(" ")[0]).num_epochs
    return str(found.num_epochs) if found.num_epochs == whole else f"{found.num_epochs} of {whole}"


def main() -> None:
    """Parse the command line, record what a run gave where one is named, and render the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="*", metavar="ROW RUN PUBLIC PRIVATE", help="what to record before rendering")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder with seeds.json and seeds.md")
    args = parser.parse_args()
    figures_path, page_path = args.docs / "seeds.json", args.docs / "seeds.md"
    if len(args.run) not in (0, 4):
        parser.error("give ROW, RUN, PUBLIC and PRIVATE together, or nothing")
    try:
        rows = read_rows(figures_path)
        if args.run:
            rows = recorded(rows, args.run[0], _read_figures(*map(Path, args.run[1:])))
            write_rows(figures_path, rows)
        page_path.write_text(with_table(page_path.read_text(encoding="utf-8"), render_table(rows)), encoding="utf-8")
    except InputError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
