"""The service over a school's database, for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_hub import Hub
from school import Client, Running, fill, graded
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records.database import make_engine, sessions


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    hub = Hub()
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture(scope="module")
def school(database_of_module: str) -> str:
    """The address of a database with the courses `sums` and `other`, and people in them."""
    engine = make_engine(database_of_module)
    with sessions(engine).begin() as session:
        fill(session)
    engine.dispose()
    return database_of_module


@pytest.fixture(scope="module")
def engine(school: str) -> Iterator[Engine]:
    engine = make_engine(school)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def make(engine: Engine) -> sessionmaker[Session]:
    return sessions(engine)


@pytest.fixture(scope="module")
def running(hub: Hub, engine: Engine) -> Iterator[Running]:
    running = Running(hub, engine)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(running: Running, hub: Hub) -> Iterator[Client]:
    client = Client(running.url, hub)
    yield client
    client.http.close()


@pytest.fixture(scope="module")
def marked(client: Client, make: sessionmaker[Session]) -> int:
    """A submission of grace's that has been graded."""
    number: int = client.submit(key="marked-for-all-tests").json()["id"]
    graded(make, number)
    return number


@pytest.fixture
def jp_asyncio_loop() -> None:
    """pytest-jupyter's, which every test gets, is none that a browser can live beside."""


@pytest.fixture
def jp_server_cleanup() -> None:
    """There is no Jupyter server here to clean up after."""
