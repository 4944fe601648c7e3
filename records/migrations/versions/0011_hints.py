"""The hints that somebody was given are found without reading everybody's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_events_hints",
        "events",
        ["person_id", "object"],
        postgresql_where=sa.text("name = 'exercise.hint'"),
    )
