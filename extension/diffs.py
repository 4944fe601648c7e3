"""What tells two notebooks apart, for the view of differences: `POST coursewright/api/diff`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from coursewright.extension.errors import WorkError
from coursewright.extension.handler import PanelHandler

KINDS = ("code", "markdown", "raw")
LARGEST = 4 * 1024 * 1024  # bytes of both notebooks, without what their cells showed
SECONDS = 20.0
# What programs note in a cell's metadata, and no reader of a difference asks about.
NOTED = ("checksum", "schema_version")

_turns = asyncio.Semaphore(2)  # each takes a processor and some 50 MB


class DiffHandler(PanelHandler):
    """Telling two notebooks apart."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.body()
        base, remote = plain(body.get("base")), plain(body.get("remote"))
        self.finish({"base": base, "diff": await difference(base, remote)})


def plain(notebook: Any) -> dict[str, Any]:
    """The parts that are compared: sources and metadata, in their order, without outputs."""
    if not isinstance(notebook, Mapping) or not isinstance(notebook.get("cells"), list):
        raise _no_notebook("one of the two is not a notebook with cells")
    seen: set[str] = set()
    cells = [_plain_cell(cell, seen) for cell in notebook["cells"]]
    metadata = notebook.get("metadata")
    known = metadata if isinstance(metadata, Mapping) else {}
    kept = {name: known[name] for name in ("kernelspec", "language_info") if name in known}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": kept, "cells": cells}


async def difference(
    base: Mapping[str, Any], remote: Mapping[str, Any], seconds: float = SECONDS
) -> list[Any]:
    """nbdime's differences. Raises WorkError when the notebooks are too much for it."""
    content = json.dumps({"base": base, "remote": remote}).encode()
    if len(content) > LARGEST:
        raise WorkError(
            f"The two notebooks have more than {LARGEST / 2**20:g} MB of text together, which is"
            " too much to compare. Nothing was changed.",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    async with _turns:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "coursewright.extension.differ"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, error = await asyncio.wait_for(process.communicate(content), seconds)
        except TimeoutError:
            raise WorkError(
                f"Comparing the two notebooks took longer than {seconds:g} seconds and was"
                " stopped. Nothing was changed.",
                HTTPStatus.GATEWAY_TIMEOUT,
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        last = (error.decode(errors="replace").strip().splitlines() or [""])[-1]
        raise _no_notebook(f"they could not be compared ({last[:200]})")
    found: list[Any] = json.loads(out)
    return found


def _plain_cell(cell: Any, seen: set[str]) -> dict[str, Any]:
    if not isinstance(cell, Mapping) or cell.get("cell_type") not in KINDS:
        raise _no_notebook("one of them has something that is not a cell")
    plain: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "metadata": _plain_metadata(cell.get("metadata")),
        "source": text(cell.get("source")),
    }
    identity = cell.get("id")
    if isinstance(identity, str) and identity not in seen:
        seen.add(identity)
        plain["id"] = identity
    if plain["cell_type"] == "code":
        plain |= {"outputs": [], "execution_count": None}
    return plain


def _plain_metadata(metadata: Any) -> dict[str, Any]:
    """The course's own part of it; nbgrader's with its flags and points."""
    if not isinstance(metadata, Mapping):
        return {}
    known = {name: metadata[name] for name in ("nbgrader", "coursewright") if name in metadata}
    if isinstance(known.get("nbgrader"), Mapping):
        flags = known["nbgrader"].items()
        known["nbgrader"] = {name: value for name, value in flags if name not in NOTED}
    return known


def text(source: Any) -> str:
    """A source as one text; notebooks may have it as a list of lines."""
    if isinstance(source, str):
        return source
    if isinstance(source, Iterable) and all(isinstance(line, str) for line in source):
        return "".join(source)
    raise _no_notebook("one of them has a cell without text")


def _no_notebook(why: str) -> WorkError:
    return WorkError(
        f"These are not two notebooks: {why}. Nothing was changed.", HTTPStatus.BAD_REQUEST
    )


ROUTES: list[tuple[str, type[PanelHandler]]] = [(r"coursewright/api/diff", DiffHandler)]
