"""What is confined, how tightly, and what this machine has to do it with: values alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from coursewright.grader import seccomp
from coursewright.grader.binds import Bind, read_only, system_binds
from coursewright.grader.cgroup import Home

MEGABYTE = 1 << 20
ENV = "/usr/bin/env"
TMP, SHM = "/tmp", "/dev/shm"  # noqa: S108 (private file systems in memory)


@dataclass(frozen=True)
class Rlimits:
    """What the kernel holds a program to; None leaves a limit as it is.

    All but `tree` hold for each process alone; `processes` counts those of the sandbox's user.
    `memory` is address space and `data` what a process can write of it, both in bytes. `tree` is
    what all processes and their files in memory take together, where `Host.memory` can bound it:
    None is the same as `memory`.
    """

    cpu_seconds: int | None = None
    memory: int | None = None
    data: int | None = None
    processes: int | None = None
    open_files: int | None = None
    file_size: int | None = None
    tree: int | None = None

    def values(self) -> dict[str, int]:
        """The limits of each process that are set, by the kernel's short names."""
        limits = {
            "cpu": self.cpu_seconds,
            "as": self.memory,
            "data": self.data,
            "nproc": self.processes,
            "nofile": self.open_files,
            "fsize": self.file_size,
            "core": 0,
        }
        return {name: value for name, value in limits.items() if value is not None}

    @property
    def whole(self) -> int | None:
        return self.memory if self.tree is None else self.tree


@dataclass(frozen=True)
class Host:
    """What this machine has to build a sandbox with: bubblewrap, or without it `python`.

    `seccomp` is the filter, see seccomp.py. `memory` is where control groups can be made; None
    where they cannot: then the memory of a whole sandbox has no bound, only that of a process.
    """

    privileged: bool
    bwrap: str = ""
    prlimit: str = ""
    setpriv: str = ""
    python: str = sys.executable
    disable_userns: bool = False
    seccomp: bytes | None = None
    system: tuple[Bind, ...] = ()
    network: tuple[Bind, ...] = ()
    memory: Home | None = None

    @property
    def builder(self) -> str:
        return "bubblewrap" if self.bwrap else "namespaces"

    @property
    def tools(self) -> list[Bind]:
        """What has to be in the sandbox for it to start, even where the system is not."""
        return [read_only(path) for path in (self.prlimit, self.setpriv, ENV) if self.bwrap]

    @classmethod
    def here(cls) -> Iterator[Self]:
        """What could work here, best first."""
        plain = cls(
            privileged=os.geteuid() == 0,
            seccomp=seccomp.program(),
            system=system_binds(),
            network=system_binds(share_network=True),
            memory=Home.find(),
        )
        bwrap, prlimit, setpriv = (shutil.which(name) for name in ("bwrap", "prlimit", "setpriv"))
        if bwrap and prlimit and setpriv:
            yield replace(
                plain,
                bwrap=bwrap,
                prlimit=prlimit,
                setpriv=setpriv,
                disable_userns=_has_disable_userns(bwrap),
            )
        # Without bubblewrap it is the filter alone that keeps root's sandboxes out of namespaces.
        if plain.seccomp:
            yield plain


@dataclass(frozen=True)
class Confinement:
    """What a program may see and use. Everything that is not named here is not there.

    `files` are made-up read-only files (path to text). `tmp_size` and `shm_size` are bytes of
    memory. `system` stands for the host's own system folders where it is given. The sandbox ends
    with the thread that started it unless `die_with_parent` is off.
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
    system: tuple[Bind, ...] | None = None
    die_with_parent: bool = True

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

    def mounts(self, host: Host) -> list[Bind]:
        """Everything that is mounted from outside, what lies above before what lies below."""
        system: Sequence[Bind] = host.network if self.share_network else host.system
        if self.system is not None:
            system = [*self.system, *host.tools]
        return [*system, *sorted(self.binds, key=lambda bind: bind.target.count("/"))]


def parents(paths: Sequence[str], binds: Sequence[Bind]) -> list[str]:
    """The folders to make first, for everyone to enter, so that no mode of the host's is copied."""
    mounted = {bind.target for bind in binds} | {"/dev", "/proc"}
    wanted = set()
    for path in paths:
        above = path.split("/")[1:-1]
        folders = ["/" + "/".join(above[: depth + 1]) for depth in range(len(above))]
        inside = next((n for n, folder in enumerate(folders) if folder in mounted), len(folders))
        wanted |= set(folders[:inside])
    return sorted(wanted - {TMP})


def _has_disable_userns(bwrap: str) -> bool:
    said = subprocess.run([bwrap, "--help"], capture_output=True, text=True, check=False)
    return "--disable-userns" in said.stdout
