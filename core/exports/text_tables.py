"""Tables as CSV and as JSON lines, for R and pandas without options."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Final, TextIO

from core.exports.columns import Cell, ExportTable

#: A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")

#: Rows of one piece: they are held in memory together.
_ROWS_AT_ONCE: Final = 1_000


def write_csv(table: ExportTable, file: TextIO) -> None:
    """Write a header and a line a row; what is not known is an empty cell, yes and no are 1 and 0."""
    file.writelines(csv_pieces(table))


def write_jsonl(table: ExportTable, file: TextIO) -> None:
    """Write one JSON object a line; what is not known is null."""
    file.writelines(jsonl_pieces(table))


def csv_pieces(table: ExportTable) -> Iterator[str]:
    """Yield what write_csv writes, some rows at a time, as the table's rows come."""
    rows = iter(table.rows)
    some: list[list[str | int | float]] = [[column.name for column in table.columns]]
    while some:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(some)
        yield text.getvalue()
        some = [[_csv_cell(cell) for cell in row] for row in islice(rows, _ROWS_AT_ONCE)]


def jsonl_pieces(table: ExportTable) -> Iterator[str]:
    """Yield what write_jsonl writes, some rows at a time, as the table's rows come."""
    documents = table.documents()
    while some := list(islice(documents, _ROWS_AT_ONCE)):
        yield "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in some)


def safe_cell(value: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return int(cell)
    return safe_cell(cell) if isinstance(cell, str) else cell
