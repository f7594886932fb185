"""Alembic's entry: runs the migrations on the connection, and inside the transaction, that db/schema.py hands in."""

from alembic import context

from db.tables import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata)
context.run_migrations()
