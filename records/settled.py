"""Up to which number a table can be read on without missing a row.

Numbers are given out before their transactions are committed, so a row may come to be seen after
one with a higher number. Whoever reads on from the last number that was seen would never see it.
"""

from __future__ import annotations

import time

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from coursewright.records.tables import Event, GenerationCall, Grading

PAUSE, TRIES = 0.05, 20  # seconds between two looks, and how many
# Who writes into a table holds this lock until the end of the transaction, from before its first
# number on.
WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE relation = CAST(:table AS regclass)"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()"
)

Counted = type[Event] | type[Grading] | type[GenerationCall]


def settled(session: Session, table: Counted) -> int | None:
    """No row with this number or a lower one will still come; None when that is not known now.

    Waits a second at most for those who are writing.
    """
    highest = session.scalar(select(func.max(table.id))) or 0
    about = {"table": table.__tablename__}
    writers = set(session.scalars(WRITERS, about))
    for _ in range(TRIES):
        if not writers:
            return highest
        time.sleep(PAUSE)
        writers &= set(session.scalars(WRITERS, about))
    return None
