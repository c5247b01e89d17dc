"""Files: a gibibyte from the socket to the disk, what the worker holds for it, how soon a film goes on elsewhere."""

import http.client
import os
import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from bench import phones
from bench.line import line, p95
from bench.servers import Served, on_sqlite
from tests import officer
from tests.clean import recordings
from whistle.crypto.receipt import keys_of, parse
from whistle.store import cases

MIB = 1 << 20
SIZE = 1 << 30  # bytes
ROUNDS = 3
SEEKS = 200
PLAYED = 256 * 1024  # bytes that are asked for at a place: what a browser has before it shows the first picture
TOKEN = re.compile(r'name="berkas-ada" value="([^"]+)"')
WORD = re.compile(r"<li>([a-z]{4,7})</li>")
BYTES = re.compile(r'src="(/meja/kasus/[^"]+/isi\?t=[^"]+)"')


def run(folder: Path) -> None:
    """A form with a file of 1 GiB, without JavaScript, a few times; then a film of that size, cleaned and looked at."""
    settings = {"PELUIT_FILE_MIB": "1200", "PELUIT_WORKERS": "1", "PELUIT_KEEP_FREE_MIB": "0"}
    with on_sqlite(folder, **settings) as served:
        upload(served, pieces(os.urandom(MIB), 8 * MIB), 8 * MIB)
        (worker,) = served.server.workers()
        line("worker before, after a file of 8 MiB", resident(worker), "MiB")
        found = [measured(served, worker, pieces(os.urandom(MIB), SIZE), SIZE) for _ in range(ROUNDS)]
        seconds, peaks, _ = zip(*found, strict=True)
        rate = SIZE / sorted(seconds)[ROUNDS // 2] / 1e6
        line("1 GiB from the socket to stored, median", rate, "MB/s", 150, at_least=True)
        line("1 GiB from the socket to stored: worker's peak memory", max(peaks), "MiB", 150)
        line("as much written and synced by this process, not sealed", plain(folder), "MB/s")
        watch(served, worker, folder)


def watch(served: Served, worker: int, folder: Path) -> None:
    """A film of 1 GiB: taken in and cleaned, opened at the desk, played from anywhere."""
    film = folder / "film.mp4"
    recordings.long("mp4", film, SIZE)
    size = film.stat().st_size
    with film.open("rb") as file:
        seconds, peak, page = measured(served, worker, iter(lambda: file.read(MIB), b""), size)
    line("a film of 1 GiB: from the socket to stored and cleaned", seconds, "s")
    line("a film of 1 GiB: worker's peak memory", peak, "MiB", 150)
    case = sent(served, page)
    desk = officer.sign_in(served.server.base, served.credentials["rahma"], timeout=600)
    sheet = re.search(rf"/meja/kasus/{case.hex()}/berkas/[0-9a-f]{{32}}", desk.declare(case).body)
    if sheet is None:
        raise phones.Unexpected("the case shows no file")
    shown = desk.browser.get(sheet[0])
    began = time.monotonic()
    shown = desk.browser.send(shown, next(form for form in shown.forms if form.action == sheet[0]), {})
    line("a film of 1 GiB: first opening at the desk", time.monotonic() - began, "s")
    address = BYTES.search(shown.body)
    if address is None:
        raise phones.Unexpected("the sheet plays nothing")
    waits = [seek(served, desk, unescape(address[1]), size) for _ in range(SEEKS)]
    line("a film of 1 GiB: 256 KiB from anywhere, p95", p95(waits), "ms", 100)


def seek(served: Served, desk: officer.Desk, address: str, size: int) -> float:
    """Milliseconds until what a player needs at some place of the film is there."""
    start = random.randrange(size - 2 * PLAYED)  # noqa: S311 - any place will do
    cookies = "; ".join(f"{name}={value}" for name, value in (desk.browser.cookies or {}).items())
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", served.server.port, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookies, "Range": f"bytes={start}-{start + PLAYED - 1}"})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    if answer.status != http.client.PARTIAL_CONTENT or len(data) != PLAYED:
        raise phones.Unexpected(f"a range was answered with {answer.status} and {len(data)} bytes")
    return 1000 * (time.monotonic() - began)


def measured(served: Served, worker: int, content: Iterator[bytes], size: int) -> tuple[float, float, str]:
    """Seconds for an upload, the most MiB that the worker held meanwhile, and the page that answered."""
    peak, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            peak[0] = max(peak[0], resident(worker))

    looking = threading.Thread(target=look)
    looking.start()
    began = time.monotonic()
    try:
        page = upload(served, content, size)
    finally:
        took = time.monotonic() - began
        over.set()
        looking.join()
    return took, peak[0], page


def upload(served: Served, content: Iterator[bytes], size: int) -> str:
    """Send a form with a file; the page that looks at it. Raises Unexpected when the file was not taken."""
    port = served.server.port
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
        for piece in content:
            connection.sendall(piece)
        connection.sendall(tail.encode())
        got = b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode(errors="replace")
    if not got.startswith("HTTP/1.1 200 ") or TOKEN.search(got) is None:
        raise phones.Unexpected(f"the file was not taken: {got[:60]}")
    return got


def sent(served: Served, look: str) -> bytes:
    """Send the report that a page looks at; the id of its case."""
    values = [(name, unescape(value)) for name, value in phones.HIDDEN.findall(look)]
    body = urlencode([*values, ("langkah", "kirim")]).encode()
    receipt = phones.ask(served.server.port, "POST", "/lapor/kirim", body).decode()
    with served.ctx.store.read() as tx:
        installation = served.ctx.directory(tx).installation
        row = cases.case_by_lookup(tx, keys_of(parse(" ".join(WORD.findall(receipt))), installation).lookup_hash)
    if row is None:
        raise phones.Unexpected("there is no report of that receipt")
    return row.id


def resident(pid: int) -> float:
    """MiB of a process in memory (man 5 proc)."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def plain(folder: Path) -> float:
    """MB/s of a gibibyte that is only written and synced, on the same disk in the same run."""
    began = time.monotonic()
    with open(folder / "plain", "wb", buffering=0) as file:
        for piece in pieces(os.urandom(MIB), SIZE):
            file.write(piece)
        os.fsync(file.fileno())
    return SIZE / (time.monotonic() - began) / 1e6


def pieces(block: bytes, size: int) -> Iterator[bytes]:
    """``size`` bytes."""
    for at in range(0, size, len(block)):
        yield block[: size - at]
