"""An administrator with every right on the database and a copy of both surfaces' disks gains no reader.

He has: every row, keys/, the data folder with the server's secret, the code, and all public keys. He has not: an
officer's password, a receipt, a share, or the memory of a running desk.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.inspectorate import STORY, Inspectorate, act
from tests.security.administrator import database
from tests.security.tampering.test_trust import own_vault, sign_in, stranger
from tests.services.verify.tables import everything
from whistle.casefile.keys import Holder, open_one
from whistle.casefile.manifest import REPORTER
from whistle.casefile.reading import CaseBroken
from whistle.crypto import totp, vault
from whistle.crypto.envelope import Chain, Place, open_entry
from whistle.crypto.receipt import ReceiptKeys
from whistle.crypto.suite import Refused, hpke_public
from whistle.services import casework, followup, routing, unlock
from whistle.services.followup import UnknownReceipt
from whistle.services.unlock import SessionEnded, SignInRefused
from whistle.store import cases, officers
from whistle.store.rows import OfficerRow
from whistle.store.tables import metadata


def loot(office: Inspectorate) -> Iterator[bytes]:
    """Every string of 32 bytes that could be meant as a key: of all files, of all rows, as it is and in hexadecimal."""
    blobs = [path.read_bytes() for path in files(office) if path.suffix != ".db"]
    with database(office) as db:
        for table in metadata.tables:
            for row in everything(db, table):
                blobs += [value if isinstance(value, bytes) else str(value).encode() for value in row.values()]
    blobs += [office.ctx.settings.secret_key, bytes(32)]
    for blob in blobs:
        yield hashlib.sha256(blob).digest()
        for raw in (blob, *(bytes.fromhex(digits.decode()) for digits in re.findall(rb"(?:[0-9a-f]{2}){32,}", blob))):
            for start in {0, 16, 32, 60, 64, len(raw) - 32}:
                if 0 <= start and len(raw[start : start + 32]) == 32:
                    yield raw[start : start + 32]


def files(office: Inspectorate) -> list[Path]:
    folders = (office.ctx.settings.data_dir, office.ctx.settings.keys_dir)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def used(office: Inspectorate) -> bytes:
    """An inspectorate in the middle of a day: a case with a file, sessions that run, one that ended. The case's id."""
    _, keys, case = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada lagi.", None)
    for login in ("yusuf", "inspektur"):
        sign_in(office, login)
    return case


def test_nothing_on_the_disks_opens_a_grant_a_session_or_an_entry(office: Inspectorate, used: bytes) -> None:
    who = office.credentials["hendra"]
    office.clock.put(office.clock.today(), 15)
    code = totp.code(who.totp_secret, int(office.clock.now().timestamp()))
    unlock.sign_in(office.ctx, "hendra", who.password, code)  # a session that runs while the copy is made
    found = set(loot(office))
    assert len(found) > 300
    with office.ctx.store.read() as tx:
        installation = office.ctx.directory(tx).installation
        grants, entries = cases.grants(tx, used), cases.entries(tx, used)
        committed = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, used)}
        record = cases.get_identity(tx, used)
        people = officers.all_officers(tx)
        sessions = [row for person in people for row in officers.sessions_of(tx, person.id)]
    assert record is not None and sessions
    committed[(Chain.IDENTITY, 0)] = record.commitment
    opened = []
    for key in found:
        for grant in grants:
            with_key = Holder(grant.reader, key, key)
            opened += attempt(lambda g=grant, h=with_key: open_one(installation, g, committed[(g.chain, g.epoch)], h))
        for entry in entries:
            chain, commitment = Chain(entry.chain), committed[(entry.chain, entry.epoch)]
            place = Place(installation, used, chain, entry.epoch, entry.id, entry.place, commitment, entry.prev)
            opened += attempt(lambda k=key, p=place, e=entry: open_entry(k, p, e.sealed))
        for session in sessions:
            opened += attempt(lambda k=key, s=session: vault.session_unlock(k, s.locked, s.officer))
        for person in people:
            for purpose, locked in (("private", person.private), ("totp", person.totp), ("root", person.root or b"")):
                opened += attempt(lambda k=key, p=purpose, x=locked, o=person.id: vault.unlock(k, p, x, o))
    assert opened == []


def attempt(open_: object) -> list[str]:
    """What opened, if anything did."""
    try:
        open_()  # type: ignore[operator]
    except (Refused, ValueError):
        return []
    return ["something opened"]


def test_no_cookie_and_no_receipt_can_be_made_of_what_lies_there(office: Inspectorate, used: bytes) -> None:
    for key in list(loot(office))[::7]:
        with pytest.raises(SessionEnded):
            unlock.resume(office.ctx, key)
        with pytest.raises(UnknownReceipt):
            followup.open_with_root(office.ctx, key)


def test_a_session_row_of_ones_own_is_no_session(office: Inspectorate, used: bytes) -> None:
    """He can lock a vault key of his own under a secret of his own, and it opens nothing that the officer has."""
    rahma, secret, key = office.officer("rahma"), os.urandom(32), os.urandom(32)
    now = int(office.clock.now().timestamp())
    values = {
        "id": vault.session_id(secret), "officer": rahma.id, "locked": vault.session_lock(secret, key, rahma.id),
        "created": now, "seen": now, "expires": now + 3600, "limited": False,
    }  # fmt: skip
    with database(office) as db:
        known = set(db.columns("session"))
        values = {name: value for name, value in values.items() if name in known}
        names = ", ".join(values)
        db.execute(f"INSERT INTO session ({names}) VALUES ({', '.join(':' + name for name in values)})", values)
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, secret)


def test_nothing_new_is_sealed_to_him(office: Inspectorate, used: bytes) -> None:
    """He puts himself wherever the database lets him; new reports, routes and replies go to whom the manifest names."""
    me, mine = stranger(), os.urandom(32)
    public = hpke_public(mine)
    with office.ctx.store.read() as tx:
        rahma = officers.by_login(tx, "rahma")
        manifest = office.ctx.directory(tx).current
    assert rahma is not None
    with office.ctx.store.write() as tx:
        officers.insert_officer(tx, as_officer(rahma, me.id, public))
    with database(office) as db:
        mine_now = {"mine": public}
        db.execute("UPDATE officer SET hpke_public = :mine WHERE login IN ('gunawan', 'sekda', 'inspektur')", mine_now)
        db.execute("UPDATE officer SET unit = 'irban-khusus', role = 'pimpinan' WHERE login = 'titipan'")
    office.triaged()
    _, _, new = office.report(office="INSP", accused=("pimpinan_kantor",))
    _, _, routed = office.triaged()
    routing.route(office.ctx, office.officer("rahma"), routed, act(), "irban-khusus", "Diteruskan.")
    casework.reply(office.ctx, office.officer("rahma"), routed, act(), "Kami periksa.")
    admitted = {*manifest.by_id, REPORTER, b"recovery-inner\0\0", b"recovery-outer\0\0"}
    with office.ctx.store.read() as tx:
        installation = office.ctx.directory(tx).installation
        for case in (used, new, routed):
            committed = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, case)}
            for grant in cases.grants(tx, case):
                assert grant.reader in admitted
                if grant.form == "hpke" and grant.chain != Chain.IDENTITY:
                    with pytest.raises(Refused):
                        open_one(installation, grant, committed[(grant.chain, grant.epoch)], Holder(grant.reader, mine))


def as_officer(like: OfficerRow, id_: bytes, public: bytes) -> OfficerRow:
    return replace(like, id=id_, login="titipan", name="Titipan", hpke_public=public)


def test_the_reporters_thread_is_not_sealed_to_him_either(office: Inspectorate) -> None:
    """The reporter's public keys in the case's row are his now: nobody writes to such a case."""
    _, _, case = office.triaged()
    mine = ReceiptKeys.from_root(os.urandom(32))
    with database(office) as db:
        exchanged = {"mine": mine.hpke_public, "case": case}
        db.execute('UPDATE reporter SET reporter_hpke = :mine WHERE "case" = :case', exchanged)
        db.execute(
            'UPDATE "case" SET reporter_sign = :mine, lookup_hash = :lookup WHERE id = :case',
            {"mine": mine.signing_public, "lookup": mine.lookup_hash, "case": case},
        )
    with pytest.raises(CaseBroken):
        casework.reply(office.ctx, office.officer("rahma"), case, act(), "Siapa saksinya?")
    with pytest.raises(CaseBroken):
        followup.open_with_root(office.ctx, mine.root)


def test_he_signs_in_as_nobody(office: Inspectorate, used: bytes) -> None:
    for login in ("rahma", "inspektur", "admin", "auditor"):
        secret = own_vault(office, login, public=False)
        with pytest.raises(SignInRefused):
            sign_in(office, login, "mine", secret)


def test_no_word_of_a_report_lies_on_a_disk(office: Inspectorate, used: bytes) -> None:
    office.ctx.store.engine.dispose()
    for path in files(office):
        assert STORY.encode() not in path.read_bytes(), path
