"""One school in a cluster for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clustered import School, school
from without_jupyter import jp_asyncio_loop, jp_server_cleanup

from coursewright.records.postgres import EmbeddedPostgres

__all__ = ["jp_asyncio_loop", "jp_server_cleanup"]


@pytest.fixture(scope="module")
def platform(postgres: EmbeddedPostgres, database_of_module: str) -> Iterator[School]:
    with school(postgres, database_of_module) as running:
        yield running
