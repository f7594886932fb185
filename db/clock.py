"""Time as the database counts it: its own clock, for leases that many machines agree on; stored times as numbers."""

from typing import Any

from sqlalchemy import BigInteger, Double
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


class epoch_us(FunctionElement[int]):  # noqa: N801
    """A stored aware time as whole microseconds since 1970 in UTC; 0 where there is none."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_us, "sqlite")
def _epoch_us_on_sqlite(element: epoch_us, compiler: SQLCompiler, **kw: Any) -> str:
    time = compiler.process(element.clauses, **kw)  # UTC, as text: 2026-10-25 00:03:17.300000
    seconds = f"CAST(strftime('%s', substr({time}, 1, 19)) AS INTEGER)"  # with a fraction it would round
    return f"coalesce({seconds} * 1000000 + CAST(substr({time}, 21) AS INTEGER), 0)"


@compiles(epoch_us, "postgresql")
def _epoch_us_on_postgresql(element: epoch_us, compiler: SQLCompiler, **kw: Any) -> str:
    return f"coalesce(CAST(extract(epoch from {compiler.process(element.clauses, **kw)}) * 1000000 AS bigint), 0)"
