"""One node: runs a pod's container as a local process and tells the API how it fares.

The process sees what its pod says and nothing else: its environment, its home (a folder for each
claim, which outlives the pod), a /tmp, its Secret; the rest is read-only. All pods share this
machine's loopback interface, so each gets an address of 127.0.0.0/8 and listens there where its
pod says 0.0.0.0.
"""

from __future__ import annotations

import asyncio
import base64
import os
import stat
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from cluster_api import Object, Refused, Store, now
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from coursewright.grader.binds import python_binds, read_only, writable
from coursewright.grader.sandbox import Sandbox

PORT = 8888
IMAGE_ENVIRONMENT = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
# A claim with this label is a volume of 512 kB on which nothing is free.
FULL = "coursewright.org/full"
FULL_VOLUME = """#!/bin/sh
exec unshare {as_root} --mount sh -c '
mount -t tmpfs -o size=512k,mode=0777 tmpfs "{home}"
cat /dev/zero > "{home}/data" 2> /dev/null
exec bwrap "$@"' sh "$@"
"""


class Kubelet:
    """`images` are those that can be pulled. Pods with a node selector find no place."""

    def __init__(self, store: Store, root: Path, images: set[str]) -> None:
        self.store, self.root, self.images = store, root, images
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.addresses = count(1)
        self.events = count(1)
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        async for what, pod in self.store.watch("pods", 0):
            if what == "ADDED":
                task = asyncio.create_task(self.keep(pod))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
            elif what == "MODIFIED":
                deleted = "deletionTimestamp" in pod["metadata"]
                if deleted or pod["status"]["phase"] == "Failed":
                    await self.end(pod, gone=deleted)

    def stop(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()

    async def keep(self, pod: Object) -> None:
        """From a place to the end of the process. A pod that goes on the way needs no more."""
        with suppress(Refused):
            if not self.schedule(pod):
                return
            token = await self.secret(pod)
            if self.pull(pod):
                process, address = self.launch(pod, token)
                self.processes[pod["metadata"]["uid"]] = process
                self.running(pod, address, ready=False)
                self.tell(pod, "Started", "Started container notebook")
                await self.probe(pod, process, address)
                self.ended(pod, await over(process))

    async def end(self, pod: Object, *, gone: bool) -> None:
        process = self.processes.get(pod["metadata"]["uid"])
        if process:
            process.terminate()
            await over(process)
        if gone:
            self.store.remove("pods", pod)

    def schedule(self, pod: Object) -> bool:
        condition = {"type": "PodScheduled", "status": "True"}
        if pod["spec"].get("nodeSelector"):
            message = "0/1 nodes are available: 1 node(s) didn't match Pod's node selector."
            condition |= {"status": "False", "reason": "Unschedulable", "message": message}
            self.tell(pod, "FailedScheduling", message, "Warning")
        else:
            self.tell(pod, "Scheduled", "Successfully assigned to the-node")
        self.status(pod, conditions=[condition])
        return condition["status"] == "True"

    async def secret(self, pod: Object) -> Path:
        """A folder with the files of the pod's Secret, which may come after the pod."""
        (name,) = (one["secret"]["secretName"] for one in volumes(pod) if "secret" in one)
        namespace = pod["metadata"]["namespace"]
        while ("secrets", namespace, name) not in self.store.objects:
            await self.store.changed.wait()
        folder = self.root / "secrets" / pod["metadata"]["uid"]
        folder.mkdir(parents=True)
        for key, value in self.store.get("secrets", namespace, name)["data"].items():
            (folder / key).write_bytes(base64.b64decode(value))
        return folder

    def pull(self, pod: Object) -> bool:
        image = container(pod)["image"]
        self.tell(pod, "Pulling", f'Pulling image "{image}"')
        if image in self.images:
            self.tell(pod, "Pulled", f'Successfully pulled image "{image}"')
            return True
        self.tell(pod, "Failed", f'Failed to pull image "{image}": not found', "Warning")
        self.tell(pod, "BackOff", f'Back-off pulling image "{image}"', "Warning")
        waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}
        self.status(pod, containerStatuses=[status_of(pod, waiting)])
        return False

    def launch(self, pod: Object, token: Path) -> tuple[subprocess.Popen[bytes], str]:
        spec = container(pod)
        address = f"127.0.{1 + next(self.addresses)}.1"
        mounts = {one["name"]: one["mountPath"] for one in spec["volumeMounts"]}
        claim = self.claim(pod)
        environment = {
            **IMAGE_ENVIRONMENT,
            **{one["name"]: one.get("value") or "" for one in spec["env"]},
        }
        listens = environment["JUPYTERHUB_SERVICE_URL"].replace("0.0.0.0", address)
        environment["JUPYTERHUB_SERVICE_URL"] = listens
        sandbox = Sandbox(
            binds=(
                *python_binds(("extension", "records")),
                writable(claim, mounts["home"]),
                read_only(token, mounts["token"]),
            ),
            environment=environment,
            share_network=True,
            user="jovyan",
            uid=spec["securityContext"]["runAsUser"],
            cwd=spec["workingDir"],
        )
        options: dict[str, Any] = {}
        if self.is_full(pod):
            options["executable"] = self.full_volume(claim)
        with (self.root / f"{pod['metadata']['name']}.log").open("wb") as log:
            process = sandbox.popen(
                spec["args"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
            )
        return process, address

    def claim(self, pod: Object) -> Path:
        """The folder that is the pod's volume."""
        folder = self.root / "claims" / claim_name(pod)
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            owner = container(pod)["securityContext"]["runAsUser"]
            os.chown(folder, owner, owner)
        return folder

    def is_full(self, pod: Object) -> bool:
        where = "persistentvolumeclaims", pod["metadata"]["namespace"], claim_name(pod)
        return FULL in (self.store.get(*where)["metadata"].get("labels") or {})

    def full_volume(self, home: Path) -> str:
        """A program to start in bubblewrap's place: it makes the volume, for itself alone."""
        script = self.root / "full-volume"
        as_root = "" if os.geteuid() == 0 else "--user --map-root-user"
        script.write_text(FULL_VOLUME.format(home=home, as_root=as_root))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return str(script)

    async def probe(self, pod: Object, process: subprocess.Popen[bytes], address: str) -> None:
        """Ask as the startup probe says, until there is an answer."""
        path = container(pod)["startupProbe"]["httpGet"]["path"]
        url = f"http://{address}:{PORT}{path}"
        while process.poll() is None:
            try:
                await AsyncHTTPClient().fetch(url, request_timeout=5)
            except (HTTPClientError, OSError):
                await asyncio.sleep(0.3)
            else:
                self.running(pod, address, ready=True)
                return

    def running(self, pod: Object, address: str, *, ready: bool) -> None:
        state = {"running": {"startedAt": now()}}
        told = [status_of(pod, state, ready=ready)]
        self.status(pod, phase="Running", podIP=address, containerStatuses=told)

    def ended(self, pod: Object, code: int) -> None:
        state = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed"}}
        phase = "Failed" if code else "Succeeded"
        self.status(pod, phase=phase, containerStatuses=[status_of(pod, state)])

    def status(self, pod: Object, **changes: Any) -> None:
        meta = pod["metadata"]
        now_there = self.store.get("pods", meta["namespace"], meta["name"])
        if now_there["metadata"]["uid"] == meta["uid"]:
            if now_there["status"]["phase"] == "Failed":
                changes.pop("phase", None)
            self.store.patch("pods", meta["namespace"], meta["name"], {"status": changes})

    def tell(self, pod: Object, reason: str, message: str, kind: str = "Normal") -> None:
        meta = pod["metadata"]
        about = {"kind": "Pod", "name": meta["name"], "uid": meta["uid"]}
        event = {
            "metadata": {"name": f"{meta['name']}.{next(self.events)}"},
            "involvedObject": about,
            "reason": reason,
            "message": message,
            "type": kind,
            "lastTimestamp": now(),
            "eventTime": None,
        }
        self.store.create("events", meta["namespace"], event)


async def over(process: subprocess.Popen[bytes]) -> int:
    """Wait for its end without a thread of its own; gives the exit status."""
    if process.poll() is None:
        loop, end = asyncio.get_running_loop(), asyncio.Event()
        descriptor = os.pidfd_open(process.pid)
        loop.add_reader(descriptor, end.set)
        await end.wait()
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return process.wait()


def container(pod: Object) -> Object:
    return dict(pod["spec"]["containers"][0])


def status_of(pod: Object, state: Object, *, ready: bool = False) -> Object:
    of_image = {"image": container(pod)["image"], "imageID": "", "restartCount": 0}
    return {"name": "notebook", **of_image, "ready": ready, "state": state}


def volumes(pod: Object) -> list[Object]:
    return list(pod["spec"]["volumes"])


def claim_name(pod: Object) -> str:
    found = (one["persistentVolumeClaim"] for one in volumes(pod) if "persistentVolumeClaim" in one)
    return str(next(found)["claimName"])
