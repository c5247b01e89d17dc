"""A process behind the walls of `isolation`, spoken to over two pipes until a deadline.

All waiting is a `select.poll`: under gevent it is gevent's, and lets a worker's other requests go on at every piece.
"""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import time
from typing import Final

from whistle.clean import isolation
from whistle.clean.result import NotCleaned

_PIPE: Final = 256 * 1024  # bytes that a pipe holds; fewer turns than with the 64 KiB that it holds by itself
_ENDING: Final = 5.0  # seconds for a process that has closed its pipe to be gone


class Process:
    """``with`` it; it is killed at the end, whatever it is doing. ``cpu`` and ``patience`` (on the clock): seconds.

    Raises NotCleaned ("sandbox") when there cannot be one.
    """

    def __init__(self, cpu: int, patience: float) -> None:
        self._deadline = time.monotonic() + patience
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                isolation.command(cpu),
                stdin=theirs_in,
                stdout=theirs_out,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            self._close()
            raise NotCleaned("sandbox") from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        for end in (self._to, self._from):
            os.set_blocking(end, False)
            with contextlib.suppress(OSError):  # one who holds many pipes may not make them larger
                fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _PIPE)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._close()

    def read(self, length: int) -> bytes:
        """So many bytes of what it says. Raises NotCleaned ("limits", "sandbox") when there will not be so many."""
        data = bytearray(length)
        left = memoryview(data)
        while left:
            self._wait(self._from, select.POLLIN)
            got = os.readv(self._from, [left])
            if not got:
                raise self._ended()
            left = left[got:]
        return bytes(data)

    def write(self, data: bytes) -> None:
        """Say something. Raises NotCleaned ("limits", "sandbox") when nobody listens."""
        left = memoryview(data)
        while left:
            self._wait(self._to, select.POLLOUT)
            try:
                left = left[os.write(self._to, left) :]
            except BrokenPipeError:
                raise self._ended() from None

    def _wait(self, end: int, event: int) -> None:
        waiting = select.poll()
        waiting.register(end, event)
        remaining = self._deadline - time.monotonic()
        if remaining <= 0 or not waiting.poll(remaining * 1000):
            raise NotCleaned("limits")

    def _ended(self) -> NotCleaned:
        try:
            limits = isolation.of_limits(self._process.wait(_ENDING))
        except subprocess.TimeoutExpired:
            limits = False
        return NotCleaned("limits" if limits else "sandbox")

    def _close(self) -> None:
        os.close(self._to)
        os.close(self._from)
