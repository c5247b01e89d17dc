"""A cleaner that a file has taken over."""

import os
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.clean.making import cleaned
from whistle.clean import isolation

PDF = b"%PDF-" + os.urandom(299_995)


class Hostile(Protocol):
    """Runs ``code`` where the cleaner would run, as if a file had taken it over; what ``task`` makes of that."""

    def __call__(self, code: str, task: Callable[[bytes], object] = ...) -> Any: ...


SAY = """
import struct, sys

FIRST = sys.stdin.buffer.read(*struct.unpack(">I", sys.stdin.buffer.read(4)))

def send(what, start, length, data=b""):
    sys.stdout.buffer.write(struct.pack(">cQI", what, start, length) + data)
    sys.stdout.buffer.flush()

def say(*words):
    line = " ".join(map(str, words)).encode() + b"\\n"
    send(b"P", 0, len(line), line)

BIG = (1 << 18) + 1  # more than may be asked for at once
LAST = b'{"media": "application/pdf", "removed": []}'

def end(line=LAST):
    send(b"E", 0, len(line), line)
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    package = tmp_path / "whistle" / "clean"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    monkeypatch.setattr(isolation, "_PACKAGE", package.parent)
    isolation._WORKS.clear()

    def run(code: str, task: Callable[[bytes], object] = lambda data: cleaned(data).data) -> object:
        (package / "__main__.py").write_text(SAY + textwrap.dedent(code))
        return task(PDF)

    yield run
    isolation._WORKS.clear()
