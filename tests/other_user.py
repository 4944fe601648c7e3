"""Run a program as another user, to whom this Python and this repository are open for once.

    unshare --mount python other_user.py <uid> <gid> <program> …

For root: both may lie below a home that only root may enter, so that home is replaced, in this
program's own view of the file system, by an empty one in which they are mounted again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parents[1]


def main(uid: int, gid: int, argv: list[str]) -> None:
    needed = [Path(sys.prefix), Path(sys.base_prefix), HERE]
    shut = [(place, closed(place)) for place in needed]
    held = []
    for place, above in shut:
        if above is not None:
            kept = tempfile.mkdtemp(prefix="cw-")
            mount("--rbind", str(place), kept)
            held.append((place, kept))
    for folder in {str(above) for _, above in shut if above is not None}:
        mount("-t", "tmpfs", "-o", "mode=755", "none", folder)
    for place, kept in held:
        place.mkdir(parents=True, exist_ok=True)
        mount("--rbind", kept, str(place))
        subprocess.run(["umount", "--recursive", kept], check=True)
        os.rmdir(kept)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    os.execvpe(argv[0], argv, {**os.environ, "HOME": "/tmp"})


def closed(place: Path) -> Path | None:
    """The topmost folder above it that is not for everyone to enter."""
    above = [folder for folder in reversed(place.parents) if not folder.stat().st_mode & 0o001]
    return above[0] if above else None


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
