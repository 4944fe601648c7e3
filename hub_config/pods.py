"""A student's server as a pod: what it may do, how its start is told, why it failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from kubernetes_asyncio.client import ApiException, V1ObjectMeta, V1Secret
from kubespawner import KubeSpawner
from kubespawner.objects import make_owner_reference

from coursewright.hub_config import pod_reports
from coursewright.hub_config.pod_reports import SENTENCES, SpawnFailed

HOME = "/home/jovyan"
TOKEN = "/run/coursewright"  # noqa: S105 (a folder)
TMP = "/tmp"  # noqa: S108 (the pod's own)
TMP_SIZE = "512Mi"
USER = 1000
# Seconds between two looks at a pod that starts.
LOOK = 0.5
# The part of the time to start after which we say ourselves what is missing; the Hub, whose time
# runs already a little longer, would only say that it was late.
PATIENCE = 0.9
SECRET_ENVIRONMENT = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")
TERMINATED_BY_ITSELF = "ended"


class CoursewrightKubeSpawner(KubeSpawner):
    """KubeSpawner with the pod that our students get.

    The server's token comes as a file out of a Secret that belongs to the pod and goes with it: an
    environment variable can be read by whoever may look at pods.
    """

    # Why the server before this one ended, when that was not by anybody's wish.
    last_end = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Set here, since none of it is for a site's settings to loosen.
        self.uid = self.gid = self.fs_gid = USER
        self.privileged = self.allow_privilege_escalation = False
        self.automount_service_account_token = False
        self.container_security_context = {
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        self.pod_security_context = {
            "runAsNonRoot": True,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        self.working_dir = HOME
        self.after_pod_created_hook = hand_token

    @property
    def token_secret(self) -> str:
        return f"{self.pod_name}-token"

    def get_state(self) -> dict[str, Any]:
        """The Hub makes a new spawner for the next start, which knows of the last by this."""
        return {**super().get_state(), "last_end": self.last_end}

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)
        self.last_end = state.get("last_end", "")

    def get_env(self) -> dict[str, Any]:
        found = super().get_env()
        env = {name: value for name, value in found.items() if name not in SECRET_ENVIRONMENT}
        return {
            **env,
            "COURSEWRIGHT_TOKEN_FILE": f"{TOKEN}/token",
            "HOME": HOME,
            # The home may be full or slow to write; what lasts no longer than the server is here.
            "JUPYTER_RUNTIME_DIR": f"{TMP}/jupyter-runtime",
            "XDG_RUNTIME_DIR": TMP,
            "XDG_CACHE_HOME": f"{TMP}/cache",
            "MPLCONFIGDIR": f"{TMP}/matplotlib",
        }

    async def get_pod_manifest(self) -> Any:
        pod = await super().get_pod_manifest()
        spec, container = pod.spec, pod.spec.containers[0]
        spec.enable_service_links = False
        # A restarted container would have lost its kernels without a word.
        spec.restart_policy = "Never"
        spec.volumes = [
            *(spec.volumes or []),
            {"name": "home", "persistentVolumeClaim": {"claimName": self.pvc_name}},
            {"name": "tmp", "emptyDir": {"sizeLimit": TMP_SIZE}},
            {"name": "token", "secret": {"secretName": self.token_secret, "defaultMode": 0o440}},
        ]
        container.volume_mounts = [
            *(container.volume_mounts or []),
            {"name": "home", "mountPath": HOME},
            {"name": "tmp", "mountPath": TMP},
            {"name": "token", "mountPath": TOKEN, "readOnly": True},
        ]
        answers = {"httpGet": {"path": f"{self.server.base_url}api", "port": "notebook-port"}}
        container.startup_probe = {**answers, "periodSeconds": 1, "failureThreshold": 120}
        container.readiness_probe = {**answers, "periodSeconds": 10, "timeoutSeconds": 5}
        return pod

    async def load_user_options(self) -> None:
        """Forget a profile that is there no more: the course may have been left."""
        known = {one["slug"] for one in await self.profile_list(self)}
        if self.user_options.get("profile", "") not in known:
            self.user_options.pop("profile", None)
        await super().load_user_options()

    def _render_options_form(self, profile_list: list[dict[str, Any]]) -> str:
        return str(super()._render_options_form(profile_list)) if len(profile_list) > 1 else ""

    async def _start(self) -> str:
        """Start the pod; gives its address. Raises SpawnFailed with the named reason."""
        await self._start_watching_pods()
        # One that was evicted is still there to be read of.
        before = (self.pod() or {}).get("metadata", {}).get("uid")
        starting = asyncio.ensure_future(super()._start())
        watching = asyncio.ensure_future(self.hopeless(before))
        try:
            await asyncio.wait((starting, watching), return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                raise SpawnFailed(watching.result())
            address = str(await starting)
        except ApiException as error:
            raise SpawnFailed(pod_reports.refused(error.status, str(error.body))) from error
        except TimeoutError as error:
            raise SpawnFailed(pod_reports.missing(self.pod())) from error
        except OSError as error:
            raise SpawnFailed("cluster") from error
        finally:
            starting.cancel()
            watching.cancel()
        self.last_end = ""
        return address

    async def hopeless(self, before: str | None) -> str:
        """Wait until the start is in vain; gives the name of the reason.

        `before` is the uid of the server's last pod, which does not count.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE * self.start_timeout
        while loop.time() < end:
            await asyncio.sleep(LOOK)
            pod = self.pod()
            if pod and pod["metadata"]["uid"] != before and (reason := pod_reports.hopeless(pod)):
                return reason
        return pod_reports.missing(self.pod())

    def pod(self) -> dict[str, Any] | None:
        """The pod as the cluster told of it last."""
        reflector = self.pod_reflector
        found = reflector.pods.get(f"{self.namespace}/{self.pod_name}") if reflector else None
        return found if found is None else dict(found)

    async def poll(self) -> int | None:
        await self._start_watching_pods()
        reason = pod_reports.ended(self.pod() or {"status": {}})
        # Before the pod is deleted. One that ended of its own accord was idle, or was told to.
        if reason not in ("", TERMINATED_BY_ITSELF):
            self.last_end = f"{SENTENCES[reason]}."
        return await super().poll()

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """The pod's events, as sentences, each said once."""
        if self.last_end:
            yield {"progress": 1, "message": self.last_end}
        said = ""
        async with aclosing(super().progress()) as events:
            async for one in events:
                event = one.get("raw_event")
                sentence = pod_reports.progress(event) if event else one["message"]
                if sentence and sentence != said:
                    said = sentence
                    yield {**one, "message": sentence}


async def hand_token(spawner: CoursewrightKubeSpawner, pod: dict[str, Any]) -> None:
    """Make the Secret that the pod waits for; without the pod it is gone."""
    owner = make_owner_reference(spawner.pod_name, pod["metadata"]["uid"])
    secret = V1Secret(
        metadata=V1ObjectMeta(
            name=spawner.token_secret,
            labels=spawner._build_common_labels(dict(spawner.extra_labels)),
            owner_references=[owner],
        ),
        string_data={"token": spawner.api_token},
    )
    try:
        await spawner.api.create_namespaced_secret(spawner.namespace, secret)
    except ApiException as error:
        if error.status != 409:
            raise
        # That of the pod before, which the cluster has not yet swept away.
        await spawner.api.delete_namespaced_secret(spawner.token_secret, spawner.namespace)
        await spawner.api.create_namespaced_secret(spawner.namespace, secret)
