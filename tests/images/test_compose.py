"""One server with Docker Compose: the file is valid, and who holds what is as the guide says."""

from __future__ import annotations

import copy
import json
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from coursewright.grader.allowed import secrets_of

IMAGES = Path(__file__).parents[2] / "images"
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}")
TEXT = (IMAGES / "compose.yaml").read_text()


def read(text: str = TEXT) -> dict[str, Any]:
    """As Compose reads it: variables without a default are `secret-<name>`."""

    def value(found: re.Match[str]) -> str:
        return found[2] if found[2] is not None else f"secret-{found[1]}"

    return dict(yaml.safe_load(VARIABLE.sub(value, text)))


SERVICES: dict[str, dict[str, Any]] = read()["services"]
OURS = {name for name, one in SERVICES.items() if "coursewright-" in one["image"]}


def check(document: dict[str, Any]) -> None:
    found = PyCompose.from_json(json.dumps(document))
    for part in ("networks", "volumes", "configs", "secrets"):
        getattr(found, f"validate_{part}")()


def test_it_is_valid() -> None:
    check(read())


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [("grader", "usre", "1000"), ("hub", "networks", ["nowhere"]), ("tls", "ports", "eighty")],
)
def test_a_slip_in_it_is_refused(place: str, name: str, value: object) -> None:
    document = copy.deepcopy(read())
    document["services"][place][name] = value
    with pytest.raises(ValueError, match=r"."):
        check(document)


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_held(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True
    assert "privileged" not in service
    assert ":" in service["image"].rpartition("/")[2]
    if name in OURS:
        assert service["user"].split(":")[0] in ("1000", "1001")


def test_no_secret_stands_in_the_file() -> None:
    told = re.findall(r"(?:TOKEN|SECRET|PASSWORD|KEY)\w*: (.*)", TEXT)
    assert told
    assert all(value.startswith("${") for value in told)
    assert not re.search(r"[0-9a-f]{16}", TEXT)


def test_the_sandboxes_have_no_secret_no_network_and_another_user_than_the_worker() -> None:
    for worker in ("grader", "generator"):
        keeper = SERVICES[f"{worker}-sandboxes"]
        assert not secrets_of(dict(keeper.get("environment") or {}))
        assert "environment" not in keeper
        assert "env_file" not in keeper
        assert keeper["network_mode"] == "none"
        assert keeper["user"].split(":")[0] != SERVICES[worker]["user"].split(":")[0]
        assert keeper["user"].split(":")[1] == SERVICES[worker]["user"].split(":")[1]
        assert keeper["volumes"] == [f"{worker}-socket:/run/coursewright"]
        assert keeper["volumes"][0] in SERVICES[worker]["volumes"]
        socket = SERVICES[worker]["environment"]["COURSEWRIGHT_SANDBOXES"]
        assert socket in keeper["command"]


def test_from_the_students_network_no_database_and_no_docker_is_reached() -> None:
    networks = read()["networks"]
    assert networks["students"] == {"internal": True}
    reached = {name for name, one in SERVICES.items() if "students" in one.get("networks", ())}
    assert reached == {"proxy", "hub", "service"}
    assert SERVICES["postgres"]["networks"] == ["data"]
    assert [name for name, one in SERVICES.items() if "docker" in one.get("networks", ())] == [
        "hub",
        "docker",
    ]
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["tls"]


def test_only_what_needs_the_database_is_told_where_it_is() -> None:
    told = {
        name
        for name, one in SERVICES.items()
        if "secret-POSTGRES_PASSWORD" in json.dumps(one.get("environment", {}))
    }
    assert told == {"hub", "service", "grader", "generator", "migrate", "postgres"}


def test_the_secrets_are_made_once_and_are_for_their_owner_alone(tmp_path: Path) -> None:
    script = tmp_path / "secrets"
    script.write_bytes((IMAGES / "secrets").read_bytes())
    script.chmod(0o755)
    subprocess.run([script], check=True, capture_output=True)
    made = tmp_path / ".env"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    values = dict(line.split("=") for line in made.read_text().splitlines())
    wanted = {name for name, _ in VARIABLE.findall(TEXT.replace(":-", ":-x"))}
    needed = {found[1] for found in re.finditer(r"\$\{(\w+):\?", TEXT)}
    assert set(values) == needed <= wanted
    assert all(len(value) == 64 for value in values.values())
    assert len(set(values.values())) == len(values)
    again = subprocess.run([script], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "stays as it is" in again.stderr


def test_the_profile_of_the_sandboxes_leaves_what_builds_them() -> None:
    profile = json.loads((IMAGES / "sandboxes-seccomp.json").read_text())
    refused = {name for rule in profile["syscalls"] for name in rule["names"]}
    assert profile["defaultAction"] == "SCMP_ACT_ALLOW"
    assert refused.isdisjoint({"unshare", "clone", "clone3", "mount", "pivot_root", "setns"})
    assert {"bpf", "ptrace", "kexec_load", "init_module", "open_by_handle_at"} <= refused
