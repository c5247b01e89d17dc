"""Recordings and films of any size go through: constant memory on this side, and other requests go on meanwhile."""

import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from tests.clean.making import CANARY, cleaned
from tests.clean.recordings import FILMS, SOUNDS, long
from whistle.clean import media, sandbox
from whistle.clean.kinds import KINDS

MIB = 1 << 20


@dataclass
class OnDisk:
    """A file of which only what is asked for is read."""

    path: Path
    most: int = 0  # bytes that were asked for at once

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def read(self, start: int, stop: int) -> bytes:
        self.most = max(self.most, stop - start)
        with open(self.path, "rb", buffering=0) as file:
            return os.pread(file.fileno(), stop - start, start)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Where a large file may lie for the length of a test."""
    yield tmp_path / "besar"
    for file in tmp_path.iterdir():
        file.unlink()


@pytest.mark.parametrize("kind", [*SOUNDS, *FILMS])
def test_a_long_one_is_byte_for_byte_what_would_be_written_to_a_file(kind: str, place: Path) -> None:
    """Given many times what a pipe holds, whose lengths and index are filled in at the end."""
    size = MIB if kind == "amr" else 3 * MIB  # whose packets are tiny
    long(kind, place, size)
    file = io.BytesIO()
    with open(place, "rb") as source:
        media._remuxed(source, KINDS[kind], file)  # type: ignore[arg-type]
    clean = cleaned(place.read_bytes())
    assert clean.data == file.getvalue() and CANARY.encode() not in clean.data
    assert len(clean.data) == pytest.approx(size, rel=0.3)


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_film_of_150_mib_is_cleaned_within_two_mib_of_memory_and_can_be_sought_in(kind: str, place: Path) -> None:
    long(kind, place, 150 * MIB)
    source, out = OnDisk(place), place.with_suffix(".bersih")
    with open(out, "wb") as file:
        tracemalloc.start()
        try:
            told = sandbox.clean(source, file.write)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 2 * MIB and source.most < MIB
    assert told.media == KINDS[kind].media and out.stat().st_size == pytest.approx(source.size, rel=0.02)
    with av.open(str(out)) as film:
        middle = (film.duration or 0) // 2
        film.seek(middle)
        shown = next(film.decode(video=0))
        assert shown.time == pytest.approx(middle / av.time_base, abs=2)
    assert len(sandbox.look(OnDisk(out), 0, 1).pictures) == 1


def test_a_picture_of_50_mib_is_looked_at_within_two_mib_of_memory(place: Path) -> None:
    place.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50 * MIB))
    tracemalloc.start()
    try:
        with pytest.raises(sandbox.NotCleaned, match="damaged"):
            sandbox.look(OnDisk(place), 0, 1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * MIB


GEVENT = """
from gevent import monkey
monkey.patch_all()
import json, sys, gevent
from pathlib import Path
from tests.clean.test_large import OnDisk
from whistle.clean import sandbox
from whistle.clean.result import NotCleaned

class Watched(OnDisk):
    def read(self, start, stop):
        marks.append(ticks)
        return super().read(start, stop)

def tick():
    global ticks
    while True:
        gevent.sleep(0.001)
        ticks += 1

def clean():
    try:
        return sandbox.clean(film, lambda piece: None).media
    except NotCleaned as refused:
        return refused.code

ticks, marks, film = 0, [], Watched(Path(sys.argv[1]))
gevent.spawn(tick)
first = clean()
between = max(marks.count(mark) for mark in marks)
sandbox.TURN = 0.05
three = [gevent.spawn(clean) for _ in range(3)]
gevent.joinall(three)
print(json.dumps([first, between, *sorted(one.value for one in three)]))
"""


def test_a_worker_answers_others_while_it_cleans_a_large_film(place: Path) -> None:
    """Given a worker as gunicorn runs it, where something else waits for its turn all the time.

    Then hardly more than one range of the film is read before that has its turn; and of three films at the same moment
    the third is told to come back.
    """
    long("mp4", place, 30 * MIB)
    done = subprocess.run([sys.executable, "-c", GEVENT, str(place)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, between, *three = json.loads(done.stdout)
    assert first == "video/mp4" and 1 <= between <= 10
    assert three == ["busy", "video/mp4", "video/mp4"]
