"""A real PostgreSQL of our own: started, watched and stopped by the program that needs it.

Nobody but the server's user and root can reach it: it listens on one unix socket, in a directory
that only they may enter, and on no TCP port. A connection is what proves that a server is there;
pid files are never believed, since a pid may belong to a zombie or to a stranger.

    <directory>/            made here, or empty before; nothing above it is changed
        data/               PostgreSQL's own
        run/                the socket
        postgres.log
        postgresql-18/      copies of the programs, only where their own place is out of reach
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from coursewright.records.binaries import Account, Binaries, account, find, within_reach
from coursewright.records.database import DRIVER
from coursewright.records.errors import Unavailable

DATABASE = "coursewright"
OURS = ("data", "data.new", "run", "postgres.log", "postgres.log.1", "lock")
COPIES = "postgresql-"
SOCKET_LIMIT = 107  # bytes of sun_path on Linux, without its end
LOG_LIMIT = 10 * 1024 * 1024
WAIT = 60.0
PAUSE = 0.03

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%a ",
    "jit": "off",
}


class EmbeddedPostgres:
    """One server over one directory. Its methods may be called from any thread, one at a time.

    The server lives as a child of this process and stops by itself when this process dies in
    whatever way; a server that another living process started there is used, and left running.
    """

    def __init__(
        self,
        directory: Path,
        settings: Mapping[str, str] | None = None,
        user: Account | None = None,
    ) -> None:
        self.directory = directory.absolute()
        self.data = self.directory / "data"
        self.sockets = self.directory / "run"
        self.log = self.directory / "postgres.log"
        self.settings = {**SETTINGS, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._account = user
        # The kernel's "parent died" means the thread that forked: this one lives as long as we.
        self._forker = ThreadPoolExecutor(1, thread_name_prefix="postgres")
        self._starting = threading.Lock()

    def url(self, database: str = DATABASE) -> str:
        """SQLAlchemy's address of a database on this server."""
        name = self._user().name
        return f"{DRIVER}{name}@/{quote(database)}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> str:
        """Start the server, or use the one that runs there; returns the address of its database.

        Raises Unavailable, with what to do, when that is not possible.
        """
        with self._starting:
            user = self._user()
            self._prepare(user)
            with self._alone():
                deadline = time.monotonic() + WAIT
                self._wait_for_predecessor(deadline)
                if not self._answers():
                    self._launch(user, deadline)
        return self.ensure_database(DATABASE)

    def alive(self) -> bool:
        """Whether the server answers."""
        return self._answers()

    def ensure(self) -> str:
        """Start the server again when it does not answer."""
        return self.url() if self.alive() else self.start()

    def ensure_database(self, name: str) -> str:
        """Make the database when there is none; returns its address."""
        with self._connect() as connection:
            connection.autocommit = True
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
                return self.url(name)
            duplicate = psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation
            with contextlib.suppress(*duplicate):  # somebody else makes it at this moment
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def stop(self) -> None:
        """Stop the server that this object started, and nothing else. Open work is rolled back."""
        process, self._process = self._process, None
        if process is not None:
            for number, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
                process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(patience)
                    break
            else:
                process.kill()
                process.wait()

    # Preparing

    def _user(self) -> Account:
        if self._account is None:
            self._account = account()
        return self._account

    def _prepare(self, user: Account) -> None:
        socket = self.sockets / ".s.PGSQL.5432"
        length = len(os.fsencode(socket))
        if length > SOCKET_LIMIT:
            raise Unavailable(
                f"{self.directory} is too long a path for the database: its socket would have a "
                f"name of {length} bytes, the system allows {SOCKET_LIMIT}. Use a shorter path"
            )
        try:
            self._own(user)
        except OSError as error:
            raise Unavailable(
                f"The database cannot be kept in {self.directory}: {error.strerror}. "
                "Choose a directory that may be written"
            ) from error
        self._check_way(user)

    def _own(self, user: Account) -> None:
        """The directory is ours, and the server's user may only pass through it to its own two."""
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        self.directory.mkdir(mode=0o700, exist_ok=True)
        strange = sorted({item.name for item in self.directory.iterdir() if not _known(item.name)})
        if strange:
            raise Unavailable(
                f"{self.directory} holds other things ({', '.join(strange[:3])}). "
                "Choose an empty directory for the database"
            )
        if user.uid != os.geteuid():
            os.chown(self.directory, os.geteuid(), user.gid)
            self.directory.chmod(0o710)
        _make(self.sockets, user)

    def _check_way(self, user: Account) -> None:
        if user.can("-w", self.sockets):
            return
        ancestors = [*reversed(self.directory.parents), self.directory]
        closed = next((path for path in ancestors if not user.can("-x", path)), self.sockets)
        raise Unavailable(
            f"The database runs as the user {user.name}, who may not enter {closed}. Choose a "
            f"data directory elsewhere (--data-dir), or allow it: chmod o+x {closed}"
        )

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _binaries(self, user: Account) -> Binaries:
        version = self.data / "PG_VERSION"
        major = int(version.read_text()) if version.exists() else None
        return within_reach(find(major), user, self.directory)

    def _initialise(self, user: Account, binaries: Binaries) -> None:
        # Made beside its place and then moved there: a half-made one is never taken for whole.
        fresh = self.directory / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        _make(fresh, user)
        command = [binaries.program("initdb"), "--pgdata", str(fresh), "--username", user.name]
        command += ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C"]
        if binaries.major >= 17:  # sorts alike on every system, whatever its C library
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.settings["fsync"] == "off":
            command.append("--no-sync")
        told = subprocess.run(
            [*user.prefix, *command],
            check=False,
            capture_output=True,
            text=True,
            env=_environment(),
            cwd="/",
        )
        if told.returncode:
            raise Unavailable(f"The database could not be made: {told.stderr.strip()}")
        fresh.rename(self.data)

    # Starting

    def _launch(self, user: Account, deadline: float) -> None:
        binaries = self._binaries(user)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(user, binaries)
        while not self._answers():
            # Nothing answers and no process is at work there, so what these say is not true.
            for stale in ("data/postmaster.pid", "run/.s.PGSQL.5432", "run/.s.PGSQL.5432.lock"):
                (self.directory / stale).unlink(missing_ok=True)
            if self._process is not None:
                self._process.wait()  # it is dead, see above; only its entry is left
            process = self._process = self._forker.submit(self._fork, user, binaries).result()
            while process.poll() is None and time.monotonic() < deadline:
                if self._answers():
                    return
                time.sleep(PAUSE)
            self.stop()
            if time.monotonic() >= deadline or not self._processes():
                raise Unavailable(f"The database did not start: {self._last_words()}")
            self._wait_for_predecessor(deadline)

    def _fork(self, user: Account, binaries: Binaries) -> subprocess.Popen[bytes]:
        settings = {
            **self.settings,
            "unix_socket_directories": str(self.sockets),
            # Tells a later start whether the process that holds the server still lives.
            "cluster_name": f"coursewright-{os.getpid()}",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        prefix = user.prefix or ["setpriv"]
        command = [*prefix, "--pdeathsig=INT", "--", binaries.program("postgres")]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_name("postgres.log.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*command, "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                cwd="/",
                start_new_session=True,  # Ctrl-C in a terminal must not reach it
            )

    def _adopts(self) -> bool:
        """Whether a server answers whose parent lives, so that it is not about to stop."""
        try:
            with self._connect() as connection:
                name = connection.execute("SHOW cluster_name").fetchone()
                postmaster = _parent(connection.info.backend_pid)
        except psycopg.Error:
            return False
        return name == (f"coursewright-{_parent(postmaster)}",)

    def _wait_for_predecessor(self, deadline: float) -> None:
        """Wait until no process works on the data: a server that stops, or a dead one's children.

        A server that answers for long although its parent is gone was started by somebody's hand.
        """
        patience = time.monotonic() + 10
        while (living := self._processes()) and not self._adopts():
            now = time.monotonic()
            if now > patience and self._answers():
                return
            if now > patience and _leaderless(living):
                for pid in living:  # without their postmaster they serve nobody
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGQUIT)
            if now > deadline:
                pids = ", ".join(map(str, living))
                raise Unavailable(
                    f"Processes {pids} still work on {self.data}, yet no server answers. "
                    "Stop them, then try again"
                )
            time.sleep(PAUSE)

    # Looking

    def _connect(self) -> psycopg.Connection:
        host, user = str(self.sockets), self._user().name
        return psycopg.connect(host=host, user=user, dbname="postgres", connect_timeout=5)

    def _answers(self) -> bool:
        """Whether connections are accepted, be there a place for one more or not."""
        address = make_conninfo(host=str(self.sockets), dbname="postgres", connect_timeout=5)
        return pq.PGconn.ping(address.encode()) == pq.Ping.OK

    def _processes(self) -> list[int]:
        """PostgreSQL's processes over our data; each of them works in that directory."""
        return [pid for pid in _pids() if _works_in(pid) == str(self.data.resolve())]

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return " ".join(lines[-5:]) or "it said nothing"


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _known(name: str) -> bool:
    return name in OURS or name.startswith(COPIES)


def _make(directory: Path, user: Account) -> None:
    """Make a directory for this user alone."""
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
        if user.uid != os.geteuid():
            os.chown(directory, user.uid, user.gid)


def _pids() -> Iterator[int]:
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def _works_in(pid: int) -> str | None:
    """The directory that a process works in; None for zombies and for strangers' processes."""
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return None


def _parent(pid: int) -> int:
    """0 when there is no such process."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))


def _leaderless(pids: list[int]) -> bool:
    """Whether none is the parent of another, as a postmaster is of all the rest."""
    return not {_parent(pid) for pid in pids} & set(pids)
