"""Long work beside a worker's other requests: on a native thread under gevent, or giving way again and again."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_INSTANT = 1e-5  # seconds: a sleep of none at all does not let in, under gevent, who waits for the network or a time

_threads: Any = None


def give_way() -> None:
    """Let the worker's other requests in; for work that cannot be done aside, every hundredth of a second or so."""
    time.sleep(_INSTANT)


def aside(work: Callable[[], T]) -> T:
    """``work()``, one at a time. Raises what it raises. ``work`` only computes: it has no connection and no request."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return work()
    result: T = _pool().apply(work)
    return result


def _pool() -> Any:
    global _threads
    if _threads is None:
        from gevent.threadpool import ThreadPool

        _threads = ThreadPool(1)
    return _threads


def _forget() -> None:
    global _threads
    _threads = None


os.register_at_fork(after_in_child=_forget)
