"""The database's clock, for leases: workers on many machines agree on it, whatever their own clocks say."""

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class database_seconds(FunctionElement[float]):  # noqa: N801 - used like sqlalchemy.func's names
    """The time on the database's clock, Unix seconds with a fraction."""

    type = Double()
    inherit_cache = True


@compiles(database_seconds, "sqlite")
def _on_sqlite(_element: database_seconds, _compiler: SQLCompiler, **_kw: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"  # 2440587.5 is the Julian day of 1970-01-01


@compiles(database_seconds, "postgresql")
def _on_postgresql(_element: database_seconds, _compiler: SQLCompiler, **_kw: Any) -> str:
    return "(extract(epoch from clock_timestamp())::double precision)"  # now() stands still while a claim waits
