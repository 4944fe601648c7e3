"""The link that sets the first administrator's password."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursewright.hub_config import first_admin
from coursewright.records.errors import Invalid

DATABASE = {"COURSEWRIGHT_DATABASE_URL": "postgresql://school@db/school"}
SITES = {
    "a cluster": {
        "COURSEWRIGHT_CLUSTER_SERVICE_URL": "http://coursewright-service:8082",
        "COURSEWRIGHT_CLUSTER_POD_IMAGE": "school.example/coursewright-pod:1",
        "COURSEWRIGHT_CLUSTER_HUB_DIR": "{place}",
    },
    "compose": {
        "COURSEWRIGHT_COMPOSE_HUB_DATABASE": "postgresql://hub@db/hub",
        "COURSEWRIGHT_COMPOSE_SERVICE_TOKEN": "service-secret",
        "COURSEWRIGHT_COMPOSE_POD_IMAGE": "coursewright-pod",
        "COURSEWRIGHT_COMPOSE_HUB_DIR": "{place}",
    },
}


@pytest.mark.parametrize("site", SITES)
def test_a_link_is_good_where_the_hub_runs_and_voids_the_one_before(
    site: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (DATABASE | SITES[site]).items():
        monkeypatch.setenv(name, value.format(place=tmp_path))
    links, tickets = [], []
    for _ in range(2):
        app = first_admin.FirstAdminApp()
        app.initialize(["https://school.example/"])
        app.start()
        links.append(capsys.readouterr().out.strip())
        tickets.append((tmp_path / "first-admin").read_text())
    assert links[0].startswith("https://school.example/hub/first-admin?token=")
    assert links[0] != links[1]
    assert tickets[0] != tickets[1]
    assert links[1].rpartition("=")[2] not in tickets[1]


def test_without_an_address_it_says_what_is_missing() -> None:
    app = first_admin.FirstAdminApp()
    app.initialize([])
    with pytest.raises(Invalid, match="where the Hub is reached"):
        app.start()
