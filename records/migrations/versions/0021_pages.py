"""What pages ask for often is found by an index: answers that wait for a person to mark them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_scores_manual",
        "scores",
        ["grading_id"],
        postgresql_where=sa.text("status = 'manual'"),
    )
