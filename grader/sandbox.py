"""A confined place to run a program in: bubblewrap's command line, and how to start it.

`Sandbox` says what is confined, `Host` what this machine can do, and `command()` makes the line
from the two without looking at anything else. Two cases:

* Started by root, bubblewrap makes no user namespace, so that it can bind folders that lie below a
  0700 home. `setpriv` then gives the program its own user id, for good, and the kernel counts its
  processes by that id: two sandboxes at once should have two ids.
* Started by anyone else, bubblewrap makes a user namespace in which `uid` is that person.

The program's environment never stands on a command line, where every process could read it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from coursewright.grader import seccomp
from coursewright.grader.binds import Bind, system_binds
from coursewright.records.errors import Unavailable

MEGABYTE = 1 << 20
TMP, SHM = "/tmp", "/dev/shm"  # noqa: S108 (private file systems in memory)


@dataclass(frozen=True)
class Rlimits:
    """What the kernel holds every process to; None leaves a limit as it is."""

    cpu_seconds: int | None = None
    memory: int | None = None
    processes: int | None = None
    open_files: int | None = None
    file_size: int | None = None

    def options(self) -> list[str]:
        """For prlimit(1). Bytes; `memory` is address space, per process."""
        limits = {
            "cpu": self.cpu_seconds,
            "as": self.memory,
            "nproc": self.processes,
            "nofile": self.open_files,
            "fsize": self.file_size,
            "core": 0,
        }
        return [f"--{name}={value}" for name, value in limits.items() if value is not None]


@dataclass(frozen=True)
class Host:
    """What this machine has to build a sandbox with. `seccomp` is the filter, see seccomp.py."""

    bwrap: str
    prlimit: str
    setpriv: str
    privileged: bool
    disable_userns: bool = False
    seccomp: bytes | None = None
    system: tuple[Bind, ...] = ()
    network: tuple[Bind, ...] = ()

    @classmethod
    def here(cls) -> Self:
        """Raises Unavailable where a program is missing."""
        return cls(
            bwrap=_program("bwrap", "bubblewrap"),
            prlimit=_program("prlimit", "util-linux"),
            setpriv=_program("setpriv", "util-linux"),
            privileged=os.geteuid() == 0,
            disable_userns=_has_disable_userns(),
            seccomp=seccomp.program(),
            system=system_binds(),
            network=system_binds(share_network=True),
        )


@dataclass(frozen=True)
class Sandbox:
    """What a program may see and use. Everything that is not named here is not there.

    `files` are made-up read-only files (path to text). `tmp_size` and `shm_size` are bytes of
    memory. The sandbox ends with the thread that started it unless `die_with_parent` is off.
    """

    binds: tuple[Bind, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Rlimits = Rlimits()
    share_network: bool = False
    hostname: str = "coursewright"
    user: str = "student"
    uid: int = 200_000
    cwd: str = TMP
    tmp_size: int = 64 * MEGABYTE
    shm_size: int = 16 * MEGABYTE
    die_with_parent: bool = True

    def command(
        self,
        argv: Sequence[str],
        host: Host,
        descriptors: Mapping[str, int] | None = None,
        filter_descriptor: int | None = None,
        info: int | None = None,
    ) -> list[str]:
        """The whole line. `descriptors`: for each path of `made_up()`, where to read its text."""
        return [
            host.bwrap,
            *self._namespaces(host),
            *self._mounts(host, descriptors or {}),
            *(["--seccomp", str(filter_descriptor)] if filter_descriptor is not None else []),
            *(["--info-fd", str(info)] if info is not None else []),
            *["--chdir", "/" if host.privileged else self.cwd, "--"],
            *[host.prlimit, *self.limits.options(), "--"],
            *(self._become(host) if host.privileged else []),
            *argv,
        ]

    def made_up(self) -> dict[str, str]:
        """Path to text of every file that exists only in the sandbox."""
        home = self.environment.get("HOME", TMP)
        made = {
            "/etc/passwd": f"{self.user}:x:{self.uid}:{self.uid}::{home}:/bin/bash\n",
            "/etc/group": f"{self.user}:x:{self.uid}:\n",
        }
        if not self.share_network:
            made["/etc/hosts"] = f"127.0.0.1 localhost {self.hostname}\n"
        return made | dict(self.files)

    def popen(
        self,
        argv: Sequence[str],
        pass_fds: Sequence[int] = (),
        info: int | None = None,
        **options: Any,
    ) -> subprocess.Popen[bytes]:
        """Start `argv` confined; `options` are Popen's. Killing it kills all that it started.

        On `info` bubblewrap writes JSON whose "child-pid" is the sandbox's first process: when that
        one is dead, all are, which may be a little after the death of the returned one.
        Raises Unavailable where isolation is not to be had: nothing ever runs without it.
        """
        host = ready()
        with ExitStack() as stack:
            texts = {
                path: stack.enter_context(_descriptor(text.encode()))
                for path, text in self.made_up().items()
            }
            gate = stack.enter_context(_descriptor(host.seccomp)) if host.seccomp else None
            own = [*texts.values(), *(end for end in (gate, info) if end is not None)]
            return subprocess.Popen(
                self.command(argv, host, texts, gate, info),
                env=dict(self.environment),
                pass_fds=[*pass_fds, *own],
                **options,
            )

    def _namespaces(self, host: Host) -> list[str]:
        line = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        line += ["--hostname", self.hostname, "--new-session"]
        line += [] if self.share_network else ["--unshare-net"]
        line += ["--die-with-parent"] if self.die_with_parent else []
        if host.privileged:
            kept = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")  # for setpriv, which drops them
            return [*line, "--cap-drop", "ALL", *(x for cap in kept for x in ("--cap-add", cap))]
        line += ["--unshare-user", "--uid", str(self.uid), "--gid", str(self.uid)]
        return [*line, *(["--disable-userns"] if host.disable_userns else [])]

    def _become(self, host: Host) -> list[str]:
        who = [f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups"]
        powerless = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"]
        # Only its owner may enter a home of 0700, so the folder is changed as the new user.
        return [host.setpriv, *who, *powerless, "/usr/bin/env", "-C", self.cwd, "--"]

    def _mounts(self, host: Host, descriptors: Mapping[str, int]) -> list[str]:
        system = host.network if self.share_network else host.system
        line = ["--proc", "/proc", "--dev", "/dev"]
        line += ["--size", str(self.shm_size), "--perms", "1777", "--tmpfs", SHM]
        line += ["--size", str(self.tmp_size), "--perms", "1777", "--tmpfs", TMP]
        binds = [*system, *sorted(self.binds, key=lambda bind: bind.target.count("/"))]
        for folder in _parents([*(bind.target for bind in binds), *descriptors], binds):
            line += ["--perms", "0755", "--dir", folder]
        for bind in binds:
            line += _mount(bind)
        for path, descriptor in descriptors.items():
            line += ["--perms", "0444", "--ro-bind-data", str(descriptor), path]
        hidden = [bind.target for bind in binds if bind.kind == "empty"]
        for path in [*hidden, "/dev", "/"]:
            line += ["--remount-ro", path]
        return line


def available() -> str | None:
    """None when sandboxes work here, else why not, for the person who has to mend it."""
    try:
        ready()
    except Unavailable as reason:
        return str(reason)
    return None


@cache
def ready() -> Host:
    """This host, after a sandbox has really run on it. Raises Unavailable (and looks again)."""
    if sys.platform != "linux":
        raise Unavailable("Student code is only ever run isolated, and that needs Linux.")
    host = Host.here()
    line = Sandbox().command(["true"], host)
    done = subprocess.run(line, env={}, capture_output=True, timeout=30, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[:200]
        raise Unavailable(f"{_advice(host)} (bwrap said: {said})")
    return host


def _advice(host: Host) -> str:
    if host.privileged:
        return (
            "Student code cannot be isolated: root may not make namespaces here, as in a container"
            " without CAP_SYS_ADMIN. Run as an ordinary user, or grant it."
        )
    return (
        "Student code cannot be isolated: user namespaces are off."
        " Allow them with `sysctl user.max_user_namespaces=10000`"
        " and, where it exists, `sysctl kernel.unprivileged_userns_clone=1`."
    )


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unavailable(
            f"Student code cannot be isolated: `{name}` is missing. Try `apt install {package}`."
        )
    return found


def _has_disable_userns() -> bool:
    said = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    return "--disable-userns" in said.stdout


def _mount(bind: Bind) -> list[str]:
    match bind.kind:
        case "read-only":
            return ["--ro-bind", bind.source, bind.target]
        case "writable":
            return ["--bind", bind.source, bind.target]
        case "symlink":
            return ["--symlink", bind.source, bind.target]
        case "empty":
            return ["--size", "65536", "--perms", "0755", "--tmpfs", bind.target]


def _parents(paths: Sequence[str], binds: Sequence[Bind]) -> list[str]:
    """The folders to make first. Left to itself, bubblewrap copies the host's 0700 on to them."""
    mounted = {bind.target for bind in binds} | {"/dev", "/proc"}
    wanted = set()
    for path in paths:
        above = path.split("/")[1:-1]
        folders = ["/" + "/".join(above[: depth + 1]) for depth in range(len(above))]
        inside = next((n for n, folder in enumerate(folders) if folder in mounted), len(folders))
        wanted |= set(folders[:inside])
    return sorted(wanted - {TMP})


@contextmanager
def _descriptor(content: bytes) -> Iterator[int]:
    """A descriptor from which another process can read `content`."""
    descriptor = os.memfd_create("coursewright")
    try:
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
