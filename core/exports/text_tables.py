"""Tables as CSV and as JSON lines, for R and pandas without options."""

import csv
import json
from typing import Final, TextIO

from core.exports.columns import Cell, ExportTable

#: A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_csv(table: ExportTable, file: TextIO) -> None:
    """Write a header and a line a row; what is not known is an empty cell, yes and no are 1 and 0."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)


def write_jsonl(table: ExportTable, file: TextIO) -> None:
    """Write one JSON object a line; what is not known is null."""
    for document in table.documents():
        file.write(json.dumps(document, ensure_ascii=False) + "\n")


def safe_cell(value: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return int(cell)
    return safe_cell(cell) if isinstance(cell, str) else cell
