"""A few native threads for what is slow, above all key derivations, so that a worker goes on answering meanwhile.

Receipts and vaults have threads of their own: a flood of sign-ins, each a tenth of a second of work and 64 MiB, must
not stand before a reporter's receipt. The derivations release the interpreter lock. Under gevent the threads are its,
and only the calling greenlet waits.
"""

import os
import sys
from _thread import get_native_id  # of the native thread, also where gevent has replaced `threading`
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

LESS_URGENT: Final = 5  # how nice (man 2 setpriority) the vaults' threads are to all others


_ALL: Final[list["Pool"]] = []
_AT_WORK: Final[set[int]] = set()  # native ids of threads of pools that work on something


class Pool:
    """``threads`` native threads, made when they are first needed. ``nice`` is theirs alone (Linux)."""

    def __init__(self, name: str, threads: int, nice: int = 0) -> None:
        self.name, self.threads, self.nice = name, threads, nice
        self.forget()
        _ALL.append(self)

    def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``fn(*args, **kwargs)`` on one of the threads; waits for its result and raises what it raises.

        ``fn`` must not call `run`, of no pool: under gevent a native thread would wait in a loop of its own, in which
        files are never closed. Raises RuntimeError when it does.
        """
        if get_native_id() in _AT_WORK:
            raise RuntimeError("a pool's thread may not wait for a pool")
        pool = self._made()
        if isinstance(pool, ThreadPoolExecutor):
            return pool.submit(self._nicely, fn, *args, **kwargs).result()
        result: T = pool.apply(self._nicely, (fn, *args), kwargs)
        return result

    def forget(self) -> None:
        """Threads do not survive a fork: the child makes its own."""
        self._pool: Any = None
        self._lock = Lock()

    def _nicely(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self.nice:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, get_native_id(), self.nice)
        _AT_WORK.add(get_native_id())
        try:
            return fn(*args, **kwargs)
        finally:
            _AT_WORK.discard(get_native_id())

    def _made(self) -> Any:
        with self._lock:
            if self._pool is None:
                self._pool = _gevent_pool(self.threads) if _under_gevent() else self._executor()
            return self._pool

    def _executor(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads, f"peluit-{self.name}")


RECEIPTS: Final = Pool("receipts", 2)
VAULTS: Final = Pool("vaults", 1, LESS_URGENT)


def _under_gevent() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


def _gevent_pool(threads: int) -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(threads)


def _forget() -> None:
    for pool in _ALL:
        pool.forget()


os.register_at_fork(after_in_child=_forget)
