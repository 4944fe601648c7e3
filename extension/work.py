"""Lessons as notebooks among the student's files. What a student wrote is never written over.

Folders are entered one at a time without following links, so that neither a link planted in
place of a lesson nor an odd name leads anywhere else.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any

from coursewright.extension import disk
from coursewright.extension.errors import WorkError
from coursewright.records.course import KEY

READ_AT_MOST = 8  # times the limit: a notebook with that much output is read, to leave it out
DEPTH = 3  # folders below the one of courses that are looked through
NOTEBOOKS = 2000


@dataclass(frozen=True)
class Work:
    """The course notebooks below `root`, the folder that JupyterLab shows as its top."""

    root: Path
    folder: str = "courses"
    limit: int = 10 * 1024 * 1024

    def path(self, course: str, lesson: str) -> str:
        """Where a lesson lives, relative to `root`, with slashes; raises WorkError on a bad key."""
        refuse_odd(course, lesson)
        return f"{self.folder}/{course}/{lesson}.ipynb"

    def has(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        found = self.look(path)
        return found is not None and stat.S_ISREG(found.st_mode)

    def look(self, path: str) -> os.stat_result | None:
        """What stands at `path`, itself and not where it may lead; None where nothing does."""
        try:
            with self._directory(path) as (directory, name):
                return os.stat(name, dir_fd=directory, follow_symlinks=False)
        except OSError:
            return None

    def put(self, path: str, notebook: Mapping[str, Any]) -> bool:
        """Write `notebook` to `path` in one step; False when something stands there already."""
        return self.put_bytes(path, as_bytes(notebook))

    def put_bytes(self, path: str, content: bytes) -> bool:
        """Write `content` to `path` in one step; False when something stands there already."""
        with (
            disk.explained(path),
            self._directory(path, make=True) as (directory, name),
            disk.draft(name, content, directory) as temporary,
        ):
            return disk.settle(temporary, name, directory)

    def swap(self, path: str, content: bytes) -> str | None:
        """Write `content` to `path`; what stood there goes beside it, under the name given back.

        At no moment is there nothing at `path`, and when anything fails it stays what it was.
        """
        with (
            disk.explained(path),
            self._directory(path, make=True) as (directory, name),
            disk.draft(name, content, directory) as temporary,
        ):
            if disk.settle(temporary, name, directory):
                return None
            disk.refuse_what_is_no_file(path, name, directory)
            kept = disk.set_aside(name, directory)
            os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
        return path[: -len(name)] + kept

    def replace(self, path: str, content: bytes, former: bytes) -> None:
        """Put `content` in place of `former` in one step.

        Raises WorkError, and changes nothing, when the file is not `former` any more.
        """
        with (
            disk.explained(path),
            self._directory(path) as (directory, name),
            disk.draft(name, content, directory) as temporary,
        ):
            mode = os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode
            os.chmod(temporary, stat.S_IMODE(mode), dir_fd=directory)
            if self.whole(path) != former:
                raise WorkError(f"{path} changed meanwhile and was left as it is. Try again.")
            os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            disk.hold(directory)

    def whole(self, path: str) -> bytes:
        """Every byte of the file at `path`."""
        content = self.raw(path)
        if len(content) > READ_AT_MOST * self.limit:
            raise WorkError(
                f"{path} is larger than {READ_AT_MOST * self.limit / 2**20:g} MB. Clear large"
                " outputs and save it, then try again.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        return content

    def remove(self, path: str) -> None:
        """Remove the file at `path`, if it is there."""
        with disk.explained(path), self._directory(path) as (directory, name):
            disk.remove(name, directory)

    def names(self, folder: str) -> list[str]:
        """What stands in a folder, sorted; nothing when there is no such folder."""
        try:
            with self._directory(f"{folder}/.") as (directory, _):
                return sorted(os.listdir(directory))
        except OSError:
            return []

    def notebooks(self) -> list[str]:
        """The paths of the notebooks below the folder of courses, at most so many; no links."""
        return list(islice(self._below(self.folder, DEPTH), NOTEBOOKS))

    def read(self, path: str) -> bytes:
        """The notebook at `path` as it is on disk; without its outputs when it is over `limit`."""
        if not path.endswith(".ipynb"):
            raise WorkError(f"{path} is not a notebook.", HTTPStatus.BAD_REQUEST)
        content = self.raw(path)
        if len(content) > self.limit:
            content = without_outputs(content)
        if len(content) > self.limit:
            raise WorkError(
                f"{path} is larger than {self.limit / 2**20:g} MB. Clear large outputs and save"
                " it, then try again.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        return content

    def raw(self, path: str) -> bytes:
        """The bytes at `path`, up to a length that is too much for everything."""
        with (
            disk.explained(path),
            self._directory(path) as (directory, name),
            open(os.open(name, disk.READ, dir_fd=directory), "rb") as file,
        ):
            disk.refuse_what_is_no_file(path, file.fileno())
            return file.read(READ_AT_MOST * self.limit + 1)

    def _below(self, folder: str, depth: int) -> Iterator[str]:
        for name in self.names(folder):
            if name.startswith("."):
                continue
            if name.endswith(".ipynb"):
                if self.has(f"{folder}/{name}"):
                    yield f"{folder}/{name}"
            elif depth:
                yield from self._below(f"{folder}/{name}", depth - 1)

    @contextmanager
    def _directory(self, path: str, make: bool = False) -> Iterator[tuple[int, str]]:
        """The open folder of `path` (a descriptor) and the last name in it."""
        *folders, name = path.split("/") if path.endswith("/.") else parts(path)
        current = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                if make:
                    disk.make(folder, current)
                below = os.open(folder, disk.FOLDER, dir_fd=current)
                os.close(current)
                current = below
            yield current, name
        finally:
            os.close(current)


def runnable(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """The notebook with a kernel named, so that JupyterLab does not ask a newcomer for one."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {**notebook, "metadata": {"kernelspec": kernel, **notebook.get("metadata", {})}}


def as_bytes(notebook: Mapping[str, Any]) -> bytes:
    """A notebook as it is written into a file."""
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode() + b"\n"


def refuse_odd(*keys: str) -> None:
    """Raise WorkError when one of `keys` cannot be the key of a course or lesson."""
    if not all(KEY.match(key) for key in keys):
        raise WorkError("There is no such course or lesson.", HTTPStatus.NOT_FOUND)


def is_key(value: Any) -> bool:
    """Whether `value` can be the key of a course or lesson."""
    return isinstance(value, str) and KEY.match(value) is not None


def parts(path: str) -> Sequence[str]:
    """The names along `path`; raises WorkError when one of them is not a plain name."""
    names = path.split("/")
    if any(name in {"", ".", ".."} or "\0" in name for name in names):
        raise WorkError("There is no such notebook.", HTTPStatus.NOT_FOUND)
    return names


def belonging(content: bytes) -> Mapping[str, Any]:
    """What a notebook says about itself (course, lesson, version); empty when it says nothing."""
    try:
        own = json.loads(content)["metadata"]["coursewright"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    return own if isinstance(own, dict) else {}


def is_notebook(content: bytes) -> bool:
    """Whether `content` is JSON with cells, as much as a page needs to show it."""
    try:
        return isinstance(json.loads(content)["cells"], list)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def without_outputs(content: bytes) -> bytes:
    """The notebook without outputs, which are never graded; as it is when it cannot be read.

    It says so in its metadata, for the feedback to tell (records/intake.py has the same word).
    """
    try:
        notebook = json.loads(content)
        for cell in notebook["cells"]:
            if "outputs" in cell:
                cell["outputs"] = []
        notebook["metadata"].setdefault("coursewright", {})["outputs_dropped"] = True
        notebook["metadata"].pop("widgets", None)
        return json.dumps(notebook, ensure_ascii=False, indent=1).encode()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return content
