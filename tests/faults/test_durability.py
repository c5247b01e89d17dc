"""kill -9 leaves the system's caches alone, so it cannot show a missing fsync. A trace of system calls can."""

import re
import time
from pathlib import Path

import pytest

from tests import reporter, server
from tests.nojs import Browser
from tests.server import Server

CALLS = "fdatasync,fsync,recvfrom,read,sendto,write,writev,sendmsg"
STRACE = ("strace", "-f", "--seccomp-bpf", "-y", "-s", "64", "-e", f"trace={CALLS}", "-e", "signal=none")
REQUEST = re.compile(r'(?:recvfrom|read)\(\d+<[^>]*socket[^>]*>.*"POST /lapor/kirim')
ANSWER = re.compile(r'(?:sendto|write|writev|sendmsg)\(\d+<[^>]*socket[^>]*>.*"HTTP/1\.1 200')
WAL_SYNC = re.compile(r"(?:fdatasync|fsync)\(\d+<[^>]*peluit\.db-wal>")
SYNC_RETURNED = re.compile(r"(?:fdatasync|fsync)(?:\(.*\)| resumed>.*\)) += 0")

# The same application, with the one setting wrong that must not be.
WEAK = """
from whistle.store import sqlite
sqlite.PRAGMAS["synchronous"] = ("OFF", 0)
from wsgi import app
"""


def trace_of_one_report(tmp_path: Path, entry: str, **env: str) -> list[str]:
    """Lines of strace between the arrival of the sending request and the first byte of its answer."""
    data, trace = tmp_path / "data", tmp_path / "trace"
    data.mkdir()
    server.prepare(data)
    running = Server(data, tmp_path / "log", entry, PELUIT_WORKERS="1", **env)
    running.start(*STRACE, "-o", str(trace))
    try:
        reporter.write(Browser(running.base), "Petugas meminta uang di loket dua.").send()
        time.sleep(0.5)
    finally:
        running.kill_all()
    lines = trace.read_text(errors="replace").splitlines()
    first = next(number for number, line in enumerate(lines) if REQUEST.search(line))
    last = next(number for number, line in enumerate(lines) if number > first and ANSWER.search(line))
    return lines[first:last]


@pytest.mark.server
def test_the_wal_is_on_the_disk_between_the_request_and_its_answer(tmp_path: Path) -> None:
    between = trace_of_one_report(tmp_path, "wsgi:app")
    synced = [line for line in between if WAL_SYNC.search(line)]
    assert synced, "the receipt was sent before the report was on the disk"
    assert any(SYNC_RETURNED.search(line) for line in between)


@pytest.mark.server
def test_the_trace_would_see_a_report_that_is_not_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "weak.py").write_text(WEAK)
    between = trace_of_one_report(tmp_path, "weak:app", PYTHONPATH=str(tmp_path))
    assert [line for line in between if WAL_SYNC.search(line)] == []
