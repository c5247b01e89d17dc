"""A line to a server that can be cut, lose an answer or change what passes: a TCP relay on this machine."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Change = Callable[[bytes], bytes]


class Line:
    """``base`` is the address to talk to. What goes up passes through ``up``.

    ``lose`` is looked for in what goes up: the answer to the first request that has it is read and thrown away.
    """

    def __init__(self, to: tuple[str, int]) -> None:
        self.to = to
        self.up: Change = lambda data: data
        self.lose: bytes | None = None
        self.lost = 0
        self._port = 0
        self._near: list[socket.socket] = []
        self.mend()
        self.base = f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        """Let others through, again where it was."""
        self._server = socket.create_server(("127.0.0.1", self._port))
        self._port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def cut(self) -> None:
        """End what is under way; nobody gets through any more."""
        for end in (self._server, *self._near):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = server.accept()
                self._near.append(near)
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, socket.create_connection(self.to) as far, contextlib.suppress(OSError):
            losing = threading.Event()
            threading.Thread(target=self._down, args=(far, near, losing), daemon=True).start()
            while data := near.recv(65536):
                if self.lose is not None and self.lose in data:
                    self.lose = None
                    losing.set()
                far.sendall(self.up(data))

    def _down(self, far: socket.socket, near: socket.socket, losing: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                if losing.is_set():
                    self.lost += 1
                    near.shutdown(socket.SHUT_RDWR)
                    return
                near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def line(base: str) -> Iterator[Line]:
    """A line to the server at ``base``, ``http://host:port``."""
    host, port = base.removeprefix("http://").split(":")
    made = Line((host, int(port)))
    try:
        yield made
    finally:
        made.cut()
