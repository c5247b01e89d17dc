"""Files: a gibibyte from the socket to the disk, and how much of it the worker ever holds."""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from bench import phones
from bench.line import line
from bench.servers import Served, on_sqlite

MIB = 1 << 20
SIZE = 1 << 30  # bytes
ROUNDS = 3
TOKEN = re.compile(r'name="berkas-ada" value="([^"]+)"')


def run(folder: Path) -> None:
    """Upload a file of 1 GiB in a form without JavaScript, a few times; the first one is not counted."""
    with on_sqlite(folder, PELUIT_FILE_MIB="1100", PELUIT_WORKERS="1", PELUIT_KEEP_FREE_MIB="0") as served:
        upload(served, 8 * MIB)
        found = [measured(served) for _ in range(ROUNDS)]
        rates, peaks = zip(*found, strict=True)
        line("1 GiB from the socket to stored, median", sorted(rates)[ROUNDS // 2], "MB/s", 150, at_least=True)
        line("1 GiB from the socket to stored: worker's peak memory", max(peaks), "MiB", 150)
        line("the same without its encryption: written and synced by this process", plain(folder), "MB/s")


def measured(served: Served) -> tuple[float, float]:
    """MB/s, and the worker's largest resident size in MiB while it took the file."""
    (worker,) = served.server.workers()
    peak, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            status = Path(f"/proc/{worker}/status").read_text()
            peak[0] = max(peak[0], int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024)  # type: ignore[index]

    watching = threading.Thread(target=watch)
    watching.start()
    began = time.monotonic()
    upload(served, SIZE)
    took = time.monotonic() - began
    over.set()
    watching.join()
    return SIZE / took / 1e6, peak[0]


def upload(served: Served, size: int) -> str:
    """Send a form with a file of random bytes; what its page carries of the file from then on. Raises Unexpected."""
    port, block = served.server.port, os.urandom(MIB)
    form = phones.ask(port, "GET", "/lapor").decode()
    values = dict(phones.HIDDEN.findall(form)) | phones.ANSWERS | {"story": "Ada rekamannya."}
    head = "".join(f"{phones.part(name)}{value}\r\n" for name, value in values.items())
    head += phones.part("berkas", "rekaman.bin")
    tail = f"\r\n--{phones.BOUNDARY}--\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=600) as connection:
        connection.sendall(
            f"POST /lapor HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Content-Type: {phones.MULTIPART}\r\nContent-Length: {len(head) + size + len(tail)}\r\n\r\n{head}".encode()
        )
        for piece in pieces(block, size):
            connection.sendall(piece)
        connection.sendall(tail.encode())
        got = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    token = TOKEN.search(got.decode(errors="replace"))
    if not got.startswith(b"HTTP/1.1 200 ") or token is None:
        raise phones.Unexpected(f"the file was not taken: {got[:60].decode('latin-1')}")
    return unescape(token[1])


def plain(folder: Path) -> float:
    """MB/s of a gibibyte that is only written and synced, on the same disk in the same run."""
    block, began = os.urandom(MIB), time.monotonic()
    with open(folder / "plain", "wb", buffering=0) as file:
        for piece in pieces(block, SIZE):
            file.write(piece)
        os.fsync(file.fileno())
    return SIZE / (time.monotonic() - began) / 1e6


def pieces(block: bytes, size: int) -> Iterator[bytes]:
    """``size`` bytes."""
    for at in range(0, size, len(block)):
        yield block[: size - at]
