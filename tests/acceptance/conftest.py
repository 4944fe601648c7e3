"""One running platform for the acceptance tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Up, up
from without_jupyter import jp_asyncio_loop, jp_server_cleanup

__all__ = ["jp_asyncio_loop", "jp_server_cleanup"]


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory that the servers' own users can pass through."""
    directory = Path(tempfile.mkdtemp(prefix="cw-up-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory / "data"
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def platform(environ: dict[str, str]) -> Iterator[Up]:
    """`coursewright up`, ready; shared by the tests of one module."""
    directory = Path(tempfile.mkdtemp(prefix="cw-up-", dir="/tmp"))
    directory.chmod(0o711)
    with up(directory / "data", environ=environ) as run:
        yield run
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def environ() -> dict[str, str]:
    """What a module wants in the platform's environment."""
    return {}
