"""Run a cleaner where it can do no harm: in a process without network, files, time and memory to speak of.

Whoever sends a file may have made it to break the program that reads it. So that program is another process. It gets
the bytes at its standard input, and gives back a line of JSON (``{"media", "removed"}`` or ``{"refused"}``) with the
clean bytes behind. Nothing is written to a disk. Bubblewrap gives it namespaces of its own: no network, no other
process, and of the file system only Python and this package, read-only. Where there is no bubblewrap, limits on
resources are all there is, and `strict` says so.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from whistle.clean.kinds import KINDS, Kind, kind_of
from whistle.clean.result import REMOVED, Cleaned, NotCleaned

LARGEST: Final = 64 * 1024 * 1024  # bytes of a file that is cleaned in memory, and of what comes back
MEMORY: Final = 1536 * 1024 * 1024  # bytes of address space
CPU: Final = 30  # seconds
PATIENCE: Final = 60.0  # seconds on the clock
_PACKAGE: Final = Path(__file__).resolve().parent.parent
_MEDIA: Final = frozenset(kind.media for kind in KINDS.values() if kind.media != "image/heic")


def strict() -> bool:
    """Whether the sandbox is more than limits on resources."""
    return bool(_bubblewrap())


def clean(data: bytes) -> Cleaned:
    """Clean a file. Raises NotCleaned."""
    kind = kind_of(data)
    if kind is None:
        raise NotCleaned("kind")
    if len(data) > LARGEST:
        raise NotCleaned("large")
    return _told(_run(kind, data))


def _run(kind: Kind, data: bytes) -> bytes:
    command = [*_bubblewrap(), sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(_PACKAGE.parent), kind.code]
    process = subprocess.Popen(  # noqa: S603 - our own words, and a kind of the registry
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )
    try:
        out, _ = process.communicate(data, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise NotCleaned("limits") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
            process.communicate()
    if process.returncode:
        raise NotCleaned("limits" if process.returncode in _OF_LIMITS else "sandbox")
    return out


# The limits come first: what is imported after them already reads for a stranger.
_PROGRAM: Final = f"""
import resource, runpy, sys
for what, most in (
    (resource.RLIMIT_AS, {MEMORY}), (resource.RLIMIT_CPU, {CPU}), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_NOFILE, 64),
):
    resource.setrlimit(what, (most, most))
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module("whistle.clean", alter_sys=True)
"""
_OF_LIMITS: Final = (-9, -24, 137, 152)  # SIGKILL, SIGXCPU: as a signal, and as bubblewrap passes them on


@cache
def _bubblewrap() -> tuple[str, ...]:
    """The command that makes the namespaces; none where it is not there or not allowed."""
    program = shutil.which("bwrap")
    if program is None:
        return ()
    command = (program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", *_seen())
    tried = subprocess.run([*command, sys.executable, "-c", ""], capture_output=True, timeout=PATIENCE)  # noqa: S603
    return command if tried.returncode == 0 else ()


def _seen() -> Iterator[str]:
    """Of the file system: Python with its libraries, and this package."""
    yield from ("--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108 - a memory of its own, gone with the process
    for folder in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"):
        yield from ("--ro-bind-try", folder, folder)
    for folder in dict.fromkeys((sys.base_prefix, sys.prefix, str(_PACKAGE))):
        yield from ("--ro-bind", folder, folder)


def _told(out: bytes) -> Cleaned:
    """What came out of the sandbox, which is as little to be believed as what went in."""
    line, _, data = out.partition(b"\n")
    try:
        told = json.loads(line)
        if "refused" in told:
            raise NotCleaned(str(told["refused"]))
        media, removed = str(told["media"]), tuple(map(str, told["removed"]))
    except (ValueError, KeyError, TypeError):
        raise NotCleaned("sandbox") from None
    if media not in _MEDIA or not set(removed) <= set(REMOVED) or not 0 < len(data) <= LARGEST:
        raise NotCleaned("sandbox")
    return Cleaned(data, media, removed)
