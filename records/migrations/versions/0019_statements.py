"""Gradings know the request that led to them; where statements are sent, and those set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gradings", sa.Column("request_id", sa.Text(), nullable=True))
    op.create_table(
        "statement_feeds",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("last_event", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sent", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("endpoint", name="pk_statement_feeds"),
    )
    op.create_table(
        "statements_aside",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["endpoint"],
            ["statement_feeds.endpoint"],
            name="fk_statements_aside_endpoint_statement_feeds",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_statements_aside"),
        sa.UniqueConstraint("endpoint", "event_id", name="uq_statements_aside_endpoint_event_id"),
    )
