"""The images' recipes: clean, unprivileged, installing what their locks say and no more."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "images"
RECIPES = sorted(path.parent.name for path in IMAGES.glob("*/Dockerfile"))
RUNNING = ("hub", "pod", "services")
LOCKS = ("wheel", *RUNNING)


def load() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("lock", str(IMAGES / "lock"))
    spec = importlib.util.spec_from_loader("lock", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    writing, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = writing
    return module


def recipe(name: str) -> str:
    return (IMAGES / name / "Dockerfile").read_text()


def pinned(text: str) -> dict[str, str]:
    lines = [line.partition(" ")[0].partition("==") for line in text.splitlines() if "==" in line]
    return {canonicalize_name(name): version for name, _, version in lines}


def locked(name: str) -> dict[str, str]:
    return pinned((IMAGES / name / "requirements.txt").read_text())


@pytest.mark.parametrize("name", RECIPES)
def test_hadolint_finds_nothing(name: str) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    line = [hadolint, "--config", IMAGES / "hadolint.yaml", IMAGES / name / "Dockerfile"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_recipe_is_of_one_base() -> None:
    bases = {re.search(r"^ARG BASE=(.*)$", recipe(name), re.M) for name in LOCKS}
    assert {found and found[1] for found in bases} == {
        "docker.io/library/python:3.12-slim-trixie"  # Python 3.12, and Debian 13 has Node 20
    }


@pytest.mark.parametrize("name", [*RUNNING, "course"])
def test_it_runs_as_an_ordinary_user(name: str) -> None:
    assert re.findall(r"^USER (.*)$", recipe(name), re.M)[-1] == "1000:1000"


@pytest.mark.parametrize("name", RUNNING)
def test_it_says_what_it_is(name: str) -> None:
    for label in ("title", "description", "licenses"):
        assert f"org.opencontainers.image.{label}=" in recipe(name)


def test_the_hubs_image_is_as_the_chart_wants_it() -> None:
    text = recipe("hub")
    assert "\nWORKDIR /srv/jupyterhub\n" in text
    assert "/usr/local/etc/jupyterhub/jupyterhub_config.py" in text.splitlines()[-1]
    assert "\nHEALTHCHECK " in text
    assert "pycurl" in locked("hub")


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_alone_says_what_is_installed(name: str) -> None:
    installs = re.findall(r"pip (?:install|wheel) (?:[^\\&]|\\\n)*", recipe(name))
    assert installs
    for line in installs:
        from_lock = "--require-hashes" in line
        from_stage = "--no-index --no-deps /wheels" in line
        ours = "--no-deps --no-build-isolation" in line
        assert from_lock or from_stage or ours, line
    text = (IMAGES / name / "requirements.txt").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())[1:]
    assert entries
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_agrees_with_the_constraints(name: str) -> None:
    known = pinned((ROOT / "constraints.txt").read_text())
    assert {
        package: version
        for package, version in locked(name).items()
        if known.get(package, version) != version
    } == {}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_what_is_wanted(name: str) -> None:
    found = locked(name)
    for line in load().wanted(name):
        wanted = Requirement(line)
        version = found[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), line


@pytest.mark.parametrize(
    "package",
    ["nbgrader", "openai", "procrastinate", "psycopg", "psycopg-binary", "psycopg2", "asyncpg"],
)
def test_a_students_image_has_no_grader_no_model_and_no_database_driver(package: str) -> None:
    assert package in locked("services") or package in ("psycopg2", "asyncpg")
    assert package not in locked("pod")


def test_a_students_image_has_what_lessons_use() -> None:
    assert {"numpy", "pandas", "scipy", "matplotlib", "jupyterlab"} <= set(locked("pod"))
    assert " nodejs " in recipe("pod")


def test_the_rooms_with_solutions_never_get_into_a_layer_of_the_students_image() -> None:
    steps = re.split(r"\n(?=[A-Z]+ )", recipe("pod"))
    step = next(step for step in steps if "/ours/*.whl" in step)
    for room in ("generator", "grader", "services", "hub_config"):
        assert f"${{rooms}}/{room}" in step


def test_the_job_for_a_courses_image_holds_no_token_and_is_root_in_its_own_namespace_only() -> None:
    text = (ROOT / "helm-values" / "course-image-job.yaml").read_text()
    for word, value in {"COURSE": "sums", "BUILD-ON": "pod:1", "PUSH-TO": "course:1"}.items():
        assert word in text
        text = text.replace(word, value)
    pod = yaml.safe_load(text)["spec"]["template"]["spec"]
    assert pod["hostUsers"] is False
    assert pod["automountServiceAccountToken"] is False
    (container,) = pod["containers"]
    assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
    assert set(container["resources"]["limits"]) == {"cpu", "memory", "ephemeral-storage"}
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}
