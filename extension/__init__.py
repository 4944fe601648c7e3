"""Runs in the student's pod: shows courses in JupyterLab, brings lessons, hands in work.

Nothing is imported here, so that `coursewright.extension.singleuser` can settle what the start of
a server loads before anything loads it.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from coursewright.extension.app import CoursewrightExtension

    return [{"module": "coursewright.extension.app", "app": CoursewrightExtension}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "@coursewright/course"}]
