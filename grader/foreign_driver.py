"""Runs a notebook's cells in a Jupyter kernel of any language, with nbclient.

Lives inside the sandbox with the kernel and with the student's code. It reads one JSON object a
line from its channel and answers in kind:

    {"run": source, "seconds": …}  →  {"event": "done", "end": …, "alive": …, "printed": …,
                                       "errors": …, "error": …, "result": …, "shown": …}

`end` is done, time, output or died; when `alive` is false the kernel heeds nobody any more.
Of ours nothing may be imported here: few other files of the grader are visible from the inside.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import v4

PR_SET_DUMPABLE = 4
STARTING = 60  # seconds
FLOOD = 8  # times what is kept, after which a cell is stopped
SHOWN = 1 << 20  # bytes of JSON that one cell may show
LATE = "CellTimeoutError"


class Client(NotebookClient):
    """Keeps a limited part of what a cell shows, and stops one that floods."""

    limit = 1 << 20
    seen = 0
    stopping: asyncio.Future[None] | None = None

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        if msg["msg_type"] != "status":
            self.seen += len(json.dumps(msg["content"], default=str))
            if self.seen > self.limit:
                self._stop_flood()
                return None
        return super().process_message(msg, cell, cell_index)

    def _stop_flood(self) -> None:
        if self.seen > FLOOD * self.limit and self.stopping is None:
            assert self.km is not None
            stopping: Any = self.km.interrupt_kernel()
            self.stopping = asyncio.ensure_future(stopping)


class Driver:
    """One kernel. `folder` is its kernelspec's; `limit` is in bytes of output."""

    def __init__(self, folder: str, limit: int) -> None:
        where, name = os.path.split(folder)
        specs = KernelSpecManager(kernel_dirs=[where], ensure_native_kernel=False)
        self.seconds = 0.0
        self.reply: Mapping[str, Any] = {}
        self.client = Client(
            v4.new_notebook(),
            km=AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs),
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": LATE, "evalue": "", "traceback": []},
            timeout_func=lambda _: self.seconds,
            startup_timeout=STARTING,
            iopub_timeout=1,
            on_cell_executed=self._executed,
        )
        self.client.limit = limit

    async def start(self) -> None:
        """Raises RuntimeError when the kernel does not answer."""
        with open(f"{os.environ['HOME']}/.kernel", "wb") as said:
            nothing = subprocess.DEVNULL
            await self.client.async_start_new_kernel(stdin=nothing, stdout=said, stderr=said)
            await self.client.async_start_new_kernel_client()

    async def run(self, source: str, seconds: float) -> dict[str, Any]:
        cell = v4.new_code_cell(source)
        self.client.nb = v4.new_notebook(cells=[cell])
        self.client.reset_execution_trackers()
        self.client.seen, self.client.stopping = 0, None
        self.seconds, self.reply = seconds, {"status": "ok"}
        end = await self._executing(cell)
        alive = end == "done" or (end != "died" and await self._answers())
        return {"event": "done", "end": end, "alive": alive, **told(cell.outputs, self.reply)}

    async def _executing(self, cell: Any) -> str:
        try:
            await self.client.async_execute_cell(cell, 0)
        except DeadKernelError:
            return "died"
        if self.client.stopping is not None:
            return "output"
        return "time" if self.reply.get("ename") == LATE else "done"

    async def _answers(self) -> bool:
        """Whether the kernel still heeds anybody, after an interruption."""
        kernel: Any = self.client.kc
        message = kernel.kernel_info()
        try:
            async with asyncio.timeout(1):
                while True:
                    reply = await kernel.shell_channel.get_msg(timeout=None)
                    if reply["parent_header"].get("msg_id") == message:
                        return True
        except TimeoutError:
            return False

    def _executed(self, cell: Any, cell_index: int, execute_reply: Mapping[str, Any]) -> None:
        self.reply = execute_reply["content"]


def told(outputs: list[Any], reply: Mapping[str, Any]) -> dict[str, Any]:
    """A cell's outputs as displays.py and interpreter.py tell of them."""
    found: dict[str, Any] = {"printed": "", "errors": "", "error": None, "result": None}
    shown: list[dict[str, Any]] = []
    left = SHOWN
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            found["errors" if output["name"] == "stderr" else "printed"] += output["text"]
        elif kind == "error":
            found["error"] = found["error"] or _error(output)
        else:
            left -= len(json.dumps(output))
            if left >= 0:
                found["printed"] += f"\x1e{len(shown)}\x1f"
                shown.append({"output_type": kind, "data": dict(output["data"])})
            if kind == "execute_result":
                found["result"] = str(output["data"].get("text/plain", ""))[:2000]
    if found["error"] is None and reply.get("status") == "error" and reply.get("ename") != LATE:
        found["error"] = _error(reply)
    return {**found, "shown": shown}


def _error(about: Mapping[str, Any]) -> dict[str, Any]:
    name, text = str(about.get("ename") or ""), str(about.get("evalue") or "")
    named = name[:100] if any(letter.isalpha() for letter in name) else "an error"
    return {"name": named, "kind": named, "text": text[:2000], "frames": []}


async def serve(driver: Driver, channel: socket.socket) -> None:
    """Do what the channel asks until it closes."""
    try:
        await driver.start()
    except RuntimeError as error:
        with open(f"{os.environ['HOME']}/.kernel", errors="replace") as said:
            sys.exit(f"{error} {said.read()[-1500:]}")
    with channel.makefile("r", encoding="utf-8") as requests:
        send(channel, {"event": "ready"})
        for line in requests:
            asked = json.loads(line)
            send(channel, await driver.run(asked["run"], asked["seconds"]))


def send(channel: socket.socket, event: Mapping[str, Any]) -> None:
    channel.sendall(json.dumps(event).encode() + b"\n")


if __name__ == "__main__":
    # The kernel runs as the same user: it may not look into this process.
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    end = socket.socket(fileno=int(sys.argv[1]))
    asyncio.run(serve(Driver(sys.argv[2], int(sys.argv[3])), end))
    os._exit(0)
