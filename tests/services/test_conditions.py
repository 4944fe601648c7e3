"""Entity tags: what is known is not sent again, and what has changed is not overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from school import Client

from coursewright.services.conditions import named, tag

LESSON = "api/v1/courses/sums/lessons/adding"
READ = {
    "api/v1/courses": "grace",
    "api/v1/courses/sums": "grace",
    "api/v1/courses/sums/members": "ada",
    "api/v1/openapi.json": "grace",
    f"{LESSON}/deadline": "ada",
    "": "grace",
    "courses/sums/gradebook": "ada",
}


@pytest.mark.parametrize("path", READ)
def test_what_is_known_by_its_tag_is_not_sent_again(client: Client, path: str) -> None:
    first = client.get(READ[path], path)
    headers = {"If-None-Match": first.headers["Etag"]}
    again = client.get(READ[path], path, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Etag"] == first.headers["Etag"]
    assert again.headers["X-Request-Id"]
    other = client.get(READ[path], path, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_tags_are_weak_but_where_something_can_be_changed_by_them(client: Client) -> None:
    assert client.get("grace", "api/v1/courses").headers["Etag"].startswith('W/"')
    assert client.get("ada", f"{LESSON}/deadline").headers["Etag"].startswith('"')


def test_whoever_may_see_nothing_gets_no_tag(client: Client) -> None:
    known = client.get("ada", f"{LESSON}/deadline").headers["Etag"]
    answer = client.get("grace", f"{LESSON}/deadline", headers={"If-None-Match": known})
    assert answer.status_code == 403
    assert "Etag" not in answer.headers


EDITABLE: dict[str, tuple[Any, Any]] = {
    f"{LESSON}/deadline": ({"due": "2030-01-01T12:00:00Z"}, {"due": "2030-01-02T12:00:00Z"}),
    f"{LESSON}/release": ({"held": True}, {"held": False}),
    "api/v1/courses/sums/rubric/{item}": (
        {"label": "axes", "points": 1},
        {"label": "axes", "points": 2},
    ),
}


def place(client: Client, path: str) -> str:
    if "{item}" not in path:
        return path
    item = {"grade_id": "draw", "label": "none yet", "points": 0}
    return path.format(item=client.ask("POST", "ada", f"{LESSON}/rubric", json=item).json()["id"])


@pytest.mark.parametrize("path", EDITABLE)
def test_a_change_of_what_somebody_else_changed_is_refused(client: Client, path: str) -> None:
    first, second = EDITABLE[path]
    path = place(client, path)
    seen = {"If-Match": client.get("ada", path).headers["Etag"]}
    answer = client.ask("PUT", "ada", path, json=first, headers=seen)
    assert answer.status_code == 200
    assert answer.headers["Etag"] == client.get("ada", path).headers["Etag"]
    refused = client.ask("PUT", "root", path, json=second, headers=seen)
    assert (refused.status_code, refused.json()["title"]) == (412, "Precondition Failed")
    assert "nothing was done" in refused.json()["detail"]
    assert client.get("ada", path).headers["Etag"] == answer.headers["Etag"]
    weakened = {"If-Match": f"W/{answer.headers['Etag']}"}
    assert client.ask("PUT", "root", path, json=second, headers=weakened).status_code == 200


@pytest.mark.parametrize("path", EDITABLE)
def test_without_the_header_the_last_one_counts(client: Client, path: str) -> None:
    full = place(client, path)
    for sent in EDITABLE[path]:
        assert client.ask("PUT", "ada", full, json=sent).status_code == 200


def test_of_many_who_saw_the_same_one_alone_changes_it(client: Client) -> None:
    path = f"{LESSON}/deadline"
    seen = {"If-Match": client.get("ada", path).headers["Etag"]}

    def put(day: int) -> int:
        sent = {"due": f"2031-01-{day:02}T12:00:00Z"}
        return client.ask("PUT", "ada", path, json=sent, headers=seen).status_code

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(put, range(1, 9))) == [200, *[412] * 7]


def test_dates_are_taken_away_only_as_they_were_seen(client: Client) -> None:
    path = f"{LESSON}/deadline"
    client.ask("PUT", "ada", path, json={"due": "2030-01-01T12:00:00Z"})
    old = {"If-Match": '"of another time"'}
    assert client.ask("DELETE", "ada", path, headers=old).status_code == 412
    seen = {"If-Match": client.get("ada", path).headers["Etag"]}
    assert client.ask("DELETE", "ada", path, headers=seen).status_code == 200
    assert client.get("ada", path).json()["due"] is None


HEADERS = {
    '"{}"': True,
    'W/"{}"': True,
    '"x", "{}"': True,
    "*": True,
    '"x"': False,
    "": False,
    "{}": False,
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_names_the_tag_or_does_not(header: str) -> None:
    known = tag(b"something")
    assert named(known, header.format(known.strip('"'))) is HEADERS[header]
