"""What a student's server starts: JupyterHub's own single-user server, with less to load first.

`settings/` beside this file is put in front of the Jupyter configuration path. It holds what every
student's server wants and nothing secret: kernels talk over unix sockets (under `coursewright up`
students share the loopback interface, and a kernel's output channel asks nobody for a password),
no news and no extension manager, and none of the tools for instructors that may be installed in
the same environment.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

SETTINGS = Path(__file__).parent / "settings"
LEAST = 2**20  # bytes; a home with less left counts as full


def main() -> None:
    """Start the server; arguments and environment are those of `jupyterhub-singleuser`."""
    take_token()
    use_settings()
    leave_a_full_home()
    lighten()
    from jupyterhub.singleuser import main as start

    start()


def take_token() -> None:
    """In a pod the server's token is a file; JupyterHub's own server wants a variable."""
    place = os.environ.get("COURSEWRIGHT_TOKEN_FILE")
    if place:
        os.environ["JUPYTERHUB_API_TOKEN"] = Path(place).read_text().strip()


def use_settings() -> None:
    """Put our defaults before the system's configuration; the spawner's own settings still win."""
    paths = [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    os.environ.setdefault("JUPYTERHUB_DEFAULT_URL", "/lab")


def leave_a_full_home() -> None:
    """With no room left in the home, kernels need another place for the files they start with."""
    if "JUPYTER_RUNTIME_DIR" in os.environ:
        return
    found = os.statvfs(Path.home())
    if found.f_bavail * found.f_frsize < LEAST:
        os.environ["JUPYTER_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="jupyter-")


def lighten() -> None:
    """Keep one package out of the start, which halves the time to ready.

    `rfc3987_syntax` builds a grammar of all addresses when it is imported. jsonschema uses it for
    the format `iri` only, does without when it is absent, and no schema of the server says `iri`.
    """
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


if __name__ == "__main__":
    main()
