"""What an administrator does with the pages over HTTP, and what stands in the log after it."""

from __future__ import annotations

import csv
import io

from school import Client
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker


def read(client: Client, path: str, who: str = "root") -> str:
    answer = client.get(who, path)
    assert answer.status_code == 200, answer.text
    return answer.text


def send(client: Client, path: str, **form: object) -> str:
    """A form of an administrator's; the page that comes after it."""
    answer = client.ask("POST", "root", path, data=form)
    assert answer.status_code == 303, answer.text
    after = answer.headers["Location"].removeprefix("/services/coursewright/")
    cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
    return client.get("root", after, headers={"Cookie": cookie}).text


def audit(make: sessionmaker[Session], name: str) -> list[tuple[str, dict[str, object]]]:
    with make() as session:
        rows = session.execute(
            text("SELECT object, detail FROM events WHERE name = :name ORDER BY id"),
            {"name": f"audit.{name}"},
        )
        return [(row[0], row[1]) for row in rows]


def sheet(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get("root", path)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\N{BOM}"))))
