"""What arrives broken, through the real server: a page with kind words and 400, and nothing of it is stored."""

import re
import socket
from collections.abc import Iterator

import pytest

from tests.server import Server, prepare, serving
from tests.web.channel.conftest import ANSWERS

MULTIPART = "multipart/form-data; boundary=b"
FIELD = '--b\r\nContent-Disposition: form-data; name="story"\r\n\r\nDiminta uang\r\n'
FILE = '--b\r\nContent-Disposition: form-data; name="berkas"; filename="a.jpg"\r\n\r\nabc'
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "data").mkdir()
    prepare(folder / "data")
    with serving(folder / "data", folder / "log") as running:
        yield running


def answer(server: Server, path: str, kind: str, framing: str, body: str) -> tuple[int, str]:
    """Status and page of a request that ends with ``body``, whatever its head promised."""
    head = f"POST {path} HTTP/1.1\r\nHost: peluit\r\nContent-Type: {kind}\r\n{framing}\r\n\r\n"
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall((head + body).encode())
        line.shutdown(socket.SHUT_WR)
        while piece := line.recv(65_536):
            got += piece
    return int(got.split(b" ", 2)[1]), " ".join(re.sub(r"<[^>]+>", " ", got.decode()).split())


def chunk(text: str) -> str:
    return f"{len(text):x}\r\n{text}\r\n"


@pytest.mark.parametrize("path", ["/lapor", "/lapor/kirim", "/en/lapor", "/lacak", "/lacak/pesan"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, "zzzz\r\nnonsense\r\n\r\n"),
        (FORM, "-5\r\na=b\r\n0\r\n\r\n"),
        (FORM, "3\r\na=bXX0\r\n\r\n"),
        (FORM, chunk("a=b")),
        (MULTIPART, "zzzz\r\nnonsense\r\n\r\n"),
        (MULTIPART, chunk(FIELD) + "QQ\r\nnonsense\r\n"),
        (MULTIPART, chunk(FIELD) + chunk(FILE) + "GG\r\n"),
        (MULTIPART, chunk(FIELD) + chunk(FILE) + "0\r\n\r\n"),
    ],
    ids=["no size", "negative", "chunk's end", "last chunk", "no size in parts", "later", "in a file", "no end"],
)
def test_a_body_whose_chunks_make_no_sense_is_a_page_with_kind_words(
    server: Server, path: str, kind: str, body: str
) -> None:
    status, page = answer(server, path, kind, "Transfer-Encoding: chunked", body)
    assert status == 400
    assert "cannot read" in page or "tidak bisa kami baca" in page
    assert "logged at" not in server.log.read_text()  # it is no mistake of ours


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", FIELD + "--b--"),
        (MULTIPART, FIELD + "--bX"),
        (MULTIPART, "--b\r\nnothing that is a part\r\n\r\n"),
    ],
    ids=["no boundary", "no end", "no part"],
)
def test_a_form_in_parts_that_is_broken_does_not_count_as_an_empty_one(server: Server, kind: str, body: str) -> None:
    status, page = answer(server, "/lapor", kind, f"Content-Length: {len(body)}", body)
    assert status == 400 and "tidak bisa kami baca" in page and "Pilih layanannya" not in page


def test_half_of_a_report_is_not_stored_as_one(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(b"GET /lapor HTTP/1.1\r\nHost: peluit\r\nConnection: close\r\n\r\n")
        blank = b"".join(iter(lambda: line.recv(65_536), b"")).decode()
    token = re.search(r'name="kunci" value="([^"]+)"', blank)
    assert token
    whole = "&".join([f"kunci={token[1]}", *(f"{name}={value}".replace(" ", "+") for name, value in ANSWERS.items())])
    framing = f"Content-Length: {len(whole)}"
    assert answer(server, "/lapor/kirim", FORM, framing, whole[:-20])[0] == 400
    # Then: what is sent as a whole afterwards is the first that came; it is known the second time.
    assert "sudah pernah terkirim" not in answer(server, "/lapor/kirim", FORM, framing, whole)[1]
    assert "sudah pernah terkirim" in answer(server, "/lapor/kirim", FORM, framing, whole)[1]
