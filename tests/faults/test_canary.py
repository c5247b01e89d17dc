"""Nothing readable at rest: a report with unmistakable words is followed through its life, then every byte is searched.

The reporter talks to the real server without JavaScript, from an address and with headers of her own. Officers act
through the use cases a day later, so that their exact times, which are recorded, are not near hers, which must not be.
"""

import io
import os
import re
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing as closed_after
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests import reporter, server
from tests.clean.making import document, saved, scene
from tests.faults import needles
from tests.inspectorate import act
from tests.nojs import Browser, Page
from tests.server import ROOT, Server
from whistle.crypto import totp
from whistle.crypto.receipt import Receipt, keys_of
from whistle.domain.clock import SetClock
from whistle.services import casework, closing, exhibits, routing, unlock
from whistle.services.context import Context
from whistle.services.evidence import Arriving, Content, take_in
from whistle.services.officer import Officer
from whistle.services.setup import Credentials
from whistle.services.views import Closing
from whistle.store import cases

ADDRESS, FORWARDED = "127.0.0.77", "203.0.113.77"
AMOUNT = "73519264013"
# What a case is about must not stand in the clear either, in no word that the program has for it.
CODES = [
    "DISDUKCAPIL",
    "kependudukan",
    "terbukti",
    "pungli",
    "TELAAH",
    "PEMERIKSAAN",
    "BUTUH_KLARIFIKASI",
    "TINDAK_LANJUT",
    "SELESAI",
]


@dataclass
class Life:
    """Everything that was said, by whom, and when the reporter acted."""

    canaries: dict[str, str] = field(default_factory=dict)
    acts: list[float] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    roots: list[bytes] = field(default_factory=list)

    def say(self, name: str) -> str:
        """A word that stands nowhere else in the world."""
        return self.canaries.setdefault(name, f"Kenari{name.title().replace('_', '')}{secrets.token_hex(6)}")

    def texts(self) -> list[str]:
        """All that must not be found, as text."""
        words = [separator.join(receipt.words) for receipt in self.receipts for separator in (" ", "-")]
        keys = [secret.hex() for secret in (*self.roots, *(receipt.entropy for receipt in self.receipts))]
        return [*self.canaries.values(), *words, *keys, ADDRESS, FORWARDED]


@dataclass
class Place:
    """Where it happens: the folders that are searched, the server, the use cases."""

    folder: Path
    ctx: Context
    clock: SetClock
    credentials: dict[str, Credentials]
    server: Server

    def officer(self, login: str) -> Officer:
        who = self.credentials[login]
        self.clock.advance(timedelta(minutes=1))  # a code counts once
        code = totp.code(who.totp_secret, int(self.clock.now().timestamp()))
        return unlock.authenticate(self.ctx, login, who.password, code)

    def case_of(self, receipt: Receipt) -> bytes:
        with self.ctx.store.read() as tx:
            row = cases.case_by_lookup(tx, keys_of(receipt, self.ctx.directory(tx).installation).lookup_hash)
        assert row is not None
        return row.id


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("canary")
    for name in ("data", "tmp", "home", "out"):
        (folder / name).mkdir()
    clock = SetClock(datetime.now(UTC) - timedelta(hours=26))
    ctx, credentials = server.prepare(folder / "data", clock)
    clock.instant = datetime.now(UTC) + timedelta(hours=26)
    where = {"TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home")}
    with server.serving(folder / "data", folder / "log", **where) as running:
        yield Place(folder, ctx, clock, credentials, running)


@pytest.fixture(scope="module")
def life(place: Place) -> Life:
    """The whole life: the reporter by HTTP, the officers through the use cases."""
    told = Life()
    headers = {
        "User-Agent": told.say("agent"),
        "Referer": f"http://{told.say('referrer').lower()}.example/",
        "X-Forwarded-For": FORWARDED,
        "Accept-Language": "id",
    }
    browser = Browser(place.server.base, headers, source=ADDRESS)
    receipts = [report(browser, told, number) for number in range(6)]
    main = receipts[0]
    ask_and_answer(place, browser, told, main)
    examine_and_close(place, told, main)
    told.acts.append(time.time())
    reporter.say(browser, reporter.follow(browser, main), told.say("message_after_closing"))
    return told


def report(browser: Browser, told: Life, number: int) -> Receipt:
    told.acts.append(time.time())
    answers: dict[str, str | list[str]] = {
        "who": told.say(f"who{number}"),
        "in_kind": told.say(f"kind{number}"),
        "witnesses": told.say(f"witness{number}"),
        "amount": AMOUNT if number == 0 else "",
        "when": "hari_ini",
        "how": ["calo", "whatsapp"],
        "paid": "semua",
        "worried": "sangat",
        "relation": "pegawai",
    }
    draft = reporter.write(browser, f"{told.say(f'story{number}')} di loket.", files_of(told, number), **answers)
    insisted = re.findall(r'name="apa-adanya" value="(\w{32})"', draft.page.body)
    draft.answers = {"apa-adanya": insisted} if insisted else {}
    draft.answers |= {"asli": "y"} if number == 0 else {}
    receipt = draft.send()
    assert draft.send() == receipt
    told.receipts.append(receipt)
    return receipt


def files_of(told: Life, number: int) -> list[tuple[str, bytes]]:
    """Of the first two reports: a photograph that tells, under a name that tells, and a file that nobody can clean."""
    if number > 1:
        return []
    photo, tags = io.BytesIO(), Image.Exif()
    for tag in (0x010E, 0x0110, 0x013B):  # description, model, artist
        tags[tag] = told.say(f"exif{tag}")
    scene().save(photo, "JPEG", exif=tags, comment=told.say("comment").encode())
    unknown = told.say(f"content{number}").encode() * 5000
    return [(f"{told.say(f'name{number}')}.jpg", photo.getvalue()), (f"{told.say(f'other{number}')}.bin", unknown)]


def open_and_attach(place: Place, told: Life, officer: Officer, case: bytes) -> None:
    """The reporter's files are opened and one is handed out; a letter of the officer's own is attached and opened."""
    installation = place.ctx.newest().installation
    letter = saved(document(told.say("letter_text")))
    with Arriving(place.ctx, installation, len(letter)) as arriving:
        arriving.write(letter)
        upload = take_in(place.ctx, installation, arriving.finish(), f"{told.say('letter_name')}.pdf")
    exhibits.attach(place.ctx, officer, case, act(), told.say("letter_words"), [upload])
    for exhibit in casework.open_case(place.ctx, officer, case).exhibits:
        exhibits.prepare(place.ctx, officer, case, exhibit.id)
        exhibits.show(place.ctx, officer, case, exhibit.id)


def ask_and_answer(place: Place, browser: Browser, told: Life, receipt: Receipt) -> None:
    ctx, rahma, case = place.ctx, place.officer("rahma"), place.case_of(receipt)
    casework.declare(ctx, rahma, case)
    values = casework.Triage(
        told.say("title"),
        "pungli",
        "DISDUKCAPIL",
        "kependudukan",
        people=told.say("people"),
        amount_asked=int(AMOUNT),
        amount_paid=int(AMOUNT),
        victims=3,
        priority="biasa",
    )
    casework.triage(ctx, rahma, case, act(), values)
    casework.note(ctx, rahma, case, act(), told.say("note"))
    casework.ask(ctx, rahma, case, act(), told.say("question"))
    told.acts.append(time.time())
    page = reporter.follow(browser, receipt)
    assert told.say("question") in page.text
    with ctx.store.read() as tx:
        told.roots.append(keys_of(receipt, ctx.directory(tx).installation).root)
    page = reporter.say(browser, page, told.say("answer"), question=True)
    assert told.say("answer") in page.text
    page = reporter.say(browser, page, told.say("message"))
    assert told.say("message") in page.text


def examine_and_close(place: Place, told: Life, receipt: Receipt) -> None:
    ctx, case = place.ctx, place.case_of(receipt)
    routing.route(ctx, place.officer("rahma"), case, act(), "irban-khusus", told.say("route"))
    gunawan, head = place.officer("gunawan"), place.officer("inspektur")
    casework.declare(ctx, gunawan, case)
    extra = {"letter_number": told.say("letter"), "team": told.say("team")}
    casework.move(ctx, gunawan, case, act(), "PEMERIKSAAN", told.say("reason"), told.say("public"), extra)
    casework.reply(ctx, gunawan, case, act(), told.say("reply"))
    open_and_attach(place, told, gunawan, case)
    casework.move(ctx, gunawan, case, act(), "TINDAK_LANJUT", told.say("follow_up"))
    final = Closing(
        result="terbukti",
        summary=told.say("summary"),
        answer=told.say("closing_answer"),
        lhp_number=told.say("lhp"),
        recommendation=told.say("recommendation"),
        recommendation_owner=told.say("owner"),
        value=int(AMOUNT),
    )
    closing.close(ctx, gunawan, case, act(), final)
    casework.declare(ctx, head, case)
    closing.give_back(ctx, head, case, act(), told.say("give_back"))
    closing.close(ctx, gunawan, case, act(), final)
    closing.approve(ctx, head, case, act(), told.say("approval"))


def found(place: Place, texts: list[str]) -> list[str]:
    """Whatever of ``texts`` stands in the data folder, keys, temporary folders, home, log or a backup made now."""
    backup = place.folder / "backup.db"
    with closed_after(sqlite3.connect(place.folder / "data" / "peluit.db")) as source:
        with closed_after(sqlite3.connect(backup)) as target:
            source.backup(target)
    roots = [place.folder / name for name in ("data", "tmp", "home", "log", "backup.db")]
    return needles.found_on_disk(texts, *roots)


@pytest.mark.server
def test_no_word_of_a_report_or_of_its_handling_stands_anywhere(place: Place, life: Life) -> None:
    assert found(place, life.texts()) == []


@pytest.mark.server
def test_files_were_kept_opened_and_attached_so_that_there_was_something_to_find(place: Place, life: Life) -> None:
    shown = casework.open_case(place.ctx, place.officer("gunawan"), place.case_of(life.receipts[0])).exhibits
    assert [exhibit.label for exhibit in shown] == ["P-1", "P-2", "I-1"]
    assert shown[0].attachment.name.startswith(life.say("name0")) and shown[0].made and shown[0].made.pictures
    sent = shown[1].attachment.file
    content = Content(place.ctx, place.ctx.newest().installation, sent)
    assert life.say("content0").encode() in content.read(0, sent.size)
    files = [path for path in needles.files_below(place.folder / "data" / "blobs")]
    assert len(files) > 6 and {path.stat().st_mtime for path in files} == {0.0}


@pytest.mark.server
def test_no_office_category_stage_or_amount_stands_in_the_clear(place: Place, life: Life) -> None:
    assert found(place, [*CODES, AMOUNT, "73.519.264.013"]) == []


@pytest.mark.server
def test_no_key_of_a_receipt_and_no_address_stands_anywhere_in_binary(place: Place, life: Life) -> None:
    secret = [*life.roots, *(receipt.entropy for receipt in life.receipts)]
    addresses = [socket.inet_aton(address) for address in (ADDRESS, FORWARDED)]
    for path in needles.files_below(*(place.folder / name for name in ("data", "tmp", "home", "log"))):
        data = path.read_bytes()
        assert not [value.hex() for value in [*secret, *addresses] if value in data or value[::-1] in data], path


@pytest.mark.server
def test_no_row_holds_the_time_of_a_reporters_act(place: Place, life: Life) -> None:
    seen = 0
    with closed_after(sqlite3.connect(place.folder / "data" / "peluit.db")) as database:
        for table, column, values in columns(database):
            seen += len(values)
            numbers = [v for v in values if isinstance(v, int)]
            assert not any(needles.near(needles.moments_in_number(v), life.acts) for v in numbers), (table, column)
            texts = [v for v in values if isinstance(v, str)]
            assert not any(needles.near(needles.moments_in_text(v), life.acts) for v in texts), (table, column)
            blobs = [v for v in values if isinstance(v, bytes)][:12]
            assert needles.telling_offsets(blobs, life.acts) == [], (table, column)
    assert seen > 500


@pytest.mark.server
def test_no_name_and_no_line_of_the_log_holds_the_time_of_a_reporters_act(place: Place, life: Life) -> None:
    names = [str(path.relative_to(place.folder)) for path in needles.files_below(place.folder)]
    said = [*names, *(place.folder / "log").read_text().splitlines()]
    assert [text for text in said if needles.near(needles.moments_in_text(text), life.acts)] == []


@pytest.mark.server
def test_no_report_leaves_a_file_of_its_own(place: Place, life: Life) -> None:
    before = {str(path.relative_to(place.folder)) for path in needles.files_below(place.folder / "data")}
    reporter.write(Browser(place.server.base), "Petugas meminta uang.").send()
    files = {str(path.relative_to(place.folder)) for path in needles.files_below(place.folder / "data")}
    assert files == before
    assert list(needles.files_below(place.folder / "tmp")) == []


def columns(database: sqlite3.Connection) -> Iterator[tuple[str, str, list[Any]]]:
    """Every column of every table, with its values."""
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        names = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        for name in names:
            rows = database.execute(f'SELECT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL')  # noqa: S608
            yield table, name, [value for (value,) in rows]


@pytest.mark.server
def test_nothing_is_left_behind_by_reading_at_the_desk_and_counting_the_month(place: Place, life: Life) -> None:
    # Given officers who act now; a day ahead of the server's clock, their last codes would be in its future
    with place.ctx.store.write() as tx:
        tx.exec_driver_sql("UPDATE officer SET totp_step = 0")
    # When one reads the list, the case and the figures at the desk, and another writes the month's file
    browser, page = signed_in(place, "inspektur")
    listed = browser.send(page, page.form("state"), {"state": "all"})
    assert life.say("title") in listed.text
    case = browser.get(f"/meja/kasus/{place.case_of(life.receipts[0]).hex()}")
    assert life.say("note") in case.text
    month = place.ctx.clock.today().strftime("%Y-%m")
    assert browser.get(f"/meja/laporan/{month}").status == 200
    assert browser.get(f"/meja/laporan/{month}.csv").status == 200
    written = count_month(place, "sekda", month)
    # Then the file holds figures and nothing of a report, for its owner only
    assert written.stat().st_mode & 0o777 == 0o600
    assert needles.found_on_disk(life.texts(), place.folder / "out") == []
    # And nothing else has changed
    assert found(place, [*life.texts(), *CODES]) == []


def signed_in(place: Place, login: str) -> tuple[Browser, Page]:
    """A browser with a session at the desk."""
    who = place.credentials[login]
    browser = Browser(place.server.base, keeps_cookies=True)
    page = browser.get("/meja/masuk")
    code = totp.code(who.totp_secret, int(time.time()))
    page = browser.send(page, page.form("password"), {"login": login, "password": who.password, "code": code})
    assert page.status == 200, page.text[:500]
    return browser, page


def count_month(place: Place, login: str, month: str) -> Path:
    """`peluit report`, with the credentials from a file descriptor; the CSV file, beside which the others lie."""
    who = place.credentials[login]
    read, write = os.pipe()
    os.write(write, f"{login}\n{who.password}\n{totp.code(who.totp_secret, int(time.time()))}\n".encode())
    os.close(write)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "peluit", "report", "--month", month]
    command += ["--out", str(place.folder / "out"), "--credentials-fd", str(read)]
    run = subprocess.run(command, cwd=ROOT, env=place.server.env, pass_fds=[read], capture_output=True, text=True)
    os.close(read)
    assert run.returncode == 0, run.stderr
    return Path(run.stdout.split()[0])
