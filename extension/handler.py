"""What every verb of the extension stands on: one shape of error, JSON bodies, files aside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_server.base.handlers import APIHandler

from coursewright.extension.aside import aside
from coursewright.extension.client import request_id
from coursewright.extension.errors import PodError, WorkError
from coursewright.extension.pod import Pod

__all__ = ["PanelHandler", "aside"]


# What the service takes over; anything else would be replaced there, and stay unknown here.
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}\Z")


class PanelHandler(APIHandler):
    """What the verbs below share: the service, the student's files, one shape of error."""

    auth_resource = "coursewright"

    def initialize(self, pod: Pod) -> None:
        self.pod = pod
        self.service = pod.service
        self.work = pod.work

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        given = self.request.headers.get("X-Request-Id", "")
        request_id.set(given if REQUEST_ID.match(given) else "")
        await super().prepare(*args, **kwargs)

    def body(self) -> Mapping[str, Any]:
        data = self.get_json_body()
        if not isinstance(data, dict):
            raise WorkError("Send a JSON object.", HTTPStatus.BAD_REQUEST)
        return data

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None))[1]
        if not isinstance(error, PodError):
            super().write_error(status_code, **kwargs)
            return
        self.set_status(error.status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"message": str(error)}))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if isinstance(value, PodError):
            path = self.request.path
            self.log.warning("%s %s: %d %s", self.request.method, path, value.status, value)
        else:
            super().log_exception(typ, value, tb)
