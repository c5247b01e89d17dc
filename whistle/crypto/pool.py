"""A few native threads for the slow key derivations, so that a worker goes on answering while one is computed.

Two at a time at most: Argon2id takes 64 MiB each, and a burst of sign-ins must not take the machine's memory. The
derivations release the interpreter lock. Under gevent the threads are gevent's, and only the calling greenlet waits.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREADS: Final = 2

_lock = Lock()
_pool: Any = None


def run(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """``fn(*args, **kwargs)`` on one of the threads; waits for its result and raises what it raises.

    ``fn`` must not call `run` itself.
    """
    pool = _the_pool()
    if isinstance(pool, ThreadPoolExecutor):
        return pool.submit(fn, *args, **kwargs).result()
    result: T = pool.apply(fn, args, kwargs)
    return result


def _the_pool() -> Any:
    global _pool
    with _lock:
        if _pool is None:
            _pool = _gevent_pool() if _under_gevent() else ThreadPoolExecutor(THREADS, "kdf")
        return _pool


def _under_gevent() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


def _gevent_pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(THREADS)


def _forget() -> None:
    """Threads do not survive a fork: the child makes its own."""
    global _pool, _lock
    _pool, _lock = None, Lock()


os.register_at_fork(after_in_child=_forget)
