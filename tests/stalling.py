"""Connections that stop in the middle: of what they ask, of what they send, of what they are sent."""

import contextlib
import itertools
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KINDS = ("header", "body", "answer")


@dataclass(frozen=True)
class Stalled:
    """One connection to 127.0.0.1 that goes no further, or a byte at a time. Whoever makes it closes it."""

    kind: str
    socket: socket.socket

    def go_on(self) -> bool:
        """One byte more, as the slowest phone would; whether the connection is still open."""
        try:
            if self.kind == "answer":
                return bool(self.socket.recv(1))
            return self.socket.send(b"a") == 1
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        self.socket.close()


def stall(port: int, kind: str) -> Stalled:
    """Begin a request and stop: in a header, in the body of a report, or when a little of the answer has come."""
    sender = socket.socket()
    sender.settimeout(20)
    if kind == "answer":
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)  # a tenth of a page
    sender.connect(("127.0.0.1", port))
    if kind == "header":
        sender.sendall(b"GET /lapor HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    elif kind == "body":
        head = b"POST /lapor/kirim HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        sender.sendall(head + b"Content-Length: 100000\r\n\r\nhappened=uang&story=Petugas")
    else:
        sender.sendall(b"GET /lapor HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    sender.setblocking(False)
    return Stalled(kind, sender)


@contextlib.contextmanager
def stalled(port: int, many: int, kinds: Sequence[str] = KINDS) -> Iterator[list[Stalled]]:
    """``many`` stalled connections, of each kind in turn, for the length of a block."""
    with contextlib.ExitStack() as stack:
        made = itertools.islice(itertools.cycle(kinds), many)
        yield [stack.enter_context(contextlib.closing(stall(port, kind))) for kind in made]
