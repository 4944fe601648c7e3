"""The ledger: what was paid for is there after any crash."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coursewright.generator.calls import Call, LedgerFile, Notebook, collect, collecting, key
from coursewright.records.errors import Conflict, Invalid

ASKED = [{"role": "user", "content": "Write."}]
CALL = Call("k1", "spec", "m", text="{}", prompt=3, completion=4, cost=0.5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "course" / "calls.jsonl"


def reopened(path: Path) -> LedgerFile:
    ledger = LedgerFile(path)
    ledger.close()
    return ledger


def test_a_call_is_there_when_the_file_is_opened_again(path: Path) -> None:
    ledger = LedgerFile(path)
    ledger.add(CALL)
    ledger.add(Call("k2", "spec", "m", failure="timed out", prompt=9))
    ledger.close()
    again = reopened(path)
    assert again.find("k1") == CALL
    assert again.find("k2") is None, "a failure is counted and never replayed"
    assert [call.prompt for call in again.calls()] == [3, 9]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("torn", [b'{"key": "k2", "purp', b"\xff\xfe", b"{}"])
def test_a_line_that_a_crash_has_cut_is_taken_off(path: Path, torn: bytes) -> None:
    ledger = LedgerFile(path)
    ledger.add(CALL)
    ledger.close()
    with path.open("ab") as file:
        file.write(torn)
    ledger = LedgerFile(path)
    ledger.add(Call("k3", "spec", "m"))
    ledger.close()
    assert [call.key for call in reopened(path).calls()] == ["k1", "k3"]


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"purpose": 1}', b"\xff"])
def test_a_damaged_line_is_named_and_nothing_is_thrown_away(path: Path, damage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damage + b"\n" + b"{}")
    with pytest.raises(Invalid, match="Line 1"):
        LedgerFile(path)
    assert path.read_bytes() == damage + b"\n{}"


def test_only_one_run_may_make_a_course(path: Path) -> None:
    ledger = LedgerFile(path)
    with pytest.raises(Conflict, match="another run"):
        LedgerFile(path)
    ledger.close()
    reopened(path)


def test_a_killed_process_has_kept_what_add_returned_for(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from coursewright.generator.calls import Call, LedgerFile\n"
        "ledger = LedgerFile(Path(sys.argv[1]))\n"
        "for number in range(10**6):\n"
        "    ledger.add(Call(f'k{number}', 'spec', 'm', text='x' * 3000))\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            last = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    kept = [call.key for call in reopened(path).calls()]
    assert kept[: last + 1] == [f"k{number}" for number in range(last + 1)]


def test_fields_of_a_later_release_are_passed_over(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"key": "k", "purpose": "p", "model": "m", "later": 1}) + "\n")
    assert reopened(path).find("k") == Call("k", "p", "m")


def test_a_key_depends_on_all_that_is_asked() -> None:
    same = key("m", ASKED, cap=1)
    assert same == key("m", [dict(ASKED[0])], cap=1)
    others = {
        key("n", ASKED, cap=1),
        key("m", ASKED, cap=2),
        key("m", ASKED, cap=1, attempt=2),
        key("m", [*ASKED, *ASKED], cap=1),
    }
    assert len(others | {same}) == 5


def test_calls_are_collected_for_a_receipt_only_within_it() -> None:
    collect(CALL)
    with collecting() as made:
        collect(CALL)
    collect(CALL)
    assert made == [CALL]


@pytest.mark.parametrize(
    ("call", "cut"),
    [
        (Call("k", "p", "m", finish="length"), True),
        (Call("k", "p", "m", finish="stop", completion=10, cap=10), False),
        (Call("k", "p", "m", finish="tool_calls", completion=10, cap=10), True),
        (Call("k", "p", "m", finish="stop", completion=3, cap=10), False),
    ],
)
def test_a_reply_at_its_cap_was_cut(call: Call, cut: bool) -> None:
    assert call.truncated is cut


def test_a_notebook_keeps_replies_for_one_run() -> None:
    notebook = Notebook()
    notebook.add(CALL)
    assert notebook.find("k1") is CALL
