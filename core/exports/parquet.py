"""Tables as Parquet: typed columns, their units and meanings beside them, written some rows at a time."""

from itertools import islice
from pathlib import Path
from typing import Any, Final

from core.errors import EnvironmentFault
from core.exports.columns import Cell, ColumnKind, ExportTable

#: Rows of one group: they are held in memory together.
_ROWS_PER_GROUP: Final = 50_000


def write_parquet(table: ExportTable, out: Path) -> None:
    """Write a file. Raises EnvironmentFault where pyarrow is not installed, OSError where it cannot be written."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise EnvironmentFault("Parquet needs pyarrow: pip install 'moodline[records]'") from error

    types = {
        ColumnKind.TEXT: pa.string(),
        ColumnKind.INTEGER: pa.int64(),
        ColumnKind.NUMBER: pa.float64(),
        ColumnKind.TRUTH: pa.bool_(),
    }
    schema = pa.schema(
        [
            pa.field(column.name, types[column.kind], metadata={"unit": column.unit, "meaning": column.meaning})
            for column in table.columns
        ]
    )
    with out.open("wb") as file, pq.ParquetWriter(file, schema) as writer:
        rows = iter(table.rows)
        while some := list(islice(rows, _ROWS_PER_GROUP)):
            writer.write_table(_as_arrow(pa, schema, some))


def _as_arrow(pa: Any, schema: Any, rows: list[tuple[Cell, ...]]) -> Any:
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)], schema)
