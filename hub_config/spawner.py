"""A student's server as a local process that sees its own home and nothing else of ours."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from escapism import escape
from jupyterhub.spawner import LocalProcessSpawner
from jupyterhub.utils import random_port
from traitlets import Bool, Integer, Unicode

from coursewright.grader.binds import python_binds, writable
from coursewright.grader.sandbox import Rlimits, Sandbox, ready
from coursewright.hub_config.supervisor import leash

# Every student's server has a user id of its own from here up (when we are root): far from the
# system's ids and from those that the grader uses for submissions.
FIRST_UID = 300_000
# Seconds between two looks at a server that starts.
LOOK = 0.02
SAFE = set("abcdefghijklmnopqrstuvwxyz0123456789")


class SandboxedSpawner(LocalProcessSpawner):
    """Starts `coursewright-singleuser` inside a sandbox.

    The network is the machine's loopback, since the Hub and the course service are reached there;
    the process tree, the files and the users are the sandbox's own.
    """

    port: int  # the base class is not typed
    homes = Unicode(config=True, help="The folder that holds every student's home.")
    logs = Unicode(config=True, help="The folder for the servers' logs.")
    isolated = Bool(True, config=True, help="Off: run unconfined, for a single trusted person.")
    memory = Integer(
        0,
        config=True,
        help="Bytes of memory for a server with all its kernels, where control groups can be made;"
        " everywhere the address space of each process; 0: no limit.",
    )
    processes = Integer(512, config=True, help="Processes and threads a student may have.")
    tmp_size = Integer(256 << 20, config=True, help="Bytes of memory for a student's /tmp.")
    file_size = Integer(1 << 30, config=True, help="Largest file a student may write, in bytes.")

    @property
    def slug(self) -> str:
        """The person's name, made safe for a path; different names stay different."""
        return escape(self.user.name, safe=SAFE, escape_char="-")

    @property
    def home(self) -> Path:
        """Where the student's files really lie; the student sees them in /home."""
        return Path(self.homes) / self.slug

    @property
    def seen_home(self) -> str:
        return f"/home/{self.slug}" if self.isolated else str(self.home)

    def load_state(self, state: dict[str, Any]) -> None:
        """Forget the pid: no server outlives its Hub here, and a stranger may have it by now."""
        super().load_state({name: value for name, value in state.items() if name != "pid"})

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        bin_directory = Path(sys.executable).parent
        env |= {
            "USER": self.slug,
            "LOGNAME": self.slug,
            "HOME": self.seen_home,
            "SHELL": "/bin/bash",
            "PATH": f"{bin_directory}:/usr/local/bin:/usr/bin:/bin",
            # In the sandbox /tmp is this student's own, and gone with the server.
            "JUPYTER_RUNTIME_DIR": "/tmp/jupyter-runtime",  # noqa: S108
            "XDG_RUNTIME_DIR": "/tmp",  # noqa: S108
        }
        return env

    async def start(self) -> tuple[str, int]:
        """Start the server; gives the address it will listen on."""
        port = self.port = self.port or random_port()
        argv = [sys.executable, "-m", "coursewright.extension.singleuser", *self.get_args()]
        uid = self.prepare_home()
        descriptor = os.open(
            Path(self.logs) / f"{self.slug}.log",
            os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC,
            0o600,
        )
        try:
            self.proc = self.launch(argv, uid, descriptor)
        finally:
            os.close(descriptor)
        self.pid = self.proc.pid
        await self.listening()
        return self.ip or "127.0.0.1", port

    async def listening(self) -> None:
        """Return when the server listens, or has ended.

        The Hub looks for it too, but with pauses that double up to seconds: asked right after a
        quick start, it finds the server at its first look.
        """
        while await self.poll() is None:
            try:
                _, writer = await asyncio.open_connection(self.ip or "127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(LOOK)
                continue
            writer.close()
            return

    def prepare_home(self) -> int:
        """Make the home when there is none; gives the user id that owns it."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        owner = self.home.stat().st_uid
        if owner == os.geteuid() == 0:
            owner = FIRST_UID + self.user.id
            os.chown(self.home, owner, owner)
        return owner

    def launch(self, argv: list[str], uid: int, log: int) -> subprocess.Popen[bytes]:
        options: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": log,
            "stderr": log,
            "start_new_session": True,
        }
        if self.isolated:
            return self.sandbox(uid).start(ready(), argv, **options)
        return subprocess.Popen([*leash(), *argv], env=self.get_env(), cwd=self.home, **options)

    def sandbox(self, uid: int) -> Sandbox:
        """What this student's server may see and use."""
        return Sandbox(
            binds=(*python_binds(("extension", "records")), writable(self.home, self.seen_home)),
            environment=self.get_env(),
            limits=Rlimits(
                memory=self.memory or None,
                processes=self.processes,
                file_size=self.file_size,
            ),
            share_network=True,
            user=self.slug,
            uid=uid,
            cwd=self.seen_home,
            tmp_size=self.tmp_size,
        )
