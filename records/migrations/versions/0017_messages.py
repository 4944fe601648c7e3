"""Messages to a selection of a course's students, and who has read them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_by", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        _points_to("messages", "course_id", "courses"),
        _points_to("messages", "sent_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_course_id_id"), "messages", ["course_id", "id"])
    op.create_index("ix_messages_sent_by_created_at", "messages", ["sent_by", "created_at"])
    op.create_table(
        "message_copies",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        _points_to("message_copies", "message_id", "messages"),
        _points_to("message_copies", "person_id", "people"),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_message_copies")),
    )
    op.create_index(
        op.f("ix_message_copies_person_id_message_id"),
        "message_copies",
        ["person_id", "message_id"],
    )
    op.create_index(
        "ix_message_copies_unread",
        "message_copies",
        ["person_id"],
        postgresql_where=sa.text("read_at IS NULL"),
    )


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
