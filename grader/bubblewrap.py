"""bubblewrap's command line, made from values without looking at anything else. Two cases:

* Started by root, bubblewrap makes no user namespace, so that it can bind folders that lie below a
  0700 home. `setpriv` then gives the program its own user id, for good, and the kernel counts its
  processes by that id: two sandboxes at once should have two ids.
* Started by anyone else, bubblewrap makes a user namespace in which `uid` is that person.

The program's environment never stands on a command line, where every process could read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coursewright.grader.binds import Bind
from coursewright.grader.confinement import ENV, SHM, TMP, Confinement, Host, parents


def line(
    confined: Confinement,
    argv: Sequence[str],
    host: Host,
    *,
    descriptors: Mapping[str, int] | None = None,
    filter_descriptor: int | None = None,
    info: int | None = None,
) -> list[str]:
    """The whole line. `descriptors`: for each path of `made_up()`, where to read its text."""
    limits = [f"--{name}={value}" for name, value in confined.limits.values().items()]
    return [
        host.bwrap,
        *_namespaces(confined, host),
        *_mounts(confined, host, descriptors or {}),
        *(["--seccomp", str(filter_descriptor)] if filter_descriptor is not None else []),
        *(["--info-fd", str(info)] if info is not None else []),
        *["--chdir", "/" if host.privileged else confined.cwd, "--"],
        *[host.prlimit, *limits, "--"],
        *(_become(confined, host) if host.privileged else []),
        *argv,
    ]


def _namespaces(confined: Confinement, host: Host) -> list[str]:
    made = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    made += ["--hostname", confined.hostname, "--new-session"]
    made += [] if confined.share_network else ["--unshare-net"]
    made += ["--die-with-parent"] if confined.die_with_parent else []
    if host.privileged:
        kept = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")  # for setpriv, which drops them
        return [*made, "--cap-drop", "ALL", *(x for cap in kept for x in ("--cap-add", cap))]
    made += ["--unshare-user", "--uid", str(confined.uid), "--gid", str(confined.uid)]
    return [*made, *(["--disable-userns"] if host.disable_userns else [])]


def _become(confined: Confinement, host: Host) -> list[str]:
    who = [f"--reuid={confined.uid}", f"--regid={confined.uid}", "--clear-groups"]
    powerless = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"]
    # Only its owner may enter a home of 0700, so the folder is changed as the new user.
    return [host.setpriv, *who, *powerless, ENV, "-C", confined.cwd, "--"]


def _mounts(confined: Confinement, host: Host, descriptors: Mapping[str, int]) -> list[str]:
    made = ["--proc", "/proc", "--dev", "/dev"]
    made += ["--size", str(confined.shm_size), "--perms", "1777", "--tmpfs", SHM]
    made += ["--size", str(confined.tmp_size), "--perms", "1777", "--tmpfs", TMP]
    binds = confined.mounts(host)
    # Left to itself, bubblewrap copies the host's 0700 on to the folders above a bind.
    for folder in parents([*(bind.target for bind in binds), *descriptors], binds):
        made += ["--perms", "0755", "--dir", folder]
    for bind in binds:
        made += _mount(bind)
    for path, descriptor in descriptors.items():
        made += ["--perms", "0444", "--ro-bind-data", str(descriptor), path]
    hidden = [bind.target for bind in binds if bind.kind == "empty"]
    for path in [*hidden, "/dev", "/"]:
        made += ["--remount-ro", path]
    return made


def _mount(bind: Bind) -> list[str]:
    match bind.kind:
        case "read-only":
            return ["--ro-bind", bind.source, bind.target]
        case "writable":
            return ["--bind", bind.source, bind.target]
        case "symlink":
            return ["--symlink", bind.source, bind.target]
        case "empty":
            return ["--size", "65536", "--perms", "0755", "--tmpfs", bind.target]
