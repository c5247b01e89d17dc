"""Whoever breaks a cleaner has gained a process without network, files and time."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.clean.making import File, cleaned, picture
from whistle.clean import isolation, process, sandbox
from whistle.clean.result import NotCleaned

PDF = b"%PDF-" + os.urandom(299_995)
Hostile = Callable[[str], bytes]
SAY = """
import struct, sys

def send(what, start, length, data=b""):
    sys.stdout.buffer.write(struct.pack(">cQI", what, start, length) + data)
    sys.stdout.buffer.flush()

def say(*words):
    line = " ".join(map(str, words)).encode() + b"\\n"
    send(b"P", 0, len(line), line)

def end(line=b'{"media": "application/pdf", "removed": []}'):
    send(b"E", 0, len(line), line)
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    """Runs ``code`` where the cleaner would run, as if a file had taken it over; what counts as the clean file."""
    package = tmp_path / "whistle" / "clean"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    monkeypatch.setattr(isolation, "_PACKAGE", package.parent)
    isolation._bubblewrap.cache_clear()

    def run(code: str) -> bytes:
        (package / "__main__.py").write_text(SAY + textwrap.dedent(code))
        return cleaned(PDF).data

    yield run
    isolation._bubblewrap.cache_clear()


def test_here_it_is_more_than_limits() -> None:
    assert isolation.strict()


def test_it_reaches_nobody(hostile: Hostile) -> None:
    said = hostile(
        """
        import socket
        try:
            socket.create_connection(("127.0.0.1", 22), timeout=2)
            say("reached")
        except OSError as error:
            say(error.strerror)
        say(sorted(name for _, name in socket.if_nameindex()))
        end()
        """
    )
    assert b"reached" not in said and b"['lo']" in said


def test_it_sees_neither_the_data_nor_the_settings(hostile: Hostile, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia"
    secret.write_text("rahasia")
    os.environ["PELUIT_RAHASIA"] = "rahasia"
    said = hostile(
        f"""
        import os
        say(os.path.exists({str(secret)!r}), os.path.exists("/root/.ssh"), os.path.exists("/etc/passwd"))
        say("PELUIT_RAHASIA" in os.environ, len([name for name in os.listdir("/proc") if name.isdigit()])
              if os.path.isdir("/proc") else 0)
        end()
        """
    )
    assert said.split() == [b"False", b"False", b"False", b"False", b"0"]


def test_it_writes_nothing(hostile: Hostile, tmp_path: Path) -> None:
    said = hostile(
        f"""
        for place in ({str(tmp_path)!r}, "/usr", "/tmp", "."):
            try:
                with open(place + "/tulis", "w") as file:
                    file.write("x" * 100_000)
                say("wrote", place)
            except OSError as error:
                say("no")
        end()
        """
    )
    assert said.split() == [b"no"] * 4


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("while True: pass", "limits"),
        ("x = bytearray(1 << 40)", "sandbox"),
        ("import os; os.abort()", "sandbox"),
        ("import time; time.sleep(60)", "limits"),
        ("while True: send(b'R', 0, 300_000 - 1)", "sandbox"),
        ("while True: send(b'R', 0, 200_000)", "limits"),  # and never reads the answer
        ("import os, time; os.close(1); time.sleep(60)", "limits"),
        ("sys.stdin.close(); send(b'R', 0, 200_000); send(b'R', 0, 200_000); end()", "sandbox"),
    ],
)
def test_who_takes_too_much_is_ended(hostile: Hostile, monkeypatch: pytest.MonkeyPatch, code: str, says: str) -> None:
    monkeypatch.setattr(sandbox, "patience", lambda _size: 3.0)
    monkeypatch.setattr(process, "_ENDING", 0.2)
    with pytest.raises(NotCleaned) as refused:
        hostile(code)
    assert refused.value.code == says and refused.value.media == "application/pdf"


@pytest.mark.parametrize(
    "code",
    [
        "while True: send(b'P', 0, 1 << 18, bytes(1 << 18))", "while True: send(b'P', 0, 1, b'x')",
        "while True: send(b'R', 0, 100); sys.stdin.buffer.read(100)",
    ],
)  # fmt: skip
def test_who_goes_on_for_ever_is_ended_long_before_the_time_is_over(hostile: Hostile, code: str) -> None:
    began = time.monotonic()
    with pytest.raises(NotCleaned, match="limits"):
        hostile(code)
    assert time.monotonic() - began < sandbox.patience(0) / 3


def test_who_computes_for_too_long_is_ended(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "cpu_seconds", lambda _size: 1)
    began = time.monotonic()
    with pytest.raises(NotCleaned, match="limits"):
        hostile("while True: pass")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "message",
    [
        "send(b'X', 0, 1, b'x')", "send(b'P', 0, 0)", "send(b'P', 0, (1 << 20) + 1, bytes((1 << 20) + 1))",
        "send(b'R', 0, 0)", "send(b'R', 300_000, 1)", "send(b'R', (1 << 64) - 1, 1)", "send(b'R', 0, (1 << 18) + 1)",
        "say('x'); send(b'E', 0, 0)", "say('x'); send(b'E', 0, 5000, bytes(5000))",
        "sys.stdout.buffer.write(b'P')", "send(b'P', 0, 100, bytes(99))", "print('x' * 100)",
    ],
)  # fmt: skip
def test_who_breaks_the_protocol_is_ended(hostile: Hostile, message: str) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile(message)


@pytest.mark.parametrize(
    "line",
    [
        b"x", b"[]", b"{}", b'{"media": "text/html", "removed": []}', b'{"media": "image/png", "removed": ["words"]}',
        b'{"media": ["image/png"], "removed": []}', b'{"media": "image/png", "removed": [[]]}',
        b'{"media": "image/heic", "removed": []}', b'{"media": "image/png", "removed": "author"}', b'{"refused": "x"}',
        b'{"refused": ["large"]}', b"[" * 4000, b"\xff",
    ],
)  # fmt: skip
def test_what_is_said_at_the_end_is_not_believed(hostile: Hostile, line: bytes) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile(f"say('x'); end({line!r})")


def test_nothing_is_no_file(hostile: Hostile) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile("end()")


def test_the_file_is_read_from_any_place_and_to_its_end(hostile: Hostile) -> None:
    said = hostile(
        """
        for start, length in ((299_990, 10), (0, 5), (150_000, 1 << 17)):
            send(b"R", start, length)
            data = sys.stdin.buffer.read(length)
            send(b"P", 0, length, data)
        end()
        """
    )
    assert said == PDF[299_990:] + PDF[:5] + PDF[150_000 : 150_000 + (1 << 17)]


@pytest.mark.parametrize("at", ["read", "write"])
def test_what_fails_on_this_side_goes_through_and_ends_the_process(at: str) -> None:
    class Gone(Exception):
        pass

    class Failing(File):
        def read(self, start: int, stop: int) -> bytes:
            if at == "read" and start:
                raise Gone
            return super().read(start, stop)

    def write(_data: bytes) -> None:
        raise Gone

    with pytest.raises(Gone):
        sandbox.clean(Failing(picture("PNG") + bytes(300_000)), write)


@pytest.mark.parametrize("data", [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ" + bytes(100)])
def test_what_is_no_kind_that_is_known_never_gets_there(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "Process", None)
    for task in (cleaned, lambda data: sandbox.look(File(data), 0, 1)):
        with pytest.raises(NotCleaned, match="kind") as refused:
            task(data)
        assert refused.value.media == ""


def test_what_is_too_large_to_be_held_never_gets_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "Process", None)
    monkeypatch.setattr(sandbox, "HELD", 100)
    for task in (cleaned, lambda data: sandbox.look(File(data), 0, 1)):
        with pytest.raises(NotCleaned, match="large") as refused:
            task(picture("PNG"))
        assert refused.value.media == "image/png"


def test_only_so_many_are_at_work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given as many as may be at work, and one that ends. Then the next is told to come back, and later is cleaned."""
    monkeypatch.setattr(sandbox, "TURN", 0.1)
    with ExitStack() as others:
        for _ in range(sandbox.AT_ONCE):
            others.enter_context(sandbox._conversation(File(PDF), 1, "clean", "pdf"))
        with pytest.raises(NotCleaned, match="busy") as refused:
            cleaned(picture("PNG"))
        assert refused.value.media == "image/png"
    assert cleaned(picture("PNG")).media == "image/png"


def test_a_refused_file_leaves_no_process_and_no_pipe() -> None:
    def held() -> tuple[int, int]:
        children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "comm="], capture_output=True, text=True)
        return len(os.listdir("/proc/self/fd")), len([name for name in children.stdout.split() if name != "ps"])

    before = held()
    for data in (PDF, picture("PNG"), picture("PNG")[:100]):
        with suppress(NotCleaned):
            cleaned(data)
    assert held() == before


def test_the_cleaner_starts_without_the_application() -> None:
    """It would take longer to load than a picture to clean, and has no room in the sandbox."""
    code = "import sys, whistle.clean.kinds; print([name for name in ('flask', 'config') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
