"""What `coursewright up` refuses, and what it does with less than it wants."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import requests
from isolation import without_isolation
from running import Person, Up, set_administrator, up
from sqlalchemy import create_engine, text

from coursewright.records.postgres import EmbeddedPostgres


def test_a_taken_port_is_said_before_anything_is_started(data: Path) -> None:
    with up(data) as run:
        second = Up(data.with_name("other"), port=run.port)
        assert second.end() == 1
        assert f"Port {run.port}" in second.told()
        assert "--port" in second.told()
        assert not data.with_name("other").exists()
        third = Up(data)
        assert third.end() == 1
        assert "Another coursewright up" in third.told()


def test_an_address_beyond_this_machine_needs_tls(data: Path) -> None:
    run = Up(data, "--ip", "0.0.0.0")
    assert run.end() == 1
    assert "--tls-key" in run.told()
    assert "--insecure" in run.told()
    assert not data.exists()


def test_a_data_directory_of_a_newer_release_is_left_alone(data: Path) -> None:
    with up(data):
        pass
    postgres = EmbeddedPostgres(data / "postgres")
    engine = create_engine(postgres.start())
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    engine.dispose()
    postgres.stop()
    run = Up(data)
    assert run.end() == 1
    assert "from_the_future" in run.told()
    assert "newer" in run.told()
    assert "Traceback" not in run.told()


def test_the_link_for_the_password_works_once(data: Path) -> None:
    with up(data) as run:
        admin = Person(run, "admin")
        blocked = admin.post(
            "hub/signup",
            username="admin",
            signup_password=admin.password,
            signup_password_confirmation=admin.password,
        )
        assert "successful" not in blocked.text
        link, ticket = run.link, run.link.rpartition("=")[2]
        form = {"ticket": ticket, "password": admin.password, "confirmation": admin.password}
        weak = admin.post(link, **{**form, "password": "short", "confirmation": "short"})
        assert "not a common password" in weak.text
        assert admin.post(link, **form).ok
        assert requests.get(link).status_code == 403
        assert ticket not in (data / "logs" / "hub.log").read_text()
        admin.sign_in()
        assert "Admin" in admin.session.get(f"{run.url}hub/home").text
    with up(data) as run:
        assert "first-admin" not in run.told()
        Person(run, "admin").sign_in()


@pytest.fixture
def without_bubblewrap(tmp_path: Path) -> dict[str, str]:
    """An environment in which the programs that `up` needs are found, and bubblewrap is not."""
    for name in ("bash", "env", "prlimit", "setpriv", "sh", "test", "useradd"):
        found = shutil.which(name)
        if found:
            (tmp_path / name).symlink_to(found)
    return {"PATH": str(tmp_path)}


def test_without_bubblewrap_students_are_isolated_all_the_same(
    data: Path, without_bubblewrap: dict[str, str]
) -> None:
    with up(data, environ=without_bubblewrap) as run:
        assert "isolated" not in run.told()
        ada = Person(run, "ada").sign_up().sign_in()
        assert ada.start_server()


def test_without_isolation_it_says_so_and_serves_one_person(data: Path) -> None:
    run = without_isolation(lambda: Up(data))
    try:
        assert "cannot be isolated" in run.wait().told()
        assert requests.get(f"{run.url}hub/signup").status_code == 404
        set_administrator(run).sign_in()
    finally:
        run.interrupt()
