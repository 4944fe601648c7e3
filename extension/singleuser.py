"""What a student's server starts: JupyterHub's own single-user server, with less to load first.

`settings/` beside this file is put in front of the Jupyter configuration path. It holds what every
student's server wants and nothing secret: kernels talk over unix sockets (under `coursewright up`
students share the loopback interface, and a kernel's output channel asks nobody for a password),
no news and no extension manager, and none of the tools for instructors that may be installed in
the same environment.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

SETTINGS = Path(__file__).parent / "settings"


def main() -> None:
    """Start the server; arguments and environment are those of `jupyterhub-singleuser`."""
    use_settings()
    lighten()
    from jupyterhub.singleuser import main as start

    start()


def use_settings() -> None:
    """Put our defaults before the system's configuration; the spawner's own settings still win."""
    paths = [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    os.environ.setdefault("JUPYTERHUB_DEFAULT_URL", "/lab")


def lighten() -> None:
    """Keep out of the start what a student's server never uses; it halves the time to ready.

    * `rfc3987_syntax` builds a grammar of all addresses when it is imported, which takes longer
      than the rest of the start together. jsonschema uses it for the format `iri` only, does
      without when it is absent, and no schema of the server says `iri`.
    * JupyterLab asks its own version when it is imported, and on the way runs `node yarn config`
      where there is a node, for the address of a registry that only a build of JupyterLab needs.
    * The single-user server logs with the Hub's logger, which imports the Hub's pages, hence its
      tables and their migrations, to know one class: the handler of the health check.
    """
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    postpone("jupyterhub.orm")
    with standing_in("jupyterhub.handlers", "jupyterhub.handlers.pages") as (_, pages):
        pages.__dict__["HealthCheckHandler"] = type("HealthCheckHandler", (), {})
        importlib.import_module("jupyterhub.log")
    with no_programs():
        importlib.import_module("jupyterlab.labapp")


def postpone(name: str) -> None:
    """Let the submodule `name` run when something first looks into it, not when it is imported."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None or name in sys.modules:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    parent, _, short = name.rpartition(".")
    setattr(sys.modules[parent], short, module)


@contextmanager
def standing_in(*names: str) -> Iterator[list[ModuleType]]:
    """Empty modules in place of `names` for a while; afterwards the real ones can be imported."""
    modules = [ModuleType(name) for name in names if name not in sys.modules]
    for module in modules:
        module.__path__ = []
        sys.modules[module.__name__] = module
    try:
        yield modules
    finally:
        for module in modules:
            del sys.modules[module.__name__]


@contextmanager
def no_programs() -> Iterator[None]:
    """A PATH that leads to nothing, for a while."""
    path = os.environ.get("PATH")
    os.environ["PATH"] = str(SETTINGS)
    try:
        yield
    finally:
        if path is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = path


if __name__ == "__main__":
    main()
