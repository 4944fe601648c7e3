"""Sandboxes that are started by somebody who is not root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from coursewright.grader import bubblewrap, namespaces, seccomp
from coursewright.grader.sandbox import Host, Sandbox

PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
ID = 65_534 if os.geteuid() == 0 else os.geteuid()
BECOME = ["setpriv", f"--reuid={ID}", f"--regid={ID}", "--clear-groups"]
BECOME = BECOME if os.geteuid() == 0 else []
HOSTS = {host.builder: replace(host, privileged=False) for host in Host.here()}
CHECKS = """
id -u
grep -c '^Cap.*:.0000000000000000$' /proc/self/status
unshare --user true 2>/dev/null && echo made || echo refused
mount -t tmpfs none /tmp 2>/dev/null && echo mounted || echo refused
touch /new /dev/new /usr/new 2>/dev/null && echo written || echo refused
touch /tmp/new && echo temporary
ls -d /proc/[0-9]* | wc -l
"""


def python_for_everyone() -> str:
    """The running one may lie in a home that only its owner may enter."""
    running = os.path.realpath(sys.executable)
    entered = subprocess.run([*BECOME, running, "-c", ""], capture_output=True, check=False)
    found = running if entered.returncode == 0 else shutil.which("python3", path="/usr/bin")
    assert found, "install python3 from the system's packages"
    return found


@contextmanager
def held(content: bytes) -> Iterator[int]:
    descriptor = os.memfd_create("test")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    yield descriptor
    os.close(descriptor)


def checked(line: list[str], *descriptors: int) -> list[str]:
    done = subprocess.run(
        [*BECOME, *line], env=PATH, pass_fds=descriptors, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


EXPECTED = [str(ID), "5", "refused", "refused", "refused", "temporary"]
CONFINED = Sandbox(environment=PATH, uid=ID)


@pytest.mark.parametrize("filtered", [True, False])
def test_bubblewrap_holds_without_root(filtered: bool) -> None:
    host = replace(HOSTS["bubblewrap"], disable_userns=True)
    with held(seccomp.program() or b"") as gate:
        given = gate if filtered else None
        line = bubblewrap.line(CONFINED, ["sh", "-c", CHECKS], host, filter_descriptor=given)
        *found, processes = checked(line, gate)
    assert found == EXPECTED
    assert int(processes) < 7


def test_our_own_launcher_holds_without_root(
    short_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = replace(HOSTS["namespaces"], python=python_for_everyone())
    launcher = short_directory / "launcher.py"
    shutil.copy(namespaces.LAUNCHER, launcher)
    launcher.chmod(0o644)
    plan = namespaces.plan(CONFINED, ["sh", "-c", CHECKS], host)
    with held(plan) as descriptor:
        line = namespaces.line(host, descriptor)
        line[line.index(str(namespaces.LAUNCHER))] = str(launcher)
        *found, processes = checked(line, descriptor)
    assert found == EXPECTED
    assert int(processes) < 7
