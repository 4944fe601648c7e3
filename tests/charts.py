"""The chart as Helm renders it: by `helm` where that is on PATH, else by Helm's library.

Zero-to-JupyterHub is a part of the chart that only the internet has; without it (helm dependency
build puts it into helm-values/chart/charts) our own templates are rendered.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
VALUES = ROOT / "helm-values"
CHART = VALUES / "chart"
ENVIRONMENTS = ("local", "staging", "production")
NAME = "coursewright"
CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")

Manifest = dict[str, Any]


class Refused(Exception):
    """Helm would not render; with what it said."""


def values(environment: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What `-f base.yaml -f <environment>.yaml` and then `changes` come to."""
    found: dict[str, Any] = {}
    for name in ("base", environment):
        found = merged(found, yaml.safe_load((VALUES / f"{name}.yaml").read_text()))
    return merged(found, changes or {})


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(below)
    for key, value in above.items():
        under = found.get(key)
        both = isinstance(value, Mapping) and isinstance(under, Mapping)
        found[key] = merged(under, value) if both else value
    return found


def rendered(
    environment: str, changes: Mapping[str, Any] | None = None, upgrade: bool = False
) -> list[Manifest]:
    """Every manifest of an environment. Raises Refused."""
    return _rendered(environment, json.dumps(changes or {}), upgrade)


@cache
def _rendered(environment: str, changes: str, upgrade: bool) -> list[Manifest]:
    given = values(environment, json.loads(changes))
    with tempfile.TemporaryDirectory() as folder:
        chart = copied(Path(folder) / "chart")
        by = _by_program if shutil.which("helm") else _by_library
        texts = by(chart, given, upgrade)
    return [found for text in texts for found in yaml.safe_load_all(text) if found]


def copied(chart: Path) -> Path:
    """The chart, without what it depends on where that was not loaded."""
    shutil.copytree(CHART, chart)
    if not list(chart.glob("charts/jupyterhub*")):
        about = yaml.safe_load((chart / "Chart.yaml").read_text())
        del about["dependencies"]
        (chart / "Chart.yaml").write_text(yaml.safe_dump(about))
        (chart / "Chart.lock").unlink(missing_ok=True)
    return chart


def _by_program(chart: Path, given: dict[str, Any], upgrade: bool) -> list[str]:
    file = chart.parent / "values.yaml"
    file.write_text(yaml.safe_dump(given))
    command = ["helm", "template", NAME, str(chart), "--namespace", NAME, "--values", str(file)]
    command += ["--kube-version", "1.35.0"] + ["--is-upgrade"] * upgrade
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise Refused(told.stderr)
    return [told.stdout]


def _by_library(chart: Path, given: dict[str, Any], upgrade: bool) -> list[str]:
    import helm_python

    with helm_python.Chart.load(chart) as loaded:
        try:
            loaded.validate_schema(given)
            texts = loaded.render(
                given, name=NAME, namespace=NAME, is_install=not upgrade, is_upgrade=upgrade
            )
        except helm_python.HelmError as error:
            raise Refused(str(error)) from error
    return [text for name, text in texts.items() if name.endswith(".yaml")]


def of_kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    return [manifest for manifest in manifests if manifest["kind"] in kinds]


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """The template of every pod, with a name for it."""
    for manifest in of_kind(manifests, *CONTROLLERS):
        spec = manifest["spec"]
        if manifest["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        yield f"{manifest['kind']}/{manifest['metadata']['name']}", spec["template"]
