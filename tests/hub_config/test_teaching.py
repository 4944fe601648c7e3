"""Whose server may teach."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from coursewright.generator import library
from coursewright.hub_config.roles import AUTHORS, SERVER
from coursewright.hub_config.teaching import TokenScopes
from coursewright.records import courses
from coursewright.services.scopes import ADMIN, AUTHOR, LEARN, TEACH


def spawner(name: str, admin: bool = False, *groups: str) -> Any:
    named = [SimpleNamespace(name=group) for group in groups]
    db = SimpleNamespace(commit=lambda: None)
    user = SimpleNamespace(name=name, admin=admin, groups=named, db=db)
    return SimpleNamespace(user=user, log=logging.getLogger("spawner"))


@pytest.fixture
def scopes(fresh_database: str) -> Iterator[TokenScopes]:
    scopes = TokenScopes(fresh_database)
    with scopes.sessions.begin() as session:
        course = library.load("python-foundations")
        courses.publish(session, course, "", None)
        for person, role in (("kay", "student"), ("olga", "assistant"), ("ada", "instructor")):
            courses.enrol(session, person, course.key, role)
    yield scopes
    scopes.sessions.kw["bind"].dispose()


@pytest.mark.parametrize(
    ("who", "more"),
    [
        (spawner("stranger"), set()),
        (spawner("kay"), set()),
        (spawner("olga"), {TEACH}),
        (spawner("ada"), {TEACH}),
        (spawner("root", True), {TEACH, AUTHOR}),
        (spawner("kay", False, AUTHORS), {TEACH, AUTHOR}),
    ],
)
def test_a_server_may_teach_when_its_owner_does(
    scopes: TokenScopes, who: Any, more: set[str]
) -> None:
    given = set(asyncio.run(scopes(who)))
    assert given == set(SERVER) | more
    assert LEARN in given
    assert ADMIN not in given


def test_without_the_database_a_server_starts_and_learns(caplog: Any) -> None:
    nowhere = TokenScopes("postgresql://nobody@127.0.0.1:1/none")
    assert set(asyncio.run(nowhere(spawner("ada")))) == set(SERVER)
    assert "ada" in caplog.text
    nowhere.sessions.kw["bind"].dispose()
