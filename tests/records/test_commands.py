"""`coursewright db`, as somebody types it."""

from __future__ import annotations

import pytest

from coursewright.records.commands import CheckApplication, DatabaseApp, UpgradeApplication
from coursewright.records.schema import head


def run(*words: str) -> int | str | None:
    try:
        DatabaseApp.launch_instance(argv=list(words))
    except SystemExit as end:
        return end.code
    finally:
        for application in (UpgradeApplication, CheckApplication, DatabaseApp):
            application.clear_instance()  # one a process, and a process types once
    return 0


def test_upgrade_makes_the_tables_and_check_agrees(
    empty_database: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("upgrade", f"--url={empty_database}") == 0
    assert run("check", f"--url={empty_database}") == 0
    assert f"schema {head()}" in capfd.readouterr().err


def test_check_of_an_empty_database_fails_and_names_the_command(
    empty_database: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("check", f"--url={empty_database}") == 1
    assert "Run `coursewright db upgrade`" in capfd.readouterr().err


def test_the_address_may_come_from_the_environment(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEWRIGHT_DATABASE_URL", fresh_database)
    assert run("check") == 0


def test_without_an_address_it_says_where_to_give_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COURSEWRIGHT_DATABASE_URL", raising=False)
    assert run("check") == 1
    assert "COURSEWRIGHT_DATABASE_URL is not set" in capfd.readouterr().err


def test_without_a_verb_it_explains_itself(capfd: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert "make or change the tables" in capfd.readouterr().out
