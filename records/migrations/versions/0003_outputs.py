"""What cells showed is kept with the feedback; marks may give extra credit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("feedback", "proposals"):
        op.add_column(table, sa.Column("outputs_sha", sa.Text(), nullable=True))
        name = op.f(f"fk_{table}_outputs_sha_blobs")
        op.create_foreign_key(name, table, "blobs", ["outputs_sha"], ["sha256"])
    extra: sa.Column[float] = sa.Column(
        "extra_credit", sa.Double(), server_default="0", nullable=False
    )
    op.add_column("marks", extra)
    op.add_column("marks", sa.Column("base", sa.Integer(), server_default="0", nullable=False))
    keeps: sa.Column[bool] = sa.Column(
        "keeps", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("marks", keeps)
