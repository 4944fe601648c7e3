"""A student's kernel and terminal, reached as JupyterLab reaches them."""

from __future__ import annotations

import json
import uuid
from typing import Any

import requests
import websocket
from running import PATIENCE, Person


class Server:
    """The student's running server, used with the student's own token."""

    def __init__(self, person: Person) -> None:
        self.url = person.start_server()
        self.headers = {"Authorization": f"token {person.token()}"}

    def post(self, path: str, **body: Any) -> Any:
        answer = requests.post(self.url + path, json=body, headers=self.headers)
        answer.raise_for_status()
        return answer.json()

    def _socket(self, path: str) -> websocket.WebSocket:
        address = "ws" + self.url.removeprefix("http") + path
        header = [f"{name}: {value}" for name, value in self.headers.items()]
        return websocket.create_connection(address, header=header, timeout=PATIENCE)

    def python(self, code: str) -> str:
        """Run code in a new kernel; gives what it printed, or its traceback."""
        kernel = self.post("api/kernels", name="python3")["id"]
        message = {
            "header": {
                "msg_id": uuid.uuid4().hex,
                "msg_type": "execute_request",
                "username": "",
                "session": uuid.uuid4().hex,
                "version": "5.3",
            },
            "parent_header": {},
            "metadata": {},
            "content": {"code": code, "silent": False},
            "channel": "shell",
        }
        told: list[str] = []
        socket = self._socket(f"api/kernels/{kernel}/channels")
        try:
            socket.send(json.dumps(message))
            while True:
                answer = json.loads(socket.recv())
                if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                    continue
                content = answer["content"]
                if answer["msg_type"] == "stream":
                    told.append(content["text"])
                elif answer["msg_type"] == "error":
                    told.append("\n".join(content["traceback"]))
                elif content.get("execution_state") == "idle":
                    return "".join(told)
        finally:
            socket.close()
            requests.delete(f"{self.url}api/kernels/{kernel}", headers=self.headers)

    def shell(self, command: str) -> str:
        """Run a command in a terminal; gives all that the screen showed until it was done."""
        name = self.post("api/terminals")["name"]
        socket = self._socket(f"terminals/websocket/{name}")
        screen = ""
        try:
            # The quotes keep the echo of what is typed from looking like the end.
            socket.send(json.dumps(["stdin", f"{command}; echo the-'end'\r"]))
            while "the-end" not in screen:
                kind, *rest = json.loads(socket.recv())
                screen += rest[0] if kind == "stdout" else ""
        finally:
            socket.close()
            requests.delete(f"{self.url}api/terminals/{name}", headers=self.headers)
        return screen
