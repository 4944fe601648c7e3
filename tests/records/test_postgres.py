"""The embedded server: who it runs as, who reaches it, and what kills it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from coursewright.records.binaries import Account, account, find, within_reach
from coursewright.records.database import without_driver
from coursewright.records.errors import Unavailable
from coursewright.records.postgres import EmbeddedPostgres

# Starts a server, says its number, and then lives until it is killed.
PARENT = """
import sys
from pathlib import Path
from coursewright.records.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"})
server.start()
print((server.data / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def directory(short_directory: Path, request: pytest.FixtureRequest) -> Path:
    return short_directory / f"p{abs(hash(request.node.name)) % 100_000}"


@pytest.fixture
def server(directory: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(directory, settings={"fsync": "off"})
    yield server
    server.stop()


def ask(server: EmbeddedPostgres, query: str, database: str = "coursewright") -> list[object]:
    with psycopg.connect(without_driver(server.url(database))) as connection:
        cursor = connection.execute(query)
        return list(cursor) if cursor.description else []


def postmaster(server: EmbeddedPostgres) -> psutil.Process:
    return psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))


def wait_for_end(pid: int, seconds: float = 30) -> bool:
    """Whether the process ended in time; also where it is no child of ours."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(handle):
        return bool(select.select([handle], [], [], seconds)[0])


def modes(path: Path) -> list[tuple[str, int, int]]:
    stats = [(str(place), place.stat()) for place in path.parents]
    return [(place, stat.st_mode, stat.st_uid) for place, stat in stats]


def test_the_server_answers_on_its_socket_alone_and_not_as_root(server: EmbeddedPostgres) -> None:
    before = modes(server.directory)
    server.start()
    process = postmaster(server)
    assert ask(server, "SELECT 1") == [(1,)]
    assert ask(server, "SHOW listen_addresses") == [("",)]
    assert process.net_connections("inet") == []
    assert 0 not in process.uids()
    assert os.getsid(process.pid) == process.pid  # Ctrl-C in our terminal goes past it
    assert modes(server.directory) == before
    assert server.directory.stat().st_mode & 0o077 in (0, 0o010)
    assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_mode & 0o077 == 0


def test_data_outlives_a_stop_and_a_start(server: EmbeddedPostgres) -> None:
    server.start()
    ask(server, "CREATE TABLE kept (number int)")
    server.stop()
    assert not server.alive()
    server.start()
    assert ask(server, "SELECT count(*) FROM kept") == [(0,)]


def test_what_was_committed_outlives_a_killed_server(server: EmbeddedPostgres) -> None:
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS number")
    for _ in range(3):
        postmaster(server).kill()
        server.ensure()
        assert ask(server, "SELECT number FROM kept") == [(1,)]
    assert server.alive()


def test_a_server_that_lives_is_left_alone(server: EmbeddedPostgres) -> None:
    server.start()
    first = postmaster(server).pid
    server.ensure()
    server.start()
    assert postmaster(server).pid == first


def begin_parent(directory: Path) -> tuple[subprocess.Popen[str], int]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    return parent, int(parent.stdout.readline())


def test_the_server_stops_when_its_parent_is_killed(directory: Path) -> None:
    parent, pid = begin_parent(directory)
    parent.kill()
    parent.communicate()
    assert wait_for_end(pid)


def test_a_start_waits_for_the_server_of_a_parent_that_was_killed(
    directory: Path, server: EmbeddedPostgres
) -> None:
    parent, pid = begin_parent(directory)
    ask(server, "CREATE TABLE kept AS SELECT 1 AS number")
    parent.kill()
    parent.communicate()
    server.start()
    assert postmaster(server).pid != pid
    assert ask(server, "SELECT number FROM kept") == [(1,)]


def test_the_server_of_another_living_process_is_used_and_left_running(
    directory: Path, server: EmbeddedPostgres
) -> None:
    parent, pid = begin_parent(directory)
    server.start()
    assert postmaster(server).pid == pid
    server.stop()
    assert server.alive()
    parent.kill()
    parent.communicate()
    assert wait_for_end(pid)


def test_starts_at_once_make_one_server(directory: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        begun = list(pool.map(lambda _: begin_parent(directory), range(3)))
    assert len({pid for _, pid in begun}) == 1
    for parent, _ in begun:
        parent.kill()
        parent.communicate()
    assert wait_for_end(begun[0][1])


def test_the_number_of_a_stranger_in_the_pid_file_is_not_believed(
    server: EmbeddedPostgres,
) -> None:
    server.start()
    server.stop()
    stranger = f"{os.getpid()}\n{server.data}\n0\n5432\n{server.sockets}\n\n"
    (server.data / "postmaster.pid").write_text(stranger)
    server.start()
    assert postmaster(server).pid != os.getpid()


def test_a_making_that_was_cut_short_is_begun_anew(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.directory / "data.new").mkdir()
    (server.directory / "data.new" / "half").touch()
    server.data.rename(server.directory / "data.new" / "other")
    server.start()
    assert server.alive()


def test_a_second_database_is_made_once(server: EmbeddedPostgres) -> None:
    server.start()
    url = server.ensure_database("hub")
    assert server.ensure_database("hub") == url == server.url("hub")
    assert ask(server, "SELECT current_database()", "hub") == [("hub",)]


def test_too_long_a_path_is_refused_with_the_reason(short_directory: Path) -> None:
    with pytest.raises(Unavailable, match=r"107.*shorter path"):
        EmbeddedPostgres(short_directory / ("x" * 100)).start()


def test_a_directory_with_other_things_is_left_as_it_is(directory: Path) -> None:
    directory.mkdir()
    (directory / "thesis.txt").touch()
    mode = directory.stat().st_mode
    with pytest.raises(Unavailable, match=r"holds other things \(thesis.txt\)"):
        EmbeddedPostgres(directory).start()
    assert (directory.stat().st_mode, os.listdir(directory)) == (mode, ["thesis.txt"])


def test_a_directory_that_cannot_be_made_is_named(directory: Path) -> None:
    directory.touch()
    with pytest.raises(Unavailable, match=f"cannot be kept in {directory}/x"):
        EmbeddedPostgres(directory / "x").start()


@dataclass(frozen=True)
class Barred(Account):
    """Somebody who may not pass a certain directory."""

    bar: Path = Path()

    def can(self, test: str, path: Path) -> bool:
        return not path.is_relative_to(self.bar)


def test_a_directory_that_the_user_cannot_enter_is_named(directory: Path) -> None:
    us = account()
    user = Barred(us.name, us.uid, us.gid, bar=directory)
    directory.mkdir()
    before = modes(directory / "pg")
    with pytest.raises(Unavailable, match=rf"may not enter {directory}\..*chmod o\+x"):
        EmbeddedPostgres(directory / "pg", user=user).start()
    assert modes(directory / "pg") == before


def test_programs_out_of_reach_are_copied_and_work(directory: Path) -> None:
    us, programs = account(), find()
    user = Barred(us.name, us.uid, us.gid, bar=programs.root)
    directory.mkdir()
    copy = within_reach(programs, user, directory)
    assert copy.folder.is_relative_to(directory)
    command = [*us.prefix, copy.program("postgres"), "--version"]
    assert f" {programs.major}." in subprocess.check_output(command, text=True)
    assert within_reach(programs, user, directory) == copy


def test_a_version_that_is_not_installed_is_named() -> None:
    with pytest.raises(Unavailable, match="PostgreSQL 9 is not installed"):
        find(9)


def test_a_stop_is_a_quick_one_with_open_connections(server: EmbeddedPostgres) -> None:
    server.start()
    pid = postmaster(server).pid
    connection = psycopg.connect(without_driver(server.url()))
    connection.execute("SELECT 1")
    server.stop()
    connection.close()
    assert wait_for_end(pid, 0)


def test_the_server_outlives_the_thread_that_asked_for_it(server: EmbeddedPostgres) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(server.start).result()
    assert not wait_for_end(postmaster(server).pid, 0.5)
    assert server.alive()
