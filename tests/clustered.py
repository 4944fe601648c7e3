"""A school in a cluster: proxy, Hub with KubeSpawner, course service and worker as processes.

The cluster is our own API with a kubelet (tests/kubernetes), or the one of KUBECONFIG. There the
pods must reach this machine at COURSEWRIGHT_TEST_ADDRESS, and this machine the pods;
COURSEWRIGHT_TEST_POD_IMAGE names the pod image, COURSEWRIGHT_TEST_NAMESPACE an empty namespace.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
import yaml
from cluster_api import Store, application
from fake_hub import Server
from kubelet import Kubelet
from kubernetes_asyncio import client, config
from sqlalchemy.orm import Session

from coursewright.hub_config import first_admin, proxy, publish
from coursewright.hub_config.cluster import Cluster
from coursewright.hub_config.ports import free_ports
from coursewright.records import database, settings
from coursewright.records.postgres import EmbeddedPostgres

PATIENCE = 180
NAMESPACE = os.environ.get("COURSEWRIGHT_TEST_NAMESPACE", "school")
IMAGE = os.environ.get("COURSEWRIGHT_TEST_POD_IMAGE", "school.example/coursewright-pod:1")
ADDRESS = os.environ.get("COURSEWRIGHT_TEST_ADDRESS", "127.0.0.1")
# Somebody who finds no place, and is not kept waiting for long.
NOWHERE = "nowhere"
TESTER = "0123456789abcdef0123456789abcdef"
HUB_CONFIG = """
c = get_config()
c.JupyterHub.db_url = {hub_database!r}
c.JupyterHub.cookie_secret_file = {cookie_secret!r}
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://{address}:{hub_port}"
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.auth_token = {proxy_token!r}
c.JupyterHub.services = [
    {{"name": "coursewright", "url": "http://{address}:{service_port}", "api_token": {token!r}}},
    {{"name": "tester", "api_token": {tester!r}}},
]
rights = ["admin:users", "admin:servers", "access:servers", "list:users"]
c.JupyterHub.load_roles = [{{"name": "tester", "scopes": rights, "services": ["tester"]}}]
c.KubeSpawner.namespace = {namespace!r}

def find_no_place(spawner):
    if spawner.user.name == {nowhere!r}:
        spawner.node_selector = {{"coursewright.org/there-is": "none"}}
        spawner.start_timeout = 10

c.Spawner.pre_spawn_hook = find_no_place

from coursewright.hub_config.cluster import configure
configure(c)
"""


class OwnCluster(Server):
    """The API and one node, in a thread."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o711)
        self.store = Store()
        self.kubelet = Kubelet(self.store, root, {IMAGE})
        super().__init__(application(self.store))

    async def serve(self) -> None:
        working = asyncio.create_task(self.kubelet.run())
        await super().serve()
        working.cancel()
        self.kubelet.stop()

    def kubeconfig(self, file: Path) -> str:
        here = {"cluster": {"server": f"http://127.0.0.1:{self.port}"}, "name": "own"}
        user = {"name": "own", "user": {"token": "any"}}
        context = {"name": "own", "context": {"cluster": "own", "user": "own"}}
        about = {"clusters": [here], "users": [user], "contexts": [context]}
        named = {"apiVersion": "v1", "kind": "Config", "current-context": "own"}
        file.write_text(yaml.safe_dump({**named, **about}))
        return str(file)


class School:
    """A running site; `url`, `link` and `data` are those of tests/running.py's `Up`."""

    def __init__(self, data: Path, kubeconfig: str, url: str, hub_database: str) -> None:
        self.data, self.kubeconfig = data, kubeconfig
        self.database = url
        self.port, self.hub_port, self.proxy_port, self.service_port = free_ports(4)
        self.url = f"http://127.0.0.1:{self.port}/"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.cluster = Cluster(
            url,
            f"http://{ADDRESS}:{self.service_port}/services/coursewright",
            IMAGE,
            hub_dir=str(data),
        )
        (data / "config.py").write_text(
            HUB_CONFIG.format(
                hub_database=hub_database,
                cookie_secret=str(data / "cookie_secret"),
                port=self.port,
                address=ADDRESS,
                hub_port=self.hub_port,
                proxy_port=self.proxy_port,
                proxy_token="proxy-token",
                service_port=self.service_port,
                token="service-token-of-the-tests",
                tester=TESTER,
                namespace=NAMESPACE,
                nowhere=NOWHERE,
            )
        )
        self.link = first_admin.link(self.url, self.cluster.ticket_file)

    def start(self) -> None:
        self.run(
            "proxy",
            *(*proxy.command(), "--ip=127.0.0.1", f"--port={self.port}"),
            *("--api-ip=127.0.0.1", f"--api-port={self.proxy_port}", "--log-level=warn"),
            CONFIGPROXY_AUTH_TOKEN="proxy-token",
        )
        command = sys.executable, "-m", "coursewright.hub_config.command"
        shared = {"COURSEWRIGHT_DATABASE_URL": self.database}
        self.run("service", *command, "service", **shared, **self.of_service())
        self.run("worker", *command, "worker", "grade", **shared)
        # The Hub waits half a minute for a service that is not there yet.
        self.start_hub()
        self.answers("services/coursewright/readyz")

    def start_hub(self) -> None:
        hub = "-m", "coursewright.hub_config.hub", "--config", str(self.data / "config.py")
        told = {
            "SERVICE_URL": self.cluster.service_url,
            "POD_IMAGE": IMAGE,
            "HUB_DIR": str(self.data),
        }
        self.run(
            "hub",
            *(sys.executable, *hub),
            KUBECONFIG=self.kubeconfig,
            COURSEWRIGHT_DATABASE_URL=self.database,
            **{f"COURSEWRIGHT_CLUSTER_{name}": value for name, value in told.items()},
        )
        self.answers("hub/health")

    def of_service(self) -> dict[str, str]:
        """What the chart gives to the course service."""
        return {
            "COURSEWRIGHT_COOKIE_SECRET": "c" * 64,
            "JUPYTERHUB_API_TOKEN": "service-token-of-the-tests",
            "JUPYTERHUB_API_URL": f"http://{ADDRESS}:{self.hub_port}/hub/api",
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_CLIENT_ID": "service-coursewright",
            "JUPYTERHUB_SERVICE_NAME": "coursewright",
            "JUPYTERHUB_SERVICE_PREFIX": "/services/coursewright/",
            "JUPYTERHUB_SERVICE_URL": f"http://{ADDRESS}:{self.service_port}",
        }

    def run(self, name: str, *command: str, **environ: str) -> None:
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
        with (self.data / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env={**kept, **environ}, stdout=log, stderr=log, cwd=self.data
            )

    def answers(self, path: str) -> None:
        """Wait for it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(self.url + path, timeout=10).ok:
                    return
            assert all(one.poll() is None for one in self.running.values()), self.told()
            time.sleep(0.1)
        raise TimeoutError(self.told())

    def restart_hub(self) -> None:
        self.end("hub")
        self.start_hub()

    def end(self, name: str) -> None:
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)

    def stop(self) -> None:
        for name in list(self.running):
            self.end(name)

    def told(self) -> str:
        """The ends of the logs."""
        ends = (file.read_text(errors="replace")[-3000:] for file in self.data.glob("*.log"))
        return "\n".join(ends)

    def ask(self, method: str, path: str, **about: Any) -> requests.Response:
        """The Hub's API, or a student's server, as the tester."""
        headers = {"Authorization": f"token {TESTER}"}
        return requests.request(method, self.url + path, headers=headers, timeout=PATIENCE, **about)

    def kubernetes(self, method: str, **about: Any) -> Any:
        """One call to the cluster's core API, by its name in the client; gives what it says."""
        return asyncio.run(self._kubernetes(method, about))

    async def _kubernetes(self, method: str, about: dict[str, Any]) -> Any:
        made = await config.new_client_from_config(self.kubeconfig)
        async with made:
            call = getattr(client.CoreV1Api(made), method)
            answer = await call(namespace=NAMESPACE, _preload_content=False, **about)
            return await answer.json()

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        engine = database.make_engine(self.database)
        with database.sessions(engine).begin() as session:
            yield session
        engine.dispose()


@contextlib.contextmanager
def school(postgres: EmbeddedPostgres, url: str) -> Iterator[School]:
    """Running over the database at `url`, with the shipped course, open to all who sign up."""
    data = Path(tempfile.mkdtemp(prefix="cw-cluster-", dir="/tmp"))
    data.chmod(0o711)
    own = None if os.environ.get("KUBECONFIG") else OwnCluster(data / "node")
    kubeconfig = own.kubeconfig(data / "kubeconfig") if own else os.environ["KUBECONFIG"]
    made = School(data, kubeconfig, url, postgres.ensure_database(f"hub_{data.name}"))
    engine = database.make_engine(url)
    publish.publish_shipped(database.sessions(engine))
    engine.dispose()
    with made.session() as session:
        settings.change(session, "admin", {"sign_up": "open"})
    try:
        made.start()
        yield made
    finally:
        made.stop()
        if own:
            own.stop()
        shutil.rmtree(data)
