"""The restore of docs/restore.md, tried: a base backup, the archived log, and a moment in time."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from coursewright.records import schema
from coursewright.records.binaries import account, find, within_reach
from coursewright.records.database import without_driver
from coursewright.records.postgres import EmbeddedPostgres

SECONDS = 60.0
PAUSE = 0.05


@pytest.fixture
def place(short_directory: Path) -> Path:
    """A folder for a server, its archive and its successor."""
    found = Path(tempfile.mkdtemp(prefix="r", dir=short_directory))
    found.chmod(0o711)
    return found


def owned(folder: Path) -> Path:
    user = account()
    folder.mkdir(mode=0o700)
    os.chown(folder, user.uid, user.gid)
    return folder


def ask(server: EmbeddedPostgres, query: str) -> Any:
    with psycopg.connect(without_driver(server.url())) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def until(true: Callable[[], bool], what: str) -> None:
    """PostgreSQL sends no notice of these."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(PAUSE)


def hand_in(server: EmbeddedPostgres, name: str) -> None:
    ask(server, f"INSERT INTO events (name, object, detail) VALUES ('{name}', 'sums/one', '{{}}')")


def archive_all(server: EmbeddedPostgres) -> None:
    """Wait until everything that was committed so far is in the archive."""
    last = ask(server, "SELECT pg_walfile_name(pg_switch_wal())")
    archived = "SELECT coalesce(max(last_archived_wal), '') FROM pg_stat_archiver"
    until(lambda: ask(server, archived) >= last, "the log was not archived")


def base_backup(server: EmbeddedPostgres, target: Path) -> None:
    user = account()
    programs = within_reach(find(), user, server.directory)
    command = [programs.program("pg_basebackup"), f"--pgdata={target}", f"--host={server.sockets}"]
    command += ["--wal-method=none", "--checkpoint=fast", "--no-sync"]
    subprocess.run([*user.prefix, *command], check=True, capture_output=True, cwd="/")


def test_a_dropped_table_comes_back_with_every_row_of_the_moment_before(place: Path) -> None:
    archive = owned(place / "archive")
    keep = f"test ! -f {archive}/%f && cp %p {archive}/%f"
    settings = {"fsync": "off", "archive_mode": "on", "archive_command": keep}
    server = EmbeddedPostgres(place / "first", settings=settings)
    try:
        schema.upgrade(server.start())
        hand_in(server, "learning.submitted")
        successor = owned(place / "second")
        base_backup(server, owned(successor / "data"))
        hand_in(server, "learning.graded")
        moment = ask(server, "SELECT clock_timestamp()::text")
        ask(server, "DROP TABLE events CASCADE")
        archive_all(server)
    finally:
        server.stop()

    fetch = f"cp {archive}/%f %p"
    recovery = {
        "restore_command": fetch,
        "recovery_target_time": moment,
        "recovery_target_action": "promote",
    }
    (successor / "data" / "recovery.signal").touch()
    os.chown(successor / "data" / "recovery.signal", account().uid, account().gid)
    restored = EmbeddedPostgres(successor, settings={"fsync": "off", **recovery})
    try:
        url = restored.start()
        until(lambda: not ask(restored, "SELECT pg_is_in_recovery()"), "the recovery did not end")
        names = ask(restored, "SELECT array_agg(name ORDER BY id) FROM events")
        assert names == ["learning.submitted", "learning.graded"]
        schema.check(url)
        hand_in(restored, "learning.submitted")
        assert ask(restored, "SELECT count(*) FROM events") == 3
    finally:
        restored.stop()
