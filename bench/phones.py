"""What phones without JavaScript send, as cheaply as a load's client must: the form, the look, the receipt."""

import gzip
import re
import socket
from collections.abc import Callable, Mapping
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

ANSWERS = {"happened": "uang", "service": "kependudukan", "office": "DISDUKCAPIL"}
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----peluitBench7MA4YWxkTrZu0gW"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"  # what a browser makes of a form that may have files
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
PACKED = re.compile(rb"(?i)\r\ncontent-encoding: gzip")
RECEIPT = re.compile(r'<ol class="words">(?:<li>[a-z]{4,7}</li>){8}</ol>')


class Unexpected(Exception):
    """The server answered something else than it should."""


def ask(port: int, method: str, path: str, body: bytes | None = None, kind: str = FORM, status: int = 200) -> bytes:
    """One request on a connection of its own, as a phone makes it minutes after the last; its answer unpacked.

    Raises Unexpected for another ``status``. Written out by hand: a client of the library takes as long as the server.
    """
    head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", "Accept-Encoding: gzip"]
    if body is not None:
        head += [f"Origin: http://127.0.0.1:{port}", "Sec-Fetch-Site: same-origin"]
        head += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall("\r\n".join([*head, "", ""]).encode() + (body or b""))
        got = b"".join(iter(lambda: line.recv(1 << 16), b""))
    top, _, content = got.partition(b"\r\n\r\n")
    if not top.startswith(b"HTTP/1.1 %d " % status):
        raise Unexpected(f"{method} {path}: {top[:40].decode('latin-1')}")
    length = LENGTH.search(top)
    if length is None or int(length[1]) != len(content):
        raise Unexpected(f"{method} {path}: {len(content)} bytes came, and not as many as were promised")
    return gzip.decompress(content) if PACKED.search(top) else content


class _Blank(HTMLParser):
    """What the form would send with nothing filled in: texts and lists that are empty, and what is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag in ("textarea", "select") or (tag == "input" and a.get("type") in ("text", "hidden")):
            self.values[a["name"]] = a.get("value", "")


def reporter(number: int, port: int) -> Callable[[], object]:
    """A client of `bench.load` that sends one report after the other, each with a story of its own."""
    sent = 0
    page = _Blank()
    page.feed(ask(port, "GET", "/lapor").decode())

    def report() -> None:
        nonlocal sent
        sent += 1
        form = ask(port, "GET", "/lapor").decode()
        story = f"Petugas meminta uang di loket, laporan ke-{sent} dari warga nomor {number}."
        filled = page.values | dict(HIDDEN.findall(form)) | ANSWERS | {"story": story}
        look = ask(port, "POST", "/lapor", multipart(filled), MULTIPART).decode()
        again = [(name, unescape(value)) for name, value in HIDDEN.findall(look)]
        receipt = ask(port, "POST", "/lapor/kirim", urlencode([*again, ("langkah", "kirim")]).encode()).decode()
        if not RECEIPT.search(receipt):
            raise Unexpected("there is no receipt on the page")

    return report


def part(name: str, file: str | None = None) -> str:
    """The head of one part of a form (RFC 7578); with ``file``, the name of a file, of that."""
    more = "" if file is None else f'; filename="{file}"\r\nContent-Type: application/octet-stream'
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'


def multipart(values: Mapping[str, str]) -> bytes:
    """A filled-in form whose field for files was left empty."""
    parts = [f"{part(name)}{value}\r\n" for name, value in values.items()]
    return f"{''.join(parts)}{part('berkas', '')}\r\n--{BOUNDARY}--\r\n".encode()


def reader(number: int, port: int) -> Callable[[], object]:
    """A client that reads: the first page, then the form."""
    paths = ("/", "/lapor")
    asked = number

    def read() -> None:
        nonlocal asked
        asked += 1
        ask(port, "GET", paths[asked % 2])

    return read
