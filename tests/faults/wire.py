"""The wire between the server and its database, in our hands: it can be cut, refuse, or say nothing any more."""

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Iterator

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets the connection instead of ending it politely


class Wire:
    """A TCP port of this machine that leads to a Unix socket. ``port`` stays the same whatever happens."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._silent = threading.Event()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._guard = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Lead through again. Connections that hung are reset, as after a long silence."""
        self._silent.clear()
        if self._listener is None:
            self._listener = self._listen()
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Reset every connection; new ones lead through."""
        with self._guard:
            pairs, self._pairs = self._pairs, []
        for near, far in pairs:
            with contextlib.suppress(OSError):
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            for end in (near, far):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def refuse(self) -> None:
        """Cut, and have nobody listen."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self.cut()

    def fall_silent(self) -> None:
        """Accept connections and answer nothing; those that are there get no further byte either."""
        self._silent.set()

    def close(self) -> None:
        self.refuse()

    def _listen(self) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        listener.settimeout(0.2)
        self.port = listener.getsockname()[1]
        return listener

    def _accept(self, listener: socket.socket) -> None:
        while self._listener is listener:
            try:
                near, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._lead, args=(near,), daemon=True).start()

    def _lead(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        with self._guard:
            self._pairs.append((near, far))
        with contextlib.suppress(OSError, ValueError):
            if not self._silent.is_set():
                far.connect(self._target)
                self._pass_on(near, far)
        if not self._silent.is_set():  # else both stay as they are, until they are cut
            near.close()
            far.close()

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while not self._silent.is_set():
                for key, _ in ready.select(0.2):
                    if self._silent.is_set():
                        return
                    data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                    if not data:
                        return
                    key.data.sendall(data)


@contextlib.contextmanager
def wire(target: str) -> Iterator[Wire]:
    """A wire for the length of a block."""
    made = Wire(target)
    try:
        yield made
    finally:
        made.close()
