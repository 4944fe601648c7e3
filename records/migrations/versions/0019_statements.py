"""Gradings know the request that led to them; where statements are sent, and those set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gradings", sa.Column("request_id", sa.Text(), nullable=True))
