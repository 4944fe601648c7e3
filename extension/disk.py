"""Single steps on files in an open folder: no link is followed, nothing is written over by chance.

A folder is given as its descriptor; what the file system says becomes a sentence.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus

from coursewright.extension.errors import WorkError

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Not blocking: a named pipe in place of a lesson must not stop the server.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def make(folder: str, directory: int) -> None:
    # When it stands already, perhaps as a link or a file, entering it will tell.
    with suppress(FileExistsError):
        os.mkdir(folder, dir_fd=directory)


def write(name: str, content: bytes, directory: int) -> None:
    with open(os.open(name, CREATE, 0o666, dir_fd=directory), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def draft(name: str, content: bytes, directory: int) -> Iterator[str]:
    """The name of a whole file with `content` beside `name`, to be given that one's name or go."""
    temporary = f".{name}.{secrets.token_hex(8)}.tmp"
    try:
        write(temporary, content, directory)
        yield temporary
    finally:
        remove(temporary, directory)


def hold(directory: int) -> None:
    """Let a new name outlive a power cut too; some volumes cannot, and are left as they are."""
    with suppress(OSError):
        os.fsync(directory)


def settle(temporary: str, name: str, directory: int) -> bool:
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
    hold(directory)
    return True


def set_aside(name: str, directory: int) -> str:
    """Give the file a second name that says when, or its only one where links are unknown."""
    stem, dot, kind = name.rpartition(".")
    moment = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    for number in range(1, 1000):
        kept = f"{stem} (kept {moment}{f' {number}' if number > 1 else ''}){dot}{kind}"
        try:
            os.link(name, kept, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in NO_HARD_LINKS:
                raise
            os.close(os.open(kept, CREATE, 0o666, dir_fd=directory))
            os.replace(name, kept, src_dir_fd=directory, dst_dir_fd=directory)
        return kept
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def refuse_what_is_no_file(path: str, name: str | int, directory: int | None = None) -> None:
    found = os.stat(name, dir_fd=directory, follow_symlinks=isinstance(name, int))
    if not stat.S_ISREG(found.st_mode):
        raise WorkError(f"{path} is not a file.")


def remove(name: str, directory: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=directory)


@contextmanager
def explained(path: str) -> Iterator[None]:
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
