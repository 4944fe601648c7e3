"""`coursewright capacity` from the command line."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import samples
import yaml

from coursewright.hub_config.capacity import CapacityApp
from coursewright.records import courses, database, meetings
from coursewright.records.errors import Invalid, Unavailable
from coursewright.records.meetings import Meeting

SCALE = "/apis/apps/v1/namespaces/school/statefulsets/placeholders/scale"


class Cluster(ThreadingHTTPServer):
    """The one address of a Kubernetes API that the command may ask for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Scaling)
        self.replicas: list[int] = []
        self.refuses = False


class Scaling(BaseHTTPRequestHandler):
    server: Cluster

    def do_PATCH(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = self.path == SCALE and not self.server.refuses
        if known:
            self.server.replicas.append(sent["spec"]["replicas"])
        body = json.dumps(sent if known else {"message": "forbidden"}).encode()
        self.send_response(200 if known else 403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    cluster = Cluster()
    thread = threading.Thread(target=cluster.serve_forever)
    thread.start()
    named = {"cluster": "c", "user": "u"}
    file = tmp_path / "kubeconfig"
    address = f"http://127.0.0.1:{cluster.server_port}"
    file.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "c", "cluster": {"server": address}}],
                "users": [{"name": "u", "user": {}}],
                "contexts": [{"name": "x", "context": named}],
                "current-context": "x",
            }
        )
    )
    monkeypatch.setattr("kubernetes_asyncio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(file))  # fmt: skip  # noqa: E501
    yield cluster
    cluster.shutdown()
    thread.join()
    cluster.server_close()


@pytest.fixture
def school(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ten students whose class begins in ten minutes and lasts a day."""
    monkeypatch.setenv(database.URL_VARIABLE, fresh_database)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    engine = database.make_engine(fresh_database)
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=10)
    with database.sessions(engine).begin() as session:
        courses.publish(session, samples.course("sums"), "First", by=None)
        courses.enrol(session, "ada", "sums", "instructor")
        for number in range(10):
            courses.enrol(session, f"student-{number}", "sums")
        time = soon.time()
        meetings.say(session, "ada", "sums", [Meeting(soon.weekday(), time, 1440)])
    engine.dispose()
    return fresh_database


def run(*arguments: str) -> None:
    app = CapacityApp(log=logging.getLogger("capacity"))
    app.initialize(list(arguments))
    app.start()


def test_the_placeholders_are_scaled_to_the_class_that_comes(
    school: str, cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--statefulset=placeholders", "--namespace=school")
    run(*place)
    run(*place, "--most=4")
    run(*place, "--least=12")
    assert cluster.replicas == [10, 4, 12]
    assert '"replicas": 10' in capsys.readouterr().out


def test_what_the_cluster_refuses_is_told_and_nothing_else_happens(
    school: str, cluster: Cluster
) -> None:
    cluster.refuses = True
    with pytest.raises(Unavailable, match=r"were not scaled to 10: .*403"):
        run("--statefulset=placeholders", "--namespace=school")


def test_the_forecast_is_shown_without_a_cluster(
    school: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--show")
    assert "sums 10" in capsys.readouterr().out
    with pytest.raises(Invalid, match="--statefulset"):
        run()
