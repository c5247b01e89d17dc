"""docs/operating.md is followed by the letter: its commands, in its order, by people at terminals.

What the document tells people to do by hand (open a link, carry a stick, read a paper) happens between the commands.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from config import Settings
from tests import inspectorate
from tests.conftest import LONG
from tests.typist import ROOT, Talk, papers, talk, typed_back
from whistle.casefile.manifest import RECOVERY
from whistle.crypto import root_file, totp
from whistle.crypto.signing import dual_public
from whistle.domain.clock import SetClock
from whistle.services import casework, enrolment, intake, listing, unlock
from whistle.services.context import Context, Trust
from whistle.services.officer import Officer
from whistle.store import audit
from whistle.store.database import Store, make_engine

TEXT = (ROOT / "docs" / "operating.md").read_text("utf-8")
PASSWORD = "sungai martapura pagi hari"


def blocks(heading: str) -> list[str]:
    """The fenced blocks below a heading, without their indentation."""
    level, start = re.search(rf"^(#+) {re.escape(heading)}\n", TEXT, re.M), 0
    assert level, f"docs/operating.md has no heading {heading!r}"
    start = level.end()
    after = re.search(rf"^#{{1,{len(level[1])}}} ", TEXT[start:], re.M)
    part = TEXT[start : start + after.start()] if after else TEXT[start:]
    return [
        "\n".join(line.removeprefix(indent) for line in body.splitlines())
        for indent, body in re.findall(r"^( *)```\w*\n(.*?)^ *```", part, re.M | re.S)
    ]


@dataclass
class Rooms:
    """The laptop, the sticks and the server, below one folder; and what people remember or wrote on paper."""

    folder: Path
    database: str
    secrets: dict[str, bytes] = field(default_factory=dict)
    passphrase: str = ""
    shares: dict[str, list[str]] = field(default_factory=dict)
    clock: SetClock = field(default_factory=lambda: SetClock(datetime.now(UTC)))

    def place(self, text: str) -> str:
        """A command of the document, for this machine."""
        for name in ("/media/safe", "/media/stick", "/srv/peluit"):
            text = text.replace(name, str(self.folder) + name)
        programs = {"flask": f"{sys.executable} -m flask", "python": sys.executable}
        return re.sub(r"(?<![\w/])\.venv/bin/(flask|python)", lambda found: programs[found[1]], text)

    def run(self, commands: str, answer: Callable[[str], str] = lambda _: "", settings: bool = True) -> Talk:
        """Run a block in a shell; ``settings``: with those that the document exports on the server."""
        before = blocks("2. The server")[2] if settings else ""
        script = "set -eu\n" + self.place(before) + "\n" + self.place(commands)
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
        env["PELUIT_DATABASE_URL"] = self.database if settings else ""
        done = talk(["bash", "-c", script], answer, env)
        assert done.code == 0, done.screen[-3000:]
        return done

    def ctx(self) -> Context:
        """The server's own context, as its processes have it."""
        srv = self.folder / "srv" / "peluit"
        config = Settings.from_env(
            {
                "PELUIT_SECRET_KEY": (srv / "secret").read_text().strip(),
                "PELUIT_DATA_DIR": str(srv / "data"),
                "PELUIT_KEYS_DIR": str(srv / "keys"),
                "PELUIT_DATABASE_URL": self.database,
            }
        )
        config = replace(config, argon2_memory_kib=8, argon2_iterations=1)
        return Context(Store(make_engine(config.database_url)), Trust(config.keys_dir), self.clock, config)

    def open_links(self, screen: str, address: str = "https://meja.example.go.id") -> None:
        """Every officer opens the link that was printed, and makes keys."""
        links = re.findall(rf"^invitation login=(\S+) role=\S+ link={address}/meja/undangan/(\S+)$", screen, re.M)
        assert links
        ctx = self.ctx()
        for login, token in links:
            secret = os.urandom(20)
            enrolment.enrol(ctx, token, PASSWORD, secret, totp.code(secret, int(self.clock.now().timestamp())))
            self.secrets[login] = secret
            self.clock.advance(timedelta(seconds=31))

    def officer(self, login: str) -> Officer:
        self.clock.advance(timedelta(seconds=31))
        code = totp.code(self.secrets[login], int(self.clock.now().timestamp()))
        return unlock.authenticate(self.ctx(), login, PASSWORD, code)

    def reads(self, login: str) -> int:
        """How many reports an officer opens, each to its first word."""
        ctx, officer = self.ctx(), self.officer(login)
        rows = [row for row in listing.all_rows(ctx, officer) if row.summary is not None]
        for row in rows:
            casework.declare(ctx, officer, row.id)
            assert casework.open_case(ctx, officer, row.id).thread[0].text == inspectorate.STORY
        return len(rows)

    def sign(self, shown: str) -> str:
        """The Inspektur compares, agrees, and types the passphrase."""
        return self.passphrase if "Passphrase" in shown else "y"

    def hand_over(self, log: str) -> Callable[[str], str]:
        """Holders of shares read theirs out, then everybody agrees."""
        waiting = list(self.shares[log][1:])
        return lambda shown: "y" if "[y/N]" in shown else waiting.pop(0)


@pytest.fixture
def rooms(tmp_path: Path, database: str) -> Rooms:
    for name in ("media/safe", "media/stick"):
        (tmp_path / name).mkdir(parents=True)
    return Rooms(tmp_path, database)


def set_up(rooms: Rooms) -> None:
    """Headings 1 to 4."""
    new, copy = blocks("1. The ceremony")
    done = rooms.run(new, typed_back(), settings=False)
    for title, words in papers(done.screen):
        if "PASSPHRASE" in title:
            rooms.passphrase = " ".join(words)
        else:
            rooms.shares.setdefault(title.split()[0].lower(), []).append(" ".join(words))
    fingerprint = done.screen.strip().splitlines()[-1].strip()
    rooms.run(copy, settings=False)

    officers, prepare, _, setup = blocks("2. The server")
    rooms.run(prepare, settings=False)
    (rooms.folder / "srv/peluit/officers.csv").write_text(officers + "\n", "utf-8")
    done = rooms.run(setup)
    assert fingerprint in done.screen and "compared with the minutes" in done.screen
    rooms.open_links(done.screen)

    ask, sign, install = blocks("4. The first manifest")
    assert "needs two officers" not in rooms.run(ask).screen
    shown = rooms.run(sign, rooms.sign, settings=False).screen
    assert "JOINS    Rahma Yuliani (rahma)" in shown
    assert "Drs. Arifin Noor may sign who reads" in shown
    assert "Manifest 1 counts from now on" in rooms.run(install).screen


def report(rooms: Rooms, **answers: object) -> None:
    intake.submit(rooms.ctx(), inspectorate.complaint(**answers), intake.fresh_receipt())


@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if LONG else ["sqlite"], indirect=True)
def test_an_inspectorate_is_set_up_rehearsed_lost_and_recovered_by_the_document(rooms: Rooms) -> None:
    # Given an inspectorate that was set up as the document says, and reports on both kinds of track
    set_up(rooms)
    report(rooms)
    report(rooms, office="INSP", accused=["inspektur"])
    assert (rooms.reads("rahma"), rooms.reads("prov1")) == (1, 1)

    # The rehearsal, a log after the other, each with its own holders
    for command, log in zip(blocks("Rehearsing recovery")[0].splitlines(), RECOVERY, strict=True):
        assert "The shares are right" in rooms.run(command, rooms.hand_over(log)).screen

    # A forgotten password: new keys by a link, signed, and the cases by the shares
    invite, manifest, recover_all = blocks("When every officer is lost")
    people = blocks("2. The server")[0].splitlines()
    new = rooms.folder / "srv/peluit/new-officers.csv"
    new.write_text("\n".join([people[0], *(line for line in people if line.startswith("rahma,"))]) + "\n", "utf-8")
    rooms.open_links(rooms.run(invite).screen)
    ask, sign, install = (line for line in manifest.splitlines())
    rooms.run(re.sub(r"--remove \S+ |--delegate \S+ ", "", ask))
    rooms.run(sign, rooms.sign, settings=False)
    rooms.run(install)
    assert rooms.reads("rahma") == 0
    (forgotten,) = blocks("A forgotten password")[:1]
    assert "1 of 1 cases" in rooms.run(forgotten, rooms.hand_over("inner")).screen
    assert rooms.reads("rahma") == 1

    # Every officer lost: rahma and gunawan are gone for good, the others come back with new keys
    for old in (rooms.folder / "media/stick").glob("manifest-2*"):
        old.unlink()
    lines = [line for line in people[1:] if line.split(",")[0] not in ("rahma", "gunawan")]
    lines += ["yusuf,Yusuf Maulana,penelaah,triase", "fajar,Fajar Rahmadi,irban,irban-khusus"]
    new.write_text("\n".join([people[0], *lines]) + "\n", "utf-8")
    rooms.open_links(rooms.run(invite).screen)
    rooms.run(ask)
    shown = rooms.run(sign, rooms.sign, settings=False).screen
    assert "LEAVES   Rahma Yuliani (rahma)" in shown
    assert "NEW KEYS Drs. Arifin Noor (inspektur)" in shown
    rooms.run(install)
    for command, log in zip(recover_all.splitlines(), RECOVERY, strict=True):
        rooms.run(command, rooms.hand_over(log))
    assert [rooms.reads(login) for login in ("yusuf", "inspektur", "prov1", "sekda")] == [1, 1, 1, 1]
    with pytest.raises(unlock.SignInRefused):
        rooms.officer("rahma")
    if rooms.database.startswith("sqlite"):  # a test's PostgreSQL saves on durability, and verify says so
        rooms.run(".venv/bin/flask --app wsgi peluit verify")
    with rooms.ctx().store.read() as tx:
        actions = [row.action for row in audit.following(tx, 0, 1000) if row.officer in RECOVERY.values()]
    runs = [action for action in actions if action != "recover-for"]
    assert runs == ["rehearse", "rehearse", "recover", "recovered", *["recover", "recovered"] * 2]
    assert all(after == "recover-for" for action, after in pairwise(actions) if action == "recover")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_simpler_way_is_as_the_document_says(rooms: Rooms) -> None:
    officers, prepare, *_ = blocks("2. The server")
    rooms.run(prepare, settings=False)
    (rooms.folder / "srv/peluit/officers.csv").write_text(officers + "\n", "utf-8")
    (simple,) = blocks("All on one machine")
    done = rooms.run(simple)
    lines = [line.split()[0] for line in done.screen.splitlines() if re.match(r"(officer|recovery|root) ", line)]
    assert lines == ["officer"] * 7 + ["recovery"] * 8 + ["root"]
    # The copy of the root key signs, should the keeper's password be lost
    passphrase = re.search(r"^root file=\S+ passphrase=(\S+)$", done.screen, re.M)
    assert passphrase
    seed = root_file.unlock((rooms.folder / "media/safe/root.key").read_bytes(), passphrase[1])
    assert dual_public(seed) == rooms.ctx().trust.root()


def test_no_block_of_these_headings_is_left_untried() -> None:
    counted = {
        "1. The ceremony": 2,
        "2. The server": 4,
        "4. The first manifest": 3,
        "All on one machine": 1,
        "When every officer is lost": 3,
        "Rehearsing recovery": 1,
    }
    assert {heading: len(blocks(heading)) for heading in counted} == counted
