"""What `pip install` gets: the wheel holds every part, or these tests fail."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("records", "grader", "generator", "services", "hub_config", "extension")
DATA = "coursewright-0.1.0.data/data"
# Kept in the tree, and of no use to those who install.
LEFT_OUT = ("frontend", "labextension", "jupyter-config", "__pycache__", "npm")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that is built from the sdist of a copy of this tree."""
    copy = tmp_path_factory.mktemp("tree") / "coursewright"
    ignore = shutil.ignore_patterns(
        ".venv", ".git", "node_modules", "build", "*.egg-info", ".types"
    )
    shutil.copytree(ROOT, copy, ignore=ignore)
    out = copy / "dist"
    command = [sys.executable, "-m", "build", "--outdir", str(out), str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_every_folder_with_python_is_a_package_that_is_listed() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    found = {
        "coursewright." + ".".join(file.parent.relative_to(ROOT).parts)
        for room in ROOMS
        for file in (ROOT / room).rglob("__init__.py")
        if "node_modules" not in file.parts
    }
    assert listed == found


def test_the_wheel_holds_every_file_of_every_room(wheel: set[str]) -> None:
    wanted = {
        "coursewright/" + file.relative_to(ROOT).as_posix()
        for room in ROOMS
        for file in (ROOT / room).rglob("*")
        if file.is_file() and not any(part in LEFT_OUT for part in file.parts)
        if not file.name.startswith(".")
    }
    assert wanted <= wheel, sorted(wanted - wheel)


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_stands_in_the_wheel_under_its_bare_name(wheel: set[str], room: str) -> None:
    assert not [name for name in wheel if name.startswith(f"{room}/")]


def test_the_wheel_holds_the_labextension(wheel: set[str]) -> None:
    place = f"{DATA}/share/jupyter/labextensions/@coursewright/course"
    assert f"{place}/package.json" in wheel
    assert f"{place}/install.json" in wheel
    assert f"{place}/schemas/@coursewright/course/plugin.json" in wheel
    assert [name for name in wheel if name.startswith(f"{place}/static/remoteEntry.")]


def test_the_wheel_enables_the_server_extension(wheel: set[str]) -> None:
    assert f"{DATA}/etc/jupyter/jupyter_server_config.d/coursewright.json" in wheel
