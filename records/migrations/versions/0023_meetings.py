"""When a course's class meets: servers are kept ready for it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_meetings_weekday"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name="ck_meetings_minutes"),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name="fk_meetings_course_id_courses"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
        sa.UniqueConstraint(
            "course_id", "weekday", "begins", name="uq_meetings_course_id_weekday_begins"
        ),
    )
