"""The folders of drafts among an author's files, below `authoring/`.

As with lessons, nothing that stands there is written over, and no link is followed. Only what this
module itself makes is replaced: previews, and the mark that says what a draft was made from.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any

from coursewright.extension import disk, drafts
from coursewright.extension.drafts import ABOUT, MARK, Json
from coursewright.extension.errors import WorkError
from coursewright.extension.work import Work, parts, refuse_odd

APART = "notebooks"
PREVIEW = "preview"
DEPTH = 2  # authoring/my-course


@dataclass(frozen=True)
class Folders(Work):
    """The drafts below `root`/`folder`."""

    folder: str = "authoring"

    @property
    def _any(self) -> str:
        return f"{self.folder}/any"

    def found(self) -> list[str]:
        """The folders of drafts, by name; hidden ones and links are none."""
        try:
            with (
                self._directory(self._any) as (directory, _),
                os.scandir(directory) as entries,
            ):
                found = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        return sorted(f"{self.folder}/{name}" for name in found if not name.startswith("."))

    def refuse_elsewhere(self, folder: Any) -> str:
        """`folder`, when it is one of a draft. Raises WorkError."""
        if not isinstance(folder, str):
            raise WorkError("`folder` must be text.", HTTPStatus.BAD_REQUEST)
        names = parts(folder)
        if len(names) != DEPTH or names[0] != self.folder or names[1].startswith("."):
            raise WorkError(f"There is no such folder below {self.folder}.", HTTPStatus.NOT_FOUND)
        return folder

    def locate(self, path: Any) -> tuple[str, str]:
        """The folder and the key of the lesson whose notebook is at `path`. Raises WorkError."""
        if not isinstance(path, str):
            raise WorkError("`path` must be text.", HTTPStatus.BAD_REQUEST)
        *folders, name = parts(path)
        if len(folders) == DEPTH + 1 and folders[-1] == APART:
            folders.pop()
        key = name.removesuffix(".ipynb")
        if key == name or len(folders) != DEPTH:
            raise WorkError(f"{path} is not a lesson of a draft below {self.folder}.")
        refuse_odd(key)
        return self.refuse_elsewhere("/".join(folders)), key

    def about(self, folder: str) -> Json:
        """What the draft's course.json says. Raises WorkError."""
        path = f"{folder}/{ABOUT}"
        return drafts.parse_about(self.content(path), path)

    def notebook(self, path: str) -> Json:
        """Raises WorkError."""
        return drafts.parse_notebook(self.content(path), path)

    def lesson_path(self, folder: str, key: str) -> str | None:
        """Where the lesson's notebook is; None where it is missing."""
        usual, apart = f"{folder}/{key}.ipynb", f"{folder}/{APART}/{key}.ipynb"
        return next((path for path in (usual, apart) if self.has(path)), None)

    def source(self, folder: str) -> Json:
        """The whole draft, as the course service takes it. Raises WorkError with the file."""
        about = self.about(folder)
        notebooks = {}
        for key, title in drafts.lessons(about):
            path = self.lesson_path(folder, key)
            if path is None:
                raise WorkError(
                    f"{folder}/{key}.ipynb, the lesson {title!r} of {ABOUT}, is missing. Bring it"
                    f" back, or take the lesson out of {ABOUT}."
                )
            notebooks[key] = self.notebook(path)
        return {"course": about, "notebooks": notebooks}

    def mark(self, folder: str) -> Json:
        """What the draft was made from; empty where nothing says it."""
        try:
            return drafts.parse(self.content(f"{folder}/{MARK}"), MARK)
        except WorkError:
            return {}

    def set_mark(self, folder: str, **values: Any) -> None:
        self.overwrite(f"{folder}/{MARK}", drafts.to_bytes({**self.mark(folder), **values}))

    def overview(self, folder: str) -> Json:
        """A line for the panel; `problem` where the draft cannot be read."""
        mark = self.mark(folder)
        base = {"base_version": mark.get("version"), "generation": mark.get("generation")}
        try:
            about = self.about(folder)
        except WorkError as error:
            empty: Json = {"course": None, "title": folder.rpartition("/")[2], "lessons": []}
            return {"folder": folder, **empty, **base, "problem": str(error)}
        found = [
            {"key": key, "title": title, "path": self.lesson_path(folder, key)}
            for key, title in drafts.lessons(about)
        ]
        course = {"course": about["key"], "title": about["title"], "lessons": found}
        return {"folder": folder, **course, **base, "problem": None}

    def bring(self, key: str, files: Mapping[str, bytes]) -> str:
        """Write a new draft, whole or not at all, under the next name that is free."""
        refuse_odd(key)
        with (
            disk.explained(self.folder),
            self._directory(f"{self.folder}/any", make=True) as (at, _),
        ):
            temporary = f".{key}.{secrets.token_hex(8)}.tmp"
            os.mkdir(temporary, dir_fd=at)
            try:
                with _opened(temporary, at) as inside:
                    for name, content in files.items():
                        disk.write(name, content, inside)
                return f"{self.folder}/{_settle_folder(temporary, key, at)}"
            except BaseException:
                _clear(temporary, at)
                raise

    def overwrite(self, path: str, content: bytes) -> None:
        """Write what is ours to replace, in one step."""
        with (
            disk.explained(path),
            self._directory(path, make=True) as (directory, name),
            disk.draft(name, content, directory) as temporary,
        ):
            os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)

    def content(self, path: str) -> bytes:
        """The bytes of a file. Raises WorkError, also for one above the limit."""
        with (
            disk.explained(path),
            self._directory(path) as (directory, name),
            open(os.open(name, disk.READ, dir_fd=directory), "rb") as file,
        ):
            disk.refuse_what_is_no_file(path, file.fileno())
            content = file.read(self.limit + 1)
        if len(content) > self.limit:
            raise WorkError(
                f"{path} is larger than {self.limit / 2**20:g} MB. Clear large outputs, save it.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        return content


@contextmanager
def _opened(folder: str, directory: int) -> Iterator[int]:
    inside = os.open(folder, disk.FOLDER, dir_fd=directory)
    try:
        yield inside
    finally:
        os.close(inside)


def _settle_folder(temporary: str, key: str, directory: int) -> str:
    """Give the finished folder the first free name: `key`, `key-2` and so on."""
    for number in count(1):
        name = key if number == 1 else f"{key}-{number}"
        try:
            # An empty folder takes the name; a rename replaces one that is still empty.
            os.mkdir(name, dir_fd=directory)
            os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
        except FileExistsError:
            continue
        return name
    raise AssertionError("there is no end to numbers")


def _clear(folder: str, directory: int) -> None:
    """Take away what could not be finished."""
    with suppress(OSError):
        with _opened(folder, directory) as inside:
            for name in os.listdir(inside):
                disk.remove(name, inside)
        os.rmdir(folder, dir_fd=directory)
