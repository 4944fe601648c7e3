"""A confined place to run a program in, and whether this machine has one to offer.

What is confined is said in confinement.py. Two builders make the same of it: bubblewrap
(bubblewrap.py), and where that is not installed our own launcher (namespaces.py). `ready()` takes
the first that has really run a sandbox here. Where a keeper builds them (keeper.py), it is asked.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from typing import Any

from coursewright.grader import bubblewrap, kept, namespaces
from coursewright.grader.cgroup import Group
from coursewright.grader.confinement import MEGABYTE, Confinement, Host, Rlimits
from coursewright.grader.kept import Kept
from coursewright.records.errors import Unavailable

__all__ = [
    "MEGABYTE",
    "Confined",
    "Host",
    "Rlimits",
    "Running",
    "Sandbox",
    "available",
    "check",
    "ready",
    "settle",
]

ATTEMPT_SECONDS = 30.0  # for `true` to run confined
END_SECONDS = 5.0  # for killed processes to be gone


class Confined(subprocess.Popen[bytes]):
    """A sandbox that runs. The end of its process is seen to be the end of all that is in it.

    `first` is a pidfd of the first process inside: bubblewrap tells that one late to end with its
    parent, so who is killed early would leave it behind.
    """

    first: int | None = None
    group: Group | None = None

    def poll(self) -> int | None:
        return self._tidied(super().poll())

    def wait(self, timeout: float | None = None) -> int:
        status = super().wait(timeout)
        self._tidied(status)
        return status

    @property
    def ooms(self) -> int:
        """How many of its processes were killed for memory; known when it has ended."""
        return self.group.ooms if self.group else 0

    def _tidied(self, status: int | None) -> int | None:
        if status is not None and self.first is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
            select.select([self.first], [], [], END_SECONDS)
            os.close(self.first)
            self.first = None
        if status is not None and self.group:
            self.group.end()
        return status


Running = Confined | Kept


class Sandbox(Confinement):
    """What a program may see and use, and how to start it there."""

    def popen(self, argv: Sequence[str], pass_fds: Sequence[int] = (), **options: Any) -> Running:
        """Start `argv` confined; `options` are Popen's. Killing it kills all that it started.

        Raises Unavailable where isolation is not to be had: nothing ever runs without it.
        """
        keeper = kept.place()
        if keeper is not None:
            return Kept(keeper, self, argv, pass_fds, **options)
        return self.start(ready(), argv, pass_fds, **options)

    def start(
        self, host: Host, argv: Sequence[str], pass_fds: Sequence[int] = (), **options: Any
    ) -> Confined:
        """As a child of this process, on a host that was chosen already."""
        whole = self.limits.whole
        group = host.memory.group(whole) if host.memory and whole is not None else None
        about, ours = os.pipe()
        with ExitStack() as stack:
            told = stack.enter_context(open(about, "rb"))
            try:
                line, own = self._line(stack, host, argv, ours)
                process = Confined(
                    group.joining(line) if group else line,
                    env=dict(self.environment),
                    pass_fds=[*pass_fds, *own, ours],
                    **options,
                )
            except BaseException:
                if group:
                    group.end()
                raise
            finally:
                os.close(ours)
            process.group = group
            said = told.read()
            with suppress(ValueError, KeyError, ProcessLookupError):  # it ended before it began
                process.first = os.pidfd_open(json.loads(said)["child-pid"])
        return process

    def _line(
        self, stack: ExitStack, host: Host, argv: Sequence[str], info: int
    ) -> tuple[list[str], list[int]]:
        """The command, and the descriptors that it reads from."""
        if not host.bwrap:
            plan = stack.enter_context(_descriptor(namespaces.plan(self, argv, host, info)))
            return namespaces.line(host, plan), [plan]
        texts = {
            path: stack.enter_context(_descriptor(text.encode()))
            for path, text in self.made_up().items()
        }
        gate = stack.enter_context(_descriptor(host.seccomp)) if host.seccomp else None
        line = bubblewrap.line(
            self, argv, host, descriptors=texts, filter_descriptor=gate, info=info
        )
        return line, [*texts.values(), *([] if gate is None else [gate])]


def available() -> str | None:
    """None when sandboxes work here, else why not, for the person who has to mend it."""
    try:
        check()
    except Unavailable as reason:
        return str(reason)
    return None


def check() -> None:
    """Raises Unavailable where no sandbox is to be had, here or from the keeper."""
    keeper = kept.place()
    if keeper is None:
        ready()
    else:
        kept.reach(keeper).close()


@cache
def ready() -> Host:
    """This host, after a sandbox has really run on it. Raises Unavailable (and looks again)."""
    if sys.platform != "linux":
        raise Unavailable("Student code is only ever run isolated, and that needs Linux.")
    return settle(Host.here())


def settle(hosts: Iterable[Host]) -> Host:
    """The first on which a sandbox runs. Raises Unavailable with what each of them said."""
    said = []
    for host in hosts:
        with Sandbox().start(host, ["true"], stderr=subprocess.PIPE) as process:
            try:
                complained = process.communicate(timeout=ATTEMPT_SECONDS)[1]
            except subprocess.TimeoutExpired:
                process.kill()
                complained = b"nothing"
        if process.returncode == 0:
            return host
        complaint = complained.decode(errors="replace").strip()[-200:]
        said.append((host, f"{host.builder} said: {complaint}"))
    raise Unavailable(_advice([host for host, _ in said], "; ".join(text for _, text in said)))


def _advice(tried: Sequence[Host], said: str) -> str:
    if not tried:
        advice = "there is no bubblewrap, and this machine's system calls are not known here."
    elif tried[0].privileged:
        advice = (
            "root may not make namespaces here, as in a container without CAP_SYS_ADMIN."
            " Run as an ordinary user, or grant it."
        )
    else:
        advice = (
            "user namespaces are off. Allow them with `sysctl user.max_user_namespaces=10000` and,"
            " where they exist, `sysctl kernel.unprivileged_userns_clone=1` and"
            " `sysctl kernel.apparmor_restrict_unprivileged_userns=0`."
        )
    if not any(host.bwrap for host in tried):
        advice += " Bubblewrap may do it where we cannot: try `apt install bubblewrap`."
    return f"Student code cannot be isolated: {advice}" + (f" ({said})" if said else "")


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
