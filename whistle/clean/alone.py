"""What keeps a process alone: a filter of system calls by which it can start threads, and no other process.

Limits on memory and time are of one process; whoever has taken over a cleaner could start a thousand, and where there
is no bubblewrap some that outlive it. A limit on processes (RLIMIT_NPROC) counts all of a user's, and does not bind
root. So what would start one is refused to this process alone (seccomp(2), a classic BPF program).
"""

import struct
from collections.abc import Mapping
from typing import Final

_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000  # linux/seccomp.h; an error's number is added
_NUMBER, _ARCHITECTURE, _FLAGS = 0, 4, 16  # where struct seccomp_data has them; flags are clone's first argument
_CLONE_THREAD: Final = 0x10000
_OTHER_ABI: Final = 0x40000000  # x86-64's second set of numbers, x32, begins here
_CLONE3: Final = 435  # on all machines. Its flags lie in memory, so it is absent: the C library then takes clone
_MACHINES: Final[Mapping[str, tuple[int, int, tuple[int, ...]]]] = {  # architecture, clone, and what else starts one
    "x86_64": (0xC000003E, 56, (57, 58)),  # fork, vfork
    "aarch64": (0xC00000B7, 220, ()),
}


def filter_of(machine: str) -> bytes:
    """The program for a ``machine`` as `platform.machine` names it; empty where its numbers are not known here.

    System calls by the numbers of another architecture, which the kernel may take as well, are refused altogether.
    """
    if machine not in _MACHINES:
        return b""
    architecture, clone, others = _MACHINES[machine]
    # Each: what it does, with what, and where it goes on if so and if not; None is the next one.
    steps: list[tuple[int, int, str | None, str | None]] = [
        (_LOAD, _ARCHITECTURE, None, None),
        (_EQUAL, architecture, None, "refuse"),
        (_LOAD, _NUMBER, None, None),
        (_AT_LEAST, _OTHER_ABI, "refuse", None),
        (_EQUAL, _CLONE3, "absent", None),
        *((_EQUAL, other, "refuse", None) for other in others),
        (_EQUAL, clone, None, "allow"),
        (_LOAD, _FLAGS, None, None),
        (_ANY_BIT, _CLONE_THREAD, "allow", "refuse"),
    ]
    ends = {"allow": _ALLOW, "refuse": _ERROR + _EPERM, "absent": _ERROR + _ENOSYS}
    place = {end: len(steps) + number for number, end in enumerate(ends)}

    def written(at: int, step: tuple[int, int, str | None, str | None]) -> bytes:
        does, what, if_so, if_not = step
        jumps = (place[end] - at - 1 if end else 0 for end in (if_so, if_not))
        return struct.pack("=HBBI", does, *jumps, what)

    code = b"".join(written(at, step) for at, step in enumerate(steps))
    return code + b"".join(struct.pack("=HBBI", _RETURN, 0, 0, end) for end in ends.values())
