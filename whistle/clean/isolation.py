"""The walls around a hostile file's process: namespaces by bubblewrap, where there is one, and limits on resources.

Bubblewrap gives the process namespaces of its own: no network, no other process, and of the file system only Python
and this package, read-only. Where there is no bubblewrap the limits, and that it can start no other process (`alone`),
are all there is, and `strict` says so.
"""

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from whistle.clean.alone import filter_of

MEMORY: Final = 1536 * 1024 * 1024  # bytes of address space
_PACKAGE: Final = Path(__file__).resolve().parent.parent
_TRIED: Final = 20.0  # seconds for a first try
_WORKS: Final[list[tuple[str, ...]]] = []  # the command that worked, once one did
_OF_LIMITS: Final = (-9, -24, 137, 152)  # SIGKILL, SIGXCPU: as a signal, and as bubblewrap passes them on

# The limits come first: what is imported after them already reads for a stranger. Then the filter that keeps it alone,
# by prctl(2): 38 so that no program gains rights, 22 and 2 for the filter. A kernel without such goes on without.
_PROGRAM: Final = f"""
import ctypes, resource, runpy, struct, sys
for what, most in (
    (resource.RLIMIT_AS, {MEMORY}), (resource.RLIMIT_CPU, int(sys.argv.pop(1))), (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 64),
):
    resource.setrlimit(what, (most, most))
alone = ctypes.create_string_buffer({filter_of(platform.machine())!r})
told = ctypes.create_string_buffer(struct.pack("HP", len(alone) // 8, ctypes.addressof(alone)))
control = ctypes.CDLL(None).prctl
control.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
control(38, 1, 0, 0, 0)
control(22, 2, ctypes.addressof(told), 0, 0)
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module("whistle.clean", alter_sys=True)
"""


def strict() -> bool:
    """Whether there is more than limits on resources."""
    return bool(_bubblewrap())


def command(cpu: int) -> tuple[str, ...]:
    """What runs `whistle.clean` behind the walls with ``cpu`` seconds of computing."""
    python = (sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM)
    return (*_bubblewrap(), *python, str(cpu), str(_PACKAGE.parent))


def of_limits(returncode: int) -> bool:
    """Whether a process ended because it had taken what it may."""
    return returncode in _OF_LIMITS


def _bubblewrap() -> tuple[str, ...]:
    """The command that makes the namespaces; none where it is not there or not allowed."""
    return _WORKS[0] if _WORKS else _tried()


def _tried() -> tuple[str, ...]:
    """The same, tried out. A try that fails counts for this once: a machine may be too busy for a moment."""
    program = shutil.which("bwrap")
    if program is None:
        return ()
    made = (program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", *_seen())
    try:
        tried = subprocess.run([*made, sys.executable, "-c", ""], capture_output=True, timeout=_TRIED)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ()
    if tried.returncode == 0:
        _WORKS[:] = [made]
    return made if tried.returncode == 0 else ()


def _seen() -> Iterator[str]:
    """Of the file system: Python with its libraries, and this package."""
    yield from ("--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108 - a memory of its own, gone with the process
    for folder in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"):
        yield from ("--ro-bind-try", folder, folder)
    for folder in dict.fromkeys((sys.base_prefix, sys.prefix, str(_PACKAGE))):
        yield from ("--ro-bind", folder, folder)
