"""A sandbox without bubblewrap: the plan that our own launcher carries out, and its command line.

The plan goes through a descriptor: it may be long, and command lines can be read by everybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from coursewright.grader.confinement import SHM, TMP, Confinement, Host, parents

LAUNCHER = Path(__file__).with_name("launcher.py")


def line(host: Host, plan: int) -> list[str]:
    """Start the launcher with the standard library alone; `plan` is the descriptor to read."""
    return [host.python, "-I", "-S", "-B", str(LAUNCHER), str(plan)]


def plan(confined: Confinement, argv: Sequence[str], host: Host, info: int | None = None) -> bytes:
    """JSON for launcher.py, which says what each part is for."""
    binds = confined.mounts(host)
    made_up = confined.made_up()
    return json.dumps(
        {
            "argv": list(argv),
            "parent": os.getpid() if confined.die_with_parent else None,
            "info": info,
            "privileged": host.privileged,
            "uid": confined.uid,
            "hostname": confined.hostname,
            "share_network": confined.share_network,
            "cwd": confined.cwd,
            "folders": parents([*(bind.target for bind in binds), *made_up], binds),
            "binds": [asdict(bind) for bind in binds],
            "files": made_up,
            "memory": {TMP: confined.tmp_size, SHM: confined.shm_size},
            "limits": confined.limits.values(),
            "filter": (host.seccomp or b"").hex(),
        }
    ).encode()
