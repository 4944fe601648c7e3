"""Runs the migrations on the connection that records/schema.py hands over."""

from alembic import context

from coursewright.records.schema import is_ours
from coursewright.records.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    include_name=is_ours,
)
context.run_migrations()
