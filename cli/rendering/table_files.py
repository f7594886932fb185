"""An export's table, written to a file or to standard output in the form that was asked for."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from core.errors import EnvironmentFault, InputError

if TYPE_CHECKING:
    from core.exports.columns import ExportTable


class TableForm(StrEnum):
    """Forms of a table that other programs read."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def give_out_table(table: "ExportTable", form: TableForm, out: Path | None) -> None:
    """Write a table to `out`; without it to standard output, which Parquet cannot be."""
    from core.exports.parquet import write_parquet
    from core.exports.text_tables import write_csv, write_jsonl

    write_text = write_jsonl if form is TableForm.JSONL else write_csv
    if out is None:
        if form is TableForm.PARQUET:
            raise InputError("--format parquet: is no text; name a file with --out")
        write_text(table, sys.stdout)
        return
    try:
        if form is TableForm.PARQUET:
            write_parquet(table, out)
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                write_text(table, file)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    typer.echo(f"wrote {out}", err=True)
