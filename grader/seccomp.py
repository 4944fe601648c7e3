"""The system calls that sandboxed code may not make, as a classic BPF program for the kernel.

Capabilities are gone inside the sandbox already. What is left to close is a new user namespace
(in which a process has all capabilities again), reading another process, and the parts of the
kernel that no course needs. Calls are answered with an error, never with a signal, so that a
library which only probes for them goes on.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterable

# Offsets in struct seccomp_data (linux/seccomp.h); the low half of a 64-bit argument on the
# little-endian machines that are listed below.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16

LOAD, EQUAL, GREATER_EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, ERROR = 0x7FFF0000, 0x00050000

# CLONE_NEWTIME is left out: in clone() these bits are the exit signal. NEWNS, NEWCGROUP, NEWUTS,
# NEWIPC, NEWUSER, NEWPID, NEWNET:
NEW_NAMESPACE = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000
NEW_NAMESPACE |= 0x40000000

X32 = 0x40000000  # the second table of calls that x86-64 kernels have

# Refused everywhere: the numbers on x86-64 and on 64-bit ARM.
DENIED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    # What outlives a process, in a sandbox that the next submission uses too.
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
CLONE = (56, 220)
CLONE3 = 435

# Position in the pairs above, and the kernel's AUDIT_ARCH constant.
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def program(machine: str | None = None) -> bytes | None:
    """The filter for this machine, or None where the numbers of its calls are not known here."""
    known = MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    which, audit = known
    refuse = _step(RETURN, ERROR | errno.EPERM)
    steps = [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, audit, yes=1),
        refuse,
        _step(LOAD, NUMBER),
        _step(GREATER_EQUAL, X32, no=1),
        refuse,
        # The C library goes back to clone(), whose flags a filter can read.
        *_answer([CLONE3], errno.ENOSYS),
        *_answer((pair[which] for pair in DENIED.values()), errno.EPERM),
        _step(EQUAL, CLONE[which], no=3),
        _step(LOAD, FIRST_ARGUMENT),
        _step(ANY_BIT, NEW_NAMESPACE, no=1),
        refuse,
        _step(RETURN, ALLOW),
    ]
    return b"".join(steps)


def _answer(numbers: Iterable[int], error: int) -> list[bytes]:
    steps = []
    for number in numbers:
        steps += [_step(EQUAL, number, no=1), _step(RETURN, ERROR | error)]
    return steps


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """One struct sock_filter; `yes` and `no` are how many steps a comparison leaps over."""
    return struct.pack("<HBBI", code, yes, no, value)
