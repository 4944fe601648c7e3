"""What a sandbox sees of this machine's files: the system, the Python that runs us, our rooms."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

Kind = Literal["read-only", "writable", "empty", "symlink"]

# Folders that are symbolic links into /usr on merged systems.
TOP = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# What programs read at run time and anyone may know. Nothing about accounts or keys.
ETC = (
    "alternatives",
    "ca-certificates",
    "fonts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "magic",
    "mime.types",
    "os-release",
    "pki/ca-trust/extracted",
    "pki/tls/certs",
    "protocols",
    "services",
    "ssl/certs",
    "ssl/openssl.cnf",
    "timezone",
)
LOADER = ("/etc/ld.so.cache", "/etc/localtime")
NETWORK = ("gai.conf", "hosts", "nsswitch.conf", "resolv.conf")

ROOMS = ("records", "grader", "generator", "services", "hub_config", "extension")


@dataclass(frozen=True)
class Bind:
    """One thing at one place. `source` is a path of the host, or where a symlink points to."""

    kind: Kind
    target: str
    source: str = ""


def read_only(source: str | os.PathLike[str], target: str | None = None) -> Bind:
    return Bind("read-only", target or os.fspath(source), os.fspath(source))


def writable(source: str | os.PathLike[str], target: str | None = None) -> Bind:
    return Bind("writable", target or os.fspath(source), os.fspath(source))


def empty(target: str | os.PathLike[str]) -> Bind:
    """A folder that is there and has nothing in it: hides what a bind above it would show."""
    return Bind("empty", os.fspath(target))


def system_binds(share_network: bool = False) -> tuple[Bind, ...]:
    """/usr, the folders beside it as this host has them, and the harmless part of /etc."""
    names = ETC + (NETWORK if share_network else ())
    etc = (os.path.join("/etc", name) for name in names)
    return (
        read_only("/usr"),
        *(_top(path) for path in TOP if os.path.lexists(path)),
        *(read_only(path) for path in etc if os.path.exists(path)),
    )


def python_binds(
    rooms: Iterable[str] = ("extension", "records"), modules: Iterable[str] = ()
) -> tuple[Bind, ...]:
    """The running Python with its packages, and of our own rooms only what is named.

    `modules` ("grader.zygote") names single files. The other rooms hold solutions and hidden
    tests: in an editable install they are not bound, in site-packages they are masked.
    """
    prefixes = _prefixes()
    hidden = _outermost(place for place in _our_places() if inside(place, [*prefixes, "/usr"]))
    shown = [*map(_folder, rooms), *(path for name in modules for path in _files(name))]
    return (
        *(read_only(path) for path in prefixes),
        *(empty(path) for path in hidden if path not in shown),
        *(read_only(path) for path in dict.fromkeys(shown)),
    )


def interpreter() -> str:
    """The Python behind a virtual environment: by itself it knows of no package."""
    return os.path.realpath(sys.executable)


@cache
def standard_library_binds() -> tuple[Bind, ...]:
    """`interpreter()`, its standard library and the shared libraries it needs; no package."""
    places = [f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}", "/usr/lib64"]
    standard = os.path.dirname(os.path.realpath(os.__file__))
    folders = [path for path in places if os.path.isdir(path)] or ["/usr/lib"]
    folders = _outermost([*folders, standard])
    own = Path(sysconfig.get_config_var("LIBDIR") or os.path.dirname(standard))
    files = [interpreter(), *map(str, own.glob("libpython*.so*")), *LOADER]
    packages = [
        str(path)
        for folder in folders
        for depth in ("", "*/")
        for path in Path(folder).glob(f"{depth}[sd][it]*-packages")
    ]
    return (
        *(_top(path) for path in TOP if os.path.lexists(path) and "lib" in path),
        *(read_only(path) for path in folders),
        *(read_only(p) for p in files if os.path.exists(p) and not inside(p, folders)),
        *(empty(path) for path in packages),
    )


def _top(path: str) -> Bind:
    if os.path.islink(path):
        return Bind("symlink", path, os.readlink(path))
    return read_only(path)


def _prefixes() -> list[str]:
    """Where this Python lives; under both names when one is a symbolic link."""
    found = [sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable))]
    found += [os.path.realpath(path) for path in found]
    return _outermost(path for path in found if not inside(path, ["/usr"]))


def _our_places() -> Iterator[str]:
    """The folders that hold our rooms, whichever way Coursewright was installed."""
    package = find_spec("coursewright")
    for place in (package and package.submodule_search_locations) or ():
        if os.path.isdir(place):
            yield place
    for room in ROOMS:
        if find_spec(f"coursewright.{room}"):
            yield _folder(room)


def _folder(room: str) -> str:
    spec = find_spec(f"coursewright.{room}")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"coursewright.{room} is not installed")
    return spec.submodule_search_locations[0]


def _files(module: str) -> Iterator[str]:
    folder = _folder(module.partition(".")[0])
    yield os.path.join(folder, "__init__.py")
    yield os.path.join(folder, *module.split(".")[1:]) + ".py"


def _outermost(folders: Iterable[str]) -> list[str]:
    """Without those that lie in another one."""
    found = set(folders)
    return sorted(path for path in found if not inside(path, found - {path}))


def inside(path: str, folders: Iterable[str]) -> bool:
    """Whether the path is one of the folders, or lies in one."""
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)
