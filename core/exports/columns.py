"""What the columns of an export are called, of what kind they are and what they mean: the data dictionary."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: A cell; None: not known, or not there. Never zero in the place of nothing.
Cell = str | int | float | bool | None


class ColumnKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an export."""

    name: str
    kind: ColumnKind
    unit: str  # "ms since 1970 in UTC"; empty: it has none
    meaning: str  # one line

    def document(self) -> dict[str, str]:
        """Return what a data dictionary says of it."""
        return {"name": self.name, "kind": self.kind.value, "unit": self.unit, "meaning": self.meaning}


@dataclass(frozen=True, kw_only=True)
class ExportTable:
    """Columns and the rows under them; rows may be a stream, and pass once."""

    columns: Sequence[Column]
    rows: Iterable[tuple[Cell, ...]]

    def documents(self) -> Iterator[dict[str, Cell]]:
        """Yield each row with its columns' names."""
        names = [column.name for column in self.columns]
        return (dict(zip(names, row, strict=True)) for row in self.rows)

    def to_pandas(self) -> Any:
        """Return a pandas.DataFrame; what is not known is missing in it, and integers stay integers."""
        import pandas as pd  # half a second, and not installed everywhere

        dtypes = {
            ColumnKind.TEXT: "string",
            ColumnKind.INTEGER: "Int64",
            ColumnKind.NUMBER: "Float64",
            ColumnKind.TRUTH: "boolean",
        }
        held = list(self.rows)
        return pd.DataFrame(
            {
                column.name: pd.array([row[index] for row in held], dtype=dtypes[column.kind])
                for index, column in enumerate(self.columns)
            }
        )


def text(name: str, meaning: str, unit: str = "") -> Column:
    """Return a column of text."""
    return Column(name=name, kind=ColumnKind.TEXT, unit=unit, meaning=meaning)


def integer(name: str, meaning: str, unit: str = "") -> Column:
    """Return a column of whole numbers."""
    return Column(name=name, kind=ColumnKind.INTEGER, unit=unit, meaning=meaning)


def number(name: str, meaning: str, unit: str = "") -> Column:
    """Return a column of numbers."""
    return Column(name=name, kind=ColumnKind.NUMBER, unit=unit, meaning=meaning)


def truth(name: str, meaning: str) -> Column:
    """Return a column of yes and no."""
    return Column(name=name, kind=ColumnKind.TRUTH, unit="true or false", meaning=meaning)
