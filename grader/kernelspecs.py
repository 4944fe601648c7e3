"""Which Jupyter kernel a notebook needs that is not Python's, and what a sandbox shows of it.

A kernel is found where `jupyter kernelspec list` finds it for the worker. Its program must lie
where a sandbox may look: below /usr, in the Python that runs us, or in a folder of its own in /opt.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coursewright.grader.binds import ROOMS, Bind, python_binds, read_only
from coursewright.records.errors import Unavailable

PYTHON = re.compile(r"i?python[0-9.]*\Z")
OPTIONAL = "/opt"
INSTALL = {
    "bash": "pip install bash_kernel && python -m bash_kernel.install --sys-prefix",
    "julia": """julia -e 'using Pkg; Pkg.add("IJulia")'""",
    "octave": "pip install octave_kernel",
    "r": """R -e 'install.packages("IRkernel"); IRkernel::installspec(user = FALSE)'""",
}


@dataclass(frozen=True)
class Wanted:
    """A kernel as a notebook names it."""

    name: str
    language: str


@dataclass(frozen=True)
class Found:
    """An installed kernel: its kernelspec's folder, and what a sandbox has to show beside Python.

    `name` is the folder's own, which need not be the one that was asked for.
    """

    name: str
    folder: str
    binds: tuple[Bind, ...]


def wanted(notebook: Mapping[str, Any]) -> Wanted | None:
    """None for Python, which is also what a notebook is in that does not say."""
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    spec, about = metadata.get("kernelspec"), metadata.get("language_info")
    spec = spec if isinstance(spec, Mapping) else {}
    about = about if isinstance(about, Mapping) else {}
    language = spec.get("language") or about.get("name")
    if not isinstance(language, str) or PYTHON.match(language.lower()):
        return None
    name = spec.get("name")
    return Wanted(name if isinstance(name, str) and name else language.lower(), language.lower())


def find(kernel: Wanted, path: str) -> Found:
    """The kernel of that name, else one of that language; `path` is the sandbox's PATH.

    Raises Unavailable, with what to install.
    """
    from jupyter_client.kernelspec import KernelSpecManager

    # Python's own would be found even where it is not installed; it is never what is wanted here.
    known = KernelSpecManager(ensure_native_kernel=False).get_all_specs()
    matching = [
        name
        for name in sorted(known)
        if known[name]["spec"].get("language", "").lower() == kernel.language
    ]
    name = kernel.name if kernel.name in known else next(iter(matching), None)
    if name is None:
        raise Unavailable(_missing(kernel))
    folder = os.path.realpath(known[name]["resource_dir"])
    program = known[name]["spec"]["argv"][0]
    return Found(name, folder, (*_shown(kernel, program, path), read_only(folder)))


def _missing(kernel: Wanted) -> str:
    how = INSTALL.get(kernel.language)
    told = f" For example: {how}." if how else ""
    return (
        f"This lesson is in {kernel.language} and needs the Jupyter kernel {kernel.name!r}, which "
        "is not installed where submissions are graded. Install it there, so that `jupyter "
        f"kernelspec list` names it.{told} What was handed in is kept"
    )


def _shown(kernel: Wanted, program: str, path: str) -> tuple[Bind, ...]:
    """What has to be bound so that the kernel's program can run. Raises Unavailable."""
    if PYTHON.match(os.path.basename(program)) and not os.path.isabs(program):
        return ()
    place = shutil.which(program, path=path)
    if place is None:
        raise Unavailable(
            f"The kernel {kernel.name!r} starts {program!r}, which is not on {path}. Install it in "
            "/usr/local or /opt, and name it with its whole path in the kernelspec"
        )
    names = {place, os.path.realpath(place)}
    ours = [bind.target for bind in python_binds(rooms=ROOMS)]
    folders = {home for home in map(_home, names) if home and not _holds(home, ours)}
    seen = ["/usr", "/bin", *(bind.target for bind in python_binds()), *folders]
    if not all(any(_inside(name, folder) for folder in seen) for name in names):
        raise Unavailable(
            f"The kernel {kernel.name!r} is installed in {place}, which no sandbox shows. Install "
            "it below /usr/local, in a folder of its own in /opt, or in the worker's own Python"
        )
    return tuple(read_only(folder) for folder in sorted(folders))


def _home(program: str) -> str | None:
    """The folder in /opt that a program belongs to, if it is in one."""
    parts = program.split("/")
    inside = program.startswith(f"{OPTIONAL}/") and len(parts) > 3
    return "/".join(parts[:3]) if inside else None


def _holds(folder: str, places: list[str]) -> bool:
    return any(_inside(place, folder) for place in places)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)
