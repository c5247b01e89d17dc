"""A server for tests in which one request, or the disk, hangs when a file says so.

`hang` in the data folder holds where: "before" or "after" the application handled the next report that is sent,
"inside" its transaction, or "disk" (every commit, for as long as the file is there). And how: "stop" stops the
process, "busy" never lets go of it. Whoever hangs removes the file first, so that nobody else does.
"""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from gevent import monkey

import wsgi
from whistle.casefile import birth
from whistle.store import batch

FLAG = Path(os.environ["PELUIT_DATA_DIR"]) / "hang"
_sleep = monkey.get_original("time", "sleep")
_application: Callable[..., Iterable[bytes]] = wsgi.app
_store, _natively = birth.store, batch.natively


def _asked(where: str) -> str:
    """How to hang at ``where``, once; "" when nobody asks for it."""
    try:
        place, how = FLAG.read_text().split()
        if place != where:
            return ""
        FLAG.unlink()
    except (OSError, ValueError):
        return ""
    return how


def _hang(where: str) -> None:
    how = _asked(where)
    if how == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    while how == "busy":
        pass


def _slow_store(*args: Any) -> None:
    _store(*args)
    _hang("inside")


def _slow_disk(work: Callable[[], object]) -> None:
    def waiting() -> None:
        while FLAG.exists() and FLAG.read_text().startswith("disk"):
            _sleep(0.05)
        work()

    _natively(waiting)


birth.store, batch.natively = _slow_store, _slow_disk


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The application of both surfaces."""
    sending = environ["PATH_INFO"] == "/lapor/kirim" and environ["REQUEST_METHOD"] == "POST"
    if sending:
        _hang("before")
    answer = _application(environ, start_response)
    if sending:
        _hang("after")
    return answer
