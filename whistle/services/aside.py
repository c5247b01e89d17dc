"""Long counting on a native thread under gevent, so that a worker's other requests go on meanwhile."""

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_threads: Any = None


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
