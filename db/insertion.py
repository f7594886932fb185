"""Inserting a row that may be there already, the same way on every database."""

from sqlalchemy import Connection, Insert
from sqlalchemy.exc import IntegrityError


def insert_if_absent(connection: Connection, statement: Insert) -> bool:
    """Insert a row unless its key is there, also when another transaction is inserting it now. True: inserted.

    A savepoint, because ON CONFLICT is spelled per database.
    """
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except IntegrityError:
        return False
    return True
