"""Fixtures of the database, for every room's tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from browsing import chromium
from playwright.sync_api import Browser
from psycopg import Connection, connect, sql
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from coursewright.records.database import make_engine, without_driver
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.schema import upgrade

# pytest takes plugins from the topmost conftest only; this one serves tests/extension/.
pytest_plugins = ["pytest_jupyter.jupyter_server"]

TEMPLATE = "template_of_tests"
numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine may lose a click, and a class of servers its patience: those
    tests run by themselves, and once more if they fail; both are told of.
    """
    for item in items:
        if {"desk", "kubernetes"} & set(item.path.parts):
            item.add_marker(pytest.mark.alone)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its file: while a browser is open, no other test can run an event loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def short_directory() -> Iterator[Path]:
    """A directory below /tmp that every user may enter and that has a short name."""
    directory = Path(tempfile.mkdtemp(prefix="cw-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def postgres(short_directory: Path) -> Iterator[EmbeddedPostgres]:
    """The one server of the test run. It forgets on a crash of the machine, to be fast."""
    server = EmbeddedPostgres(short_directory / "pg", settings={"fsync": "off"})
    server.start()
    upgrade(server.ensure_database(TEMPLATE))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres) -> str:
    """A migrated database for tests that roll back."""
    with _admin(postgres) as admin:
        _create(admin, "tests", TEMPLATE)
    return postgres.url("tests")


@pytest.fixture
def fresh_database(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a migrated, empty database, for tests that commit."""
    yield from _database(postgres, TEMPLATE)


@pytest.fixture(scope="module")
def database_of_module(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The same for all tests of a file, so that no file depends on what another left."""
    yield from _database(postgres, TEMPLATE)


@pytest.fixture
def empty_database(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a database without any tables."""
    yield from _database(postgres, "template1")


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints of a transaction that is rolled back."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        transaction.rollback()


def _database(postgres: EmbeddedPostgres, template: str) -> Iterator[str]:
    name = f"test_{next(numbers)}"
    with _admin(postgres) as admin:
        _create(admin, name, template)
    yield postgres.url(name)
    with _admin(postgres) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _admin(postgres: EmbeddedPostgres) -> Connection:
    return connect(without_driver(postgres.url("postgres")), autocommit=True)


def _create(admin: Connection, name: str, template: str) -> None:
    names = sql.Identifier(name), sql.Identifier(template)
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
