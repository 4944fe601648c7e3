"""Lessons as notebooks among the student's files. What a student wrote is never written over.

Folders are entered one at a time without following links, so that neither a link planted in
place of a lesson nor an odd name leads anywhere else.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from coursewright.extension.errors import WorkError
from coursewright.records.course import KEY

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Not blocking: a named pipe in place of a lesson must not stop the server.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
READ_AT_MOST = 8  # times the limit: a notebook with that much output is read, to leave it out
NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


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
        content = json.dumps(notebook, ensure_ascii=False, indent=1).encode() + b"\n"
        with _explained(path), self._directory(path, make=True) as (directory, name):
            temporary = f".{name}.{secrets.token_hex(8)}.tmp"
            try:
                _write(temporary, content, directory)
                return _settle(temporary, name, directory)
            finally:
                _remove(temporary, directory)

    def read(self, path: str) -> bytes:
        """The notebook at `path` as it is on disk; without its outputs when it is over `limit`."""
        if not path.endswith(".ipynb"):
            raise WorkError(f"{path} is not a notebook.", HTTPStatus.BAD_REQUEST)
        with (
            _explained(path),
            self._directory(path) as (directory, name),
            open(os.open(name, READ, dir_fd=directory), "rb") as file,
        ):
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise WorkError(f"{path} is not a file.")
            content = file.read(READ_AT_MOST * self.limit + 1)
        if len(content) > self.limit:
            content = without_outputs(content)
        if len(content) > self.limit:
            raise WorkError(
                f"{path} is larger than {self.limit / 2**20:g} MB. Clear large outputs and save"
                " it, then submit again.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        return content

    @contextmanager
    def _directory(self, path: str, make: bool = False) -> Iterator[tuple[int, str]]:
        """The open folder of `path` (a descriptor) and the last name in it."""
        *folders, name = parts(path)
        current = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                if make:
                    _make(folder, current)
                below = os.open(folder, FOLDER, dir_fd=current)
                os.close(current)
                current = below
            yield current, name
        finally:
            os.close(current)


def runnable(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """The notebook with a kernel named, so that JupyterLab does not ask a newcomer for one."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {**notebook, "metadata": {"kernelspec": kernel, **notebook.get("metadata", {})}}


def refuse_odd(*keys: str) -> None:
    """Raise WorkError when one of `keys` cannot be the key of a course or lesson."""
    if not all(KEY.match(key) for key in keys):
        raise WorkError("There is no such course or lesson.", HTTPStatus.NOT_FOUND)


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


def _make(folder: str, directory: int) -> None:
    # When it stands already, perhaps as a link or a file, entering it will tell.
    with suppress(FileExistsError):
        os.mkdir(folder, dir_fd=directory)


def _write(name: str, content: bytes, directory: int) -> None:
    with open(os.open(name, CREATE, 0o666, dir_fd=directory), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(temporary: str, name: str, directory: int) -> bool:
    """Give the finished file its name, unless the name is taken. A hard link is one step."""
    try:
        try:
            os.link(
                temporary, name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False
            )
        except OSError as error:
            if error.errno not in NO_HARD_LINKS:
                raise
            # Some network volumes know no hard links: take the name first, then fill it.
            os.close(os.open(name, CREATE, 0o666, dir_fd=directory))
            os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
    except FileExistsError:
        return False
    return True


def _remove(name: str, directory: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=directory)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn what the file system says into a sentence and a status."""
    try:
        yield
    except OSError as error:
        raise _explanation(path, error) from error


def _explanation(path: str, error: OSError) -> WorkError:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return WorkError(
                "Your storage is full. Delete files that you no longer need and try again.",
                HTTPStatus.INSUFFICIENT_STORAGE,
            )
        case errno.ENOENT:
            return WorkError(f"{path} is not among your files.", HTTPStatus.NOT_FOUND)
        case errno.ELOOP | errno.ENOTDIR | errno.ENXIO | errno.EISDIR:
            return WorkError(
                f"{path} leads through a link or over a file. Rename what is in its place and"
                " try again."
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return WorkError(f"Your server may not use {path}: check its permissions.")
    return WorkError(f"{path} cannot be used: {error.strerror}.", HTTPStatus.INTERNAL_SERVER_ERROR)
