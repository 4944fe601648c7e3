"""A course as a zip: course.json and one notebook a lesson, as records/notebooks.py has them.

Whoever made a zip may mean harm: a name may lead out of the folder, a small file may unpack to
gigabytes, two files may have one name. Nothing is written to a disk here; every file is unpacked
into memory, as far as its limit and no further, whatever its header says.
"""

from __future__ import annotations

import io
import json
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from coursewright.records.course import FORMAT, Course
from coursewright.records.errors import Invalid, TooLarge
from coursewright.records.intake import storable
from coursewright.records.notebooks import APART, put_together, taken_apart

ABOUT, FACTS = "course.json", "facts.json"
MOST_FILES = 500
MOST_BYTES = 64 * 2**20  # of everything, unpacked
LARGEST = 16 * 2**20  # of one file
# Deflate makes at most 1032 of one; notebooks of text rarely more than 20.
RATIO = 100
SMALL = 2**20  # below this nobody minds the ratio
WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What systems put into archives by themselves.
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", ".ipynb_checkpoints", ".git")
FIXED = (1980, 1, 1, 0, 0, 0)  # so that a version is always packed into the same bytes


@dataclass(frozen=True)
class Unpacked:
    """`about` is course.json; `notebooks` and their `files` by lesson; `facts` where there are any.

    `left_out`: what belongs to no course, such as a README.
    """

    about: Mapping[str, Any]
    notebooks: Mapping[str, Any]
    files: Mapping[str, str]
    facts: Mapping[str, Any] | None
    left_out: tuple[str, ...]

    def course(self, key: str | None = None) -> Course:
        """With `key`, as the course of that key. Raises Invalid."""
        about = {**self.about, **({"key": key} if key else {})}
        return put_together(about, self.notebooks)


def pack(course: Course, facts: Mapping[str, Any] | None, place: IO[bytes]) -> None:
    """Write the zip to `place`; the same course gives the same bytes."""
    source = taken_apart(course)
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, ABOUT, {"format": FORMAT, **source["course"]})
        if facts is not None:
            _put(archive, FACTS, facts)
        for key, notebook in source["notebooks"].items():
            for cell in notebook["cells"]:
                cell["source"] = cell["source"].splitlines(keepends=True)
            _put(archive, f"{key}.ipynb", notebook)


def unpack(content: bytes) -> Unpacked:
    """What is in the zip. Raises Invalid and TooLarge, naming the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _sorted_out(_members(archive), _Reader(archive))
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise Invalid(f"This is no zip that can be read: {error}") from error


def _members(archive: zipfile.ZipFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """The files by path, when every name is harmless. Raises Invalid with the first that is not."""
    if len(archive.infolist()) > MOST_FILES:
        raise TooLarge(f"The zip has more than {MOST_FILES} files. Nothing was stored")
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    taken: dict[str, str] = {}
    for member in archive.infolist():
        name = member.filename
        _refuse_harmful(member)
        if member.is_dir():
            continue
        # Names that some systems take for one: capitals, and composed or decomposed accents.
        same = unicodedata.normalize("NFC", name).casefold()
        if same in taken:
            raise Invalid(f"Two files have one name: {taken[same]} and {name}")
        taken[same] = name
        path = PurePosixPath(name)
        if not any(part in LITTER for part in path.parts):
            found[path] = member
    return found


def _refuse_harmful(member: zipfile.ZipInfo) -> None:
    name, mode = member.filename, member.external_attr >> 16
    raw = member.orig_filename
    parts = raw.rstrip("/").split("/")
    if not raw.isprintable() or "\\" in raw or ":" in raw or not storable(raw):
        raise Invalid(f"The file name {raw!r} holds characters that no file of a course has")
    if raw.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise Invalid(f"The file name {raw!r} leads out of the course's folder")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Invalid(f"{name} is a link or a device, and no file")
    if member.flag_bits & 0x1:
        raise Invalid(f"{name} is encrypted. Make the zip without a password")
    if member.compress_type not in WAYS:
        raise Invalid(f"{name} is packed in a way that is not read here; use an ordinary zip")


def _sorted_out(members: Mapping[PurePosixPath, zipfile.ZipInfo], read: _Reader) -> Unpacked:
    """Raises Invalid when course.json is missing, or two notebooks are of one lesson."""
    roots = [path.parent for path in members if path.name == ABOUT]
    if len(roots) != 1:
        many = "more than one" if roots else "no"
        raise Invalid(f"The zip has {many} {ABOUT}. It needs one, beside the notebooks")
    root = roots[0]
    about = read.json(members[root / ABOUT])
    if about.pop("format", FORMAT) != FORMAT:
        raise Invalid(f"{ABOUT} is of another format; this release reads {FORMAT}")
    notebooks: dict[str, Any] = {}
    files: dict[str, str] = {}
    left: list[str] = []
    for path, member in members.items():
        if path.suffix == ".ipynb" and path.parent in (root, root / APART):
            if path.stem in files:
                raise Invalid(f"Two notebooks are of one lesson: {files[path.stem]} and {path}")
            files[path.stem] = str(path)
            notebooks[path.stem] = read.json(member)
        elif path not in (root / ABOUT, root / FACTS):
            left.append(str(path))
    facts = read.json(members[root / FACTS]) if root / FACTS in members else None
    return Unpacked(about, notebooks, files, facts, tuple(left))


def _put(archive: zipfile.ZipFile, name: str, data: Mapping[str, Any]) -> None:
    try:
        content = json.dumps(data, ensure_ascii=False, indent=1).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can have and UTF-8 cannot
        content = json.dumps(data, indent=1).encode()
    member = zipfile.ZipInfo(name, FIXED)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    archive.writestr(member, content + b"\n")


class _Reader:
    """Unpacks one file after the other, and counts."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.total = 0

    def json(self, member: zipfile.ZipInfo) -> dict[str, Any]:
        """Raises Invalid for what is not a JSON object."""
        content = self.bytes(member)
        try:
            data = json.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Invalid(f"{member.filename} is not JSON: {error}") from error
        if not isinstance(data, dict):
            raise Invalid(f"{member.filename} must hold a JSON object")
        return data

    def bytes(self, member: zipfile.ZipInfo) -> bytes:
        """Raises TooLarge at the first byte beyond a limit."""
        packed = max(member.compress_size, 1)
        limit = min(LARGEST, MOST_BYTES - self.total, max(SMALL, packed * RATIO))
        try:
            with self.archive.open(member) as stream:
                content = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise Invalid(f"{member.filename} is damaged: {error}") from error
        if len(content) > limit:
            raise TooLarge(
                f"{member.filename} unpacks to more than is taken: {LARGEST // 2**20} MB for one "
                f"file, {MOST_BYTES // 2**20} MB for all, {RATIO} times its packed size. "
                "Nothing was stored"
            )
        self.total += len(content)
        return content
