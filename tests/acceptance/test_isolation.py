"""What a student's terminal and kernel cannot reach under `coursewright up`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kernel import Server
from running import Person, Up

from coursewright.generator import library
from coursewright.records.course import Course

MODEL_KEY = "sk-the-key-of-the-model"


@pytest.fixture(scope="module")
def environ() -> dict[str, str]:
    return {"COURSEWRIGHT_LLM_API_KEY": MODEL_KEY}


@pytest.fixture(scope="module")
def neighbour(platform: Up) -> Server:
    """Another student, whose home holds a secret."""
    server = Server(Person(platform, "grace").sign_up().sign_in())
    assert "written" in server.python(
        "import pathlib; (pathlib.Path.home() / 'diary.txt').write_text('graces-secret');"
        "print('written')"
    )
    return server


@pytest.fixture(scope="module")
def server(platform: Up, neighbour: Server) -> Iterator[Server]:
    return Server(Person(platform, "ada").sign_up().sign_in())


FIND = (
    "import os\n"
    "def walk():\n"
    "    for base, folders, files in os.walk('/', onerror=lambda error: None):\n"
    "        if base == '/':\n"
    "            folders[:] = [f for f in folders if f not in ('proc', 'sys')]\n"
    "        for name in folders + files:\n"
    "            yield os.path.join(base, name)\n"
)


def test_the_kernel_runs_as_a_user_without_powers(server: Server) -> None:
    told = server.python(
        "import os; print('uid', os.getuid());"
        "print([line for line in open('/proc/self/status')"
        " if line.startswith(('CapEff', 'NoNewPrivs'))])"
    )
    assert "uid 0\n" not in told
    assert "CapEff:\\t0000000000000000" in told
    assert "NoNewPrivs:\\t1" in told


def test_no_socket_of_the_database_is_in_sight(server: Server) -> None:
    told = server.python(FIND + "print([p for p in walk() if 'PGSQL' in p], 'looked')")
    assert told.strip() == "[] looked"


def test_the_database_is_out_of_reach_by_its_path(server: Server, platform: Up) -> None:
    socket = platform.data / "postgres" / "run" / ".s.PGSQL.5432"
    assert socket.is_socket()
    told = server.python(
        "import socket\ns = socket.socket(socket.AF_UNIX)\n"
        f"try:\n    s.connect({str(socket)!r}); print('reached')\n"
        "except OSError as error:\n    print(type(error).__name__)"
    )
    assert told.strip() == "FileNotFoundError"


@pytest.mark.parametrize("place", ["", "homes", "hub", "hub/cookie_secret", "logs", "postgres"])
def test_the_data_directory_is_not_there(server: Server, platform: Up, place: str) -> None:
    path = platform.data / place
    assert path.exists()
    assert "No such file" in server.shell(f"ls {path}")


def test_another_home_is_not_there(server: Server) -> None:
    told = server.shell("ls -d /home/*; cat /home/grace/diary.txt; cat /home/*/diary.txt")
    assert "/home/ada" in told
    assert "No such file" in told
    assert "graces-secret" not in told


def test_processes_of_others_are_not_in_sight(server: Server) -> None:
    told = server.python(
        "import pathlib\n"
        "for p in pathlib.Path('/proc').glob('[0-9]*/cmdline'):\n"
        "    print(p.read_bytes().replace(b'\\0', b' ').decode())"
    )
    assert "singleuser" in told
    for stranger in ("jupyterhub.app", "hub_config", "configurable-http-proxy", "postgres:"):
        assert stranger not in told


def test_the_environment_holds_no_token_but_the_students_own(server: Server, platform: Up) -> None:
    told = server.shell("cat /proc/[0-9]*/environ | tr '\\0' '\\n' | sort -u")
    assert "JUPYTERHUB_API_TOKEN" in told
    for secret in ("DATABASE_URL", "CONFIGPROXY", "SITE_", "LLM", MODEL_KEY):
        assert secret not in told
    token = next(
        line for line in told.splitlines() if line.startswith("JUPYTERHUB_API_TOKEN=")
    ).partition("=")[2]
    assert token


def test_the_students_token_opens_nothing_of_others(server: Server) -> None:
    told = server.python(
        "import os, urllib.request, urllib.error\n"
        "api, token = os.environ['JUPYTERHUB_API_URL'], os.environ['JUPYTERHUB_API_TOKEN']\n"
        "for path in ('users', 'users/grace', 'services', 'proxy', 'info'):\n"
        "    request = urllib.request.Request(f'{api}/{path}',"
        " headers={'Authorization': f'token {token}'})\n"
        "    try:\n"
        "        print(path, urllib.request.urlopen(request).status)\n"
        "    except urllib.error.HTTPError as error:\n"
        "        print(path, error.code)\n"
    )
    answers = dict(line.split() for line in told.split("\n") if line)
    assert set(answers.values()) <= {"403", "404"}, told


def test_solutions_and_hidden_tests_of_the_shipped_course_are_not_there(server: Server) -> None:
    course: Course = library.load("python-foundations")
    hidden = next(
        test.hidden.strip().splitlines()[-1]
        for lesson in course.lessons()
        for exercise in lesson.exercises()
        for test in exercise.tests
        if test.hidden.strip()
    )
    told = server.python(
        FIND + "found = [p for p in walk() if 'python-foundations' in p or p.endswith"
        "(('coursewright/grader', 'coursewright/services', 'hub_config', 'generator/courses'))]\n"
        f"needle = {hidden!r}.encode()[::-1][::-1]\n"
        "import coursewright.extension as e, pathlib\n"
        "for base in {pathlib.Path(p).parent for p in e.__path__}:\n"
        "    for file in base.rglob('*'):\n"
        "        if file.is_file() and needle in file.read_bytes():\n"
        "            found.append(str(file))\n"
        "print(found, 'looked')"
    )
    assert told.strip() == "[] looked"


def test_the_system_and_the_environment_of_python_cannot_be_written(server: Server) -> None:
    told = server.python(
        "import sys, pathlib\n"
        "for place in (sys.prefix, sys.base_prefix, '/usr', '/etc', '/'):\n"
        "    try:\n"
        "        pathlib.Path(place, 'mark').write_text('x'); print(place, 'written')\n"
        "    except OSError as error:\n"
        "        print('refused')\n"
    )
    assert told.split() == ["refused"] * 5


def test_a_kernels_channels_are_not_on_the_shared_network(server: Server) -> None:
    told = server.python(
        "import ipykernel.connect, json; print(json.loads(ipykernel.connect.get_connection_info())"
        "['transport'])"
    )
    assert told.strip() == "ipc"


def test_a_student_can_neither_trace_nor_signal_the_hub(server: Server, platform: Up) -> None:
    told = server.python(
        f"import os\ntry:\n    os.kill({platform.process.pid}, 0); print('reached')\n"
        "except OSError as error:\n    print(type(error).__name__)"
    )
    assert told.strip() in ("ProcessLookupError", "PermissionError")
