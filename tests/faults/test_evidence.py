"""Files and kill -9: what was acknowledged opens with the right digest, and what was not leaves nothing to read."""

import hashlib
import http.client
import random
import re
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests import reporter
from tests.clean.making import picture
from tests.faults import needles
from tests.faults.city import City, city
from tests.nojs import Browser
from tests.reporter import NotAcknowledged
from whistle.casefile.attachments import Attachment
from whistle.crypto.receipt import Receipt
from whistle.domain.clock import SystemClock
from whistle.services import followup, housekeeping
from whistle.services.evidence import Content

KILLS, KILLS_LONG = 10, 100
PATIENCE = 90  # seconds for a reporter to come through
NEEDLE = "JarumRahasia"  # in what must not lie anywhere in the clear
NOISE = random.Random(5).randbytes(64)


class Later(SystemClock):
    """The machine's clock, some days on."""

    def __init__(self, days: int) -> None:
        super().__init__()
        self.ahead = timedelta(days=days)

    def now(self) -> datetime:
        return super().now() + self.ahead


def recording(number: int, size: int) -> bytes:
    """A file of no known kind, which its reporter insists on: it is kept byte for byte."""
    text = f"{NEEDLE}{number:06d}".encode() + NOISE
    return (text * (size // len(text) + 1))[:size]


def attached(place: City, receipt: Receipt) -> list[Attachment]:
    view = followup.open_with_words(place.ctx, " ".join(receipt.words))
    return [one for item in view.thread for one in item.files]


def digest(place: City, attachment: Attachment) -> bytes:
    """Of what the store gives for a file."""
    content = Content(place.ctx, place.ctx.newest().installation, attachment.file)
    return hashlib.sha256(content.read(0, content.size)).digest()


class Reporters:
    """Reporters who attach a large file of their own, one after the other, and start afresh when a line breaks."""

    def __init__(self, base: str) -> None:
        self.base, self.stop = base, threading.Event()
        self.sent: dict[Receipt, bytes] = {}
        self.broken = 0
        self.errors: list[str] = []
        self._threads = [threading.Thread(target=self._report, args=(number,)) for number in range(3)]

    def __enter__(self) -> "Reporters":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _report(self, who: int) -> None:
        number = who * 1000
        while not self.stop.is_set():
            number += 1
            data = recording(number, random.Random(number).randrange(1, 6_000_000))
            try:
                receipt = self._send(data, number)
            except (OSError, http.client.HTTPException, NotAcknowledged):
                self.broken += 1
                time.sleep(0.05)
            except AssertionError as error:
                self.errors.append(f"{number}: {error}")
                return
            else:
                self.sent[receipt] = hashlib.sha256(data).digest()

    def _send(self, data: bytes, number: int) -> Receipt:
        browser = Browser(self.base, timeout=20)
        draft = reporter.write(browser, f"Laporan {number}, ada rekamannya.", [("rekaman.bin", data)])
        form = draft.page.form("apa-adanya")
        insisted = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', draft.page.body)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                page = browser.send(draft.page, form, {"apa-adanya": insisted[0]}, "kirim")
                if page.status < 500:
                    return reporter.receipt_on(page)
            except (OSError, http.client.HTTPException):
                pass
            if time.monotonic() > deadline:
                raise NotAcknowledged("never")
            time.sleep(0.05)


@pytest.mark.server
def test_after_kills_every_acknowledged_file_opens_and_nothing_else_is_left(tmp_path: Path, long: bool) -> None:
    kills, seed = KILLS_LONG if long else KILLS, random.SystemRandom().randrange(2**32)
    chance, temporary = random.Random(seed), tmp_path / "tmp"
    temporary.mkdir()
    # Given reporters who attach files without pause
    with city(tmp_path, TMPDIR=str(temporary), PELUIT_KEEP_FREE_MIB="0") as place:
        with Reporters(place.server.base) as reporters:
            # When workers and the server are killed in the middle of uploads, and right after a receipt
            for number in range(kills):
                before, deadline = len(reporters.sent), time.monotonic() + PATIENCE
                while len(reporters.sent) == before and time.monotonic() < deadline and not reporters.errors:
                    time.sleep(0.002)
                time.sleep(chance.choice((0, chance.uniform(0, 0.3))))
                if number % 3 == 2:
                    place.server.kill_all()
                    place.server.start()
                else:
                    place.server.kill_worker(chance.randrange(2))
        place.server.kill_all()
        assert reporters.errors == [], f"seed {seed}"
        assert len(reporters.sent) >= kills and reporters.broken, f"seed {seed}: no kill fell into an upload"
        # Then each acknowledged file is there, once, with the right digest
        for receipt, expected in reporters.sent.items():
            (file,) = attached(place, receipt)
            assert digest(place, file) == expected == file.file.sha256, f"seed {seed}"
        # And nothing can be read anywhere
        assert needles.found_on_disk([NEEDLE], place.folder, temporary, tmp_path / "log") == []
        # And what no report names is gone some nights later, down to the last part of a file
        acknowledged = {one.file.id for receipt in reporters.sent for one in attached(place, receipt)}
        place.ctx.clock = Later(days=5)
        housekeeping.tick(place.ctx)
        kept = set(place.ctx.blobs.ids())
        assert acknowledged <= kept
        assert len(kept - acknowledged) <= reporters.broken, f"seed {seed}"  # sent, and its receipt lost on the way
        files = [path for path in needles.files_below(place.folder / "blobs")]
        assert len(files) == len(kept), f"seed {seed}"
    print(f"\nseed {seed}: {kills} kills, {len(reporters.sent)} receipts with a file, {reporters.broken} broken off")


@pytest.mark.server
def test_a_file_is_on_the_disk_before_its_receipt_is_shown(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "fsync,link,linkat,recvfrom,read,sendto,write,writev,sendmsg"
    strace = ("strace", "-f", "--seccomp-bpf", "-y", "-s", "64", "-e", f"trace={calls}", "-e", "signal=none")
    with city(tmp_path, None, *strace, "-o", str(trace), PELUIT_WORKERS="1", PELUIT_KEEP_FREE_MIB="0") as place:
        receipt = reporter.write(Browser(place.server.base), "Ada fotonya.", [("foto.jpg", picture("JPEG"))]).send()
        time.sleep(0.5)
        place.server.kill_all()
        (file,) = attached(place, receipt)
    lines = trace.read_text(errors="replace").splitlines()
    name = file.file.id.hex()
    content = first(lines, "fsync(", f"/{name}.", ".part>", " = 0")
    named = first(lines, "link", f"/{name}.", " = 0")
    folder = first(lines[named:], "fsync(", "/blobs/new/", " = 0") + named
    asked = first(lines, '"POST /lapor/kirim')
    assert content < named < folder < asked


def first(lines: list[str], *said: str) -> int:
    """The first line of a trace that says all of this; one that was interrupted by another thread is put together."""
    unfinished: dict[str, str] = {}
    for number, line in enumerate(lines):
        pid, _, call = line.partition(" ")
        if call.rstrip().endswith("<unfinished ...>"):
            unfinished[pid] = call.replace("<unfinished ...>", "")
            continue
        if "resumed>" in call:
            call = unfinished.pop(pid, "") + call.partition("resumed>")[2]
        if all(one in call for one in said):
            return number
    raise AssertionError(f"the trace does not say {said}")
