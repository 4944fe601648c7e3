"""The server extension: its settings, and which handlers share what."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from traitlets import Float, Integer, Unicode, default, validate
from traitlets.utils.bunch import Bunch

from coursewright.extension.client import ServiceClient
from coursewright.extension.live import SOCKETS
from coursewright.extension.pod import Pod
from coursewright.extension.table import ROUTES
from coursewright.extension.work import Work, parts


class CoursewrightExtension(ExtensionApp):
    """Coursewright in a student's server."""

    name = "coursewright"
    extension_url = "/lab"

    service_url = Unicode(
        help="""
        Where the course service is, up to and with its prefix
        (http://127.0.0.1:8000/services/coursewright). Default: $COURSEWRIGHT_SERVICE_URL.
        """,
    ).tag(config=True)

    courses_dir = Unicode(
        "courses", help="The folder, below the server's root, that lessons are written into."
    ).tag(config=True)

    timeout = Float(20.0, help="Seconds to wait for one answer of the course service.").tag(
        config=True
    )

    submission_limit = Integer(
        10 * 1024 * 1024, help="The largest notebook that is handed in, in bytes."
    ).tag(config=True)

    copy_after = Float(
        2.0, help="Seconds without another save before a copy of a notebook is sent."
    ).tag(config=True)

    copy_every = Float(10.0, help="The least seconds between two copies of one notebook.").tag(
        config=True
    )

    retry_after = Float(
        1.0, help="Seconds until the course service is tried again; then longer and longer."
    ).tag(config=True)

    @default("service_url")
    def _service_url_from_environment(self) -> str:
        return os.environ.get("COURSEWRIGHT_SERVICE_URL", "")

    @validate("courses_dir")
    def _courses_dir_is_below_the_root(self, proposal: Bunch) -> str:
        return "/".join(parts(proposal.value))

    def initialize_handlers(self) -> None:
        assert self.serverapp is not None
        root = Path(self.serverapp.contents_manager.root_dir)
        # The token is no trait: traits are shown by --show-config and kept in the settings.
        token = os.environ.get("JUPYTERHUB_API_TOKEN", "")
        service = ServiceClient(self.service_url, token, self.timeout)
        self.pod = Pod(service, Work(root, self.courses_dir, self.submission_limit))
        safety = self.pod.safety
        safety.copier.quiet, safety.copier.every = self.copy_after, self.copy_every
        safety.line.first = self.retry_after
        shared = {"pod": self.pod}
        self.handlers.extend((pattern, handler, shared) for pattern, handler in ROUTES)
        self.handlers.extend((pattern, handler, shared) for pattern, handler in SOCKETS)

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        contents = serverapp.contents_manager
        assert serverapp.event_logger is not None
        contents.register_pre_save_hook(self.pod.safety.on_save)
        serverapp.event_logger.add_listener(
            schema_id=contents.event_schema_id, listener=self.pod.safety.on_event
        )
        await self.pod.safety.start()

    async def stop_extension(self) -> None:
        await self.pod.live.stop()
        await self.pod.safety.stop()
        self.pod.service.close()
