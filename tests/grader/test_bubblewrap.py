"""The line that bubblewrap is started with: values in, words out."""

from __future__ import annotations

import pytest

from coursewright.grader.binds import read_only
from coursewright.grader.bubblewrap import line
from coursewright.grader.sandbox import Host, Sandbox

PLAIN = Host(True, "bwrap", "prlimit", "setpriv")
ORDINARY = Host(False, "bwrap", "prlimit", "setpriv", disable_userns=True)


def test_the_line_is_made_of_the_values_alone() -> None:
    made = line(Sandbox(uid=7, cwd="/x", share_network=True), ["prog", "-v"], PLAIN)
    assert made[0] == "bwrap"
    assert "--unshare-net" not in made
    assert "--unshare-user" not in made
    assert made[made.index("--chdir") :] == [
        *("--chdir", "/", "--", "prlimit", "--core=0", "--"),
        *("setpriv", "--reuid=7", "--regid=7", "--clear-groups", "--no-new-privs"),
        *("--inh-caps=-all", "--bounding-set=-all", "--"),
        *("/usr/bin/env", "-C", "/x", "--", "prog", "-v"),
    ]
    ordinary = line(Sandbox(uid=7), ["prog"], ORDINARY)
    assert {"--unshare-net", "--unshare-user", "--disable-userns"} <= set(ordinary)
    assert "setpriv" not in ordinary


@pytest.mark.parametrize("top", ["/root", "/tmp/somewhere"])
def test_folders_above_a_bind_can_be_entered(top: str) -> None:
    made = line(Sandbox(binds=(read_only(f"{top}/a/b"),)), ["x"], PLAIN)
    folders = [made[n + 1] for n, word in enumerate(made) if word == "--dir"]
    assert folders == [top, f"{top}/a"]
    assert made.index("/tmp") < made.index("--dir")
    assert all(
        made[n - 2 : n] == ["--perms", "0755"] for n, word in enumerate(made) if word == "--dir"
    )
