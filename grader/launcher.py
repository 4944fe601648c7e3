"""Builds a sandbox from namespaces and becomes the program in it: what bubblewrap does elsewhere.

Run by its path, with the number of a descriptor that holds namespaces.py's plan; it loads nothing
but the standard library, and no thread, since a user namespace is for a process that has one.

    outer     makes the namespaces and waits; its end is the end of all
    first     process 1 inside: makes the file systems, gives up every right, reaps
    program   what was asked for; the outer one ends with its status (128 + n after signal n)

The numbers are the kernel's (linux/sched.h, mount.h, prctl.h, capability.h).
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Any, NoReturn

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
NOSUID, NODEV, NOEXEC, BIND, REC, SLAVE = 0x2, 0x4, 0x8, 0x1000, 0x4000, 0x80000
MNT_DETACH = 2
MOUNT_SETATTR, AT_RECURSIVE = 442, 0x8000  # the same number on every machine
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
PDEATHSIG, DUMPABLE, SECCOMP, CAPBSET_DROP, NO_NEW_PRIVS = 1, 4, 22, 24, 38
SECCOMP_FILTER, CAPABILITIES, CAPABILITY_VERSION = 2, 64, 0x20080522
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41

BASE = "/tmp"  # noqa: S108 (covered, in our own view of the file system only)
OLD, MADE = "/.old", "/.made"
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "ptmx": "pts/ptmx",
}
KERNEL = ("sys", "sysrq-trigger", "irq", "bus")

LIBC = ctypes.CDLL(None, use_errno=True)


def main() -> NoReturn:
    descriptor = int(sys.argv[1])
    with open(descriptor, encoding="utf-8") as told:
        plan = json.load(told)
    # As it was given: Python itself adds to os.environ in a plain locale.
    with open("/proc/self/environ", "rb") as given:
        plan["environment"] = dict(
            pair.split(b"=", 1) for pair in given.read().split(b"\0") if b"=" in pair
        )
    owner = os.geteuid()
    _call("unshare", _namespaces(plan))
    if not plan["privileged"]:
        _map_user(plan["uid"], owner)
    leash, held = os.pipe()
    first = os.fork()
    if first == 0:
        # Whoever reads at the other end waits for the last holder of this one.
        _close(held, plan["info"])
        _be_first(plan, leash)
    os.close(leash)
    if plan["info"] is not None:
        with open(plan["info"], "w", encoding="utf-8") as info:
            json.dump({"child-pid": first}, info)
    _close_all(0, 1, 2, held)
    # The order matters: whoever ended before the wish was heard is not the parent any more.
    if plan["parent"] is not None:
        _call("prctl", PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != plan["parent"]:
            os._exit(1)
    os._exit(_status(os.waitpid(first, 0)[1]))


def _be_first(plan: dict[str, Any], leash: int) -> NoReturn:
    try:
        os.setsid()
        _build(plan)
        _drop(plan)
        # Last, since the kernel forgets this wish when a process changes its rights.
        _call("prctl", PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if select.select([leash], [], [], 0)[0]:
            os._exit(1)
        program = os.fork()
        if program == 0:
            _become(plan)
        _close_all()
        while True:
            pid, status = os.wait()
            if pid == program:
                os._exit(_status(status))
    except BaseException as error:  # noqa: BLE001 (nothing may go on from here)
        _complain(error)
    finally:
        os._exit(1)


def _namespaces(plan: dict[str, Any]) -> int:
    flags = NEWCGROUP | NEWUTS | NEWIPC | NEWPID
    flags |= 0 if plan["share_network"] else NEWNET
    return flags | (0 if plan["privileged"] else NEWUSER)


def _map_user(inside: int, outside: int) -> None:
    groups = os.getegid()
    for name, text in {
        "setgroups": "deny",
        "uid_map": f"{inside} {outside} 1",
        "gid_map": f"{inside} {groups} 1",
    }.items():
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _build(plan: dict[str, Any]) -> None:
    """The name, the loopback and the view of the file system of this sandbox."""
    socket.sethostname(plan["hostname"])
    if not plan["share_network"]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP_RUNNING))
    if not plan["privileged"]:
        # A second lock beside the filter, where the kernel lets us reach it.
        with suppress(OSError), open("/proc/sys/user/max_user_namespaces", "w") as file:
            file.write("0")
    # Here and not with the others: a change of the root would be the outer one's too.
    _call("unshare", NEWNS)
    _mount("none", "/", None, REC | SLAVE)
    # Opened while their paths are the host's, and mounted when paths are the sandbox's: so no
    # symbolic link on either side leads into the other.
    devices = {f"/dev/{name}": os.open(f"/dev/{name}", os.O_PATH) for name in DEVICES}
    sources = {
        bind["target"]: os.open(bind["source"], os.O_PATH)
        for bind in plan["binds"]
        if bind["kind"] in ("read-only", "writable")
    }
    _change_root()
    _make_devices(devices)
    for path, size in plan["memory"].items():
        _memory(path, size, "1777")
    for path in plan["folders"]:
        os.makedirs(path, 0o755, exist_ok=True)
    for bind in plan["binds"]:
        _place(bind["kind"], bind["target"], bind["source"], sources)
    _make_files(plan["files"])
    for name in KERNEL:
        if os.path.exists(f"/proc/{name}"):
            _bind(f"/proc/{name}", f"/proc/{name}", ATTR_RDONLY)
    _call("umount2", OLD.encode(), MNT_DETACH)
    os.rmdir(OLD)
    hidden = [bind["target"] for bind in plan["binds"] if bind["kind"] == "empty"]
    for path in [*hidden, "/dev", "/"]:
        _restrict(path, ATTR_RDONLY, recursive=False)


def _change_root() -> None:
    _mount("tmpfs", BASE, "tmpfs", NOSUID | NODEV, "mode=0755")
    os.chdir(BASE)
    os.umask(0o022)
    for name in ("proc", "dev", OLD[1:], MADE[1:]):
        os.mkdir(name)
    _mount("proc", "proc", "proc", NOSUID | NODEV | NOEXEC)
    _call("pivot_root", b".", OLD[1:].encode())
    os.chdir("/")


def _make_devices(devices: dict[str, int]) -> None:
    _mount("tmpfs", "/dev", "tmpfs", NOSUID | NOEXEC, "mode=0755")
    for path, descriptor in devices.items():
        _touch(path)
        _mount(f"/proc/self/fd/{descriptor}", path, None, BIND)
    for name, target in LINKS.items():
        os.symlink(target, f"/dev/{name}")
    os.mkdir("/dev/pts")
    _mount("devpts", "/dev/pts", "devpts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=620")


def _place(kind: str, target: str, source: str, sources: dict[str, int]) -> None:
    """One Bind, as binds.py describes them."""
    if kind == "symlink":
        os.symlink(source, target)
    elif kind == "empty":
        _memory(target, 65536, "0755")
    else:
        attributes = ATTR_RDONLY if kind == "read-only" else 0
        _bind(f"/proc/self/fd/{sources[target]}", target, attributes)


def _make_files(files: dict[str, str]) -> None:
    """Each is a mount of its own, since its path may lie where nothing is to be written."""
    for path, text in files.items():
        made = f"{MADE}/file"
        with open(made, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(made, 0o444)
        _bind(made, path, ATTR_RDONLY)
        os.unlink(made)
    os.rmdir(MADE)


def _drop(plan: dict[str, Any]) -> None:
    """Every right is given up for good, and the filter stands before the program does."""
    for number in range(CAPABILITIES):
        with suppress(OSError):  # the kernel does not know so many
            _call("prctl", CAPBSET_DROP, number, 0, 0, 0)
    if plan["privileged"]:
        os.setgroups([])
        os.setresgid(*[plan["uid"]] * 3)
        os.setresuid(*[plan["uid"]] * 3)
    header = struct.pack("II", CAPABILITY_VERSION, 0)
    _call("capset", ctypes.create_string_buffer(header), ctypes.create_string_buffer(bytes(24)))
    _call("prctl", NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", DUMPABLE, 0, 0, 0, 0)
    steps = bytes.fromhex(plan["filter"])
    held = ctypes.create_string_buffer(steps)
    program = struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(held))
    _call("prctl", SECCOMP, SECCOMP_FILTER, ctypes.create_string_buffer(program), 0, 0)


def _become(plan: dict[str, Any]) -> NoReturn:
    """Turn into the program; what Python changed for itself is put back."""
    try:
        os.chdir(plan["cwd"])
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        for name, value in plan["limits"].items():
            kind = getattr(resource, f"RLIMIT_{name.upper()}")
            resource.setrlimit(kind, (value, value))
        os.execvpe(plan["argv"][0], plan["argv"], plan["environment"])  # noqa: S606 (what was asked for)
    except BaseException as error:  # noqa: BLE001 (a fork must not go on as its parent)
        _complain(error)
    finally:
        os._exit(127)


def _memory(path: str, size: int, mode: str) -> None:
    os.makedirs(path, exist_ok=True)
    _mount("tmpfs", path, "tmpfs", NOSUID | NODEV, f"size={size},mode={mode}")


def _bind(source: str, target: str, attributes: int) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        _touch(target)
    _mount(source, target, None, BIND | REC)
    _restrict(target, attributes | ATTR_NOSUID | ATTR_NODEV, recursive=True)


def _touch(path: str) -> None:
    if not os.path.exists(path):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o444))


def _mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    name = None if kind is None else kind.encode()
    _call("mount", source.encode(), target.encode(), name, flags, options.encode(), told=target)


def _restrict(path: str, attributes: int, recursive: bool) -> None:
    """Set attributes of the mount at `path` (mount_setattr, Linux 5.12)."""
    wanted = ctypes.create_string_buffer(struct.pack("QQQQ", attributes, 0, 0, 0), 32)
    flags = AT_RECURSIVE if recursive else 0
    _call("syscall", MOUNT_SETATTR, -1, path.encode(), flags, wanted, len(wanted), told=path)


def _call(name: str, *arguments: Any, told: str = "") -> None:
    """A function of the C library. Raises OSError."""
    words = [ctypes.c_long(given) if isinstance(given, int) else given for given in arguments]
    if getattr(LIBC, name)(*words) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}", told or None)


def _close(*descriptors: int | None) -> None:
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)


def _close_all(*kept: int) -> None:
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with suppress(OSError):  # the one that the listing itself had
                os.close(int(name))


def _complain(error: BaseException) -> None:
    os.write(2, f"coursewright: the sandbox was not built: {error}\n".encode())


def _status(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    main()
