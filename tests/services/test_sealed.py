"""A report that its sender sealed: stored once, read like any other, and refused where it would not be."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import make_url

from tests import databases
from tests.inspectorate import Inspectorate, act
from tests.sealer import RECOVERY, Sender, joined, split, xwing_public
from tests.services import staff
from whistle.casefile.manifest import next_manifest, sign_manifest
from whistle.casefile.sealed import SealedRefused, SealedReport, parse
from whistle.crypto import vault
from whistle.services import casework, followup, listing, sealed
from whistle.services.context import row_of, signed_rows
from whistle.services.listing import Query
from whistle.store import cases, officers
from whistle.store.database import Store, make_engine


def told(office: Inspectorate) -> dict[str, Any]:
    """What a sender is told, as the channel writes it."""
    now = sealed.parameters(office.ctx)
    manifests = [{"body": row.body.decode()} for row in now.manifests]
    day, installation = now.day.isoformat(), now.installation.hex()
    return {"installation": installation, "day": day, "sequence": now.sequence, "manifests": manifests}


def refused(office: Inspectorate, report: bytes) -> str:
    """Why a report is not taken; nothing of it may be there afterwards."""
    before = stored(office)
    with pytest.raises(SealedRefused) as error:
        sealed.submit(office.ctx, report)
    assert stored(office) == before
    return error.value.code


def stored(office: Inspectorate) -> list[bytes]:
    with office.ctx.store.read() as tx:
        return cases.all_case_ids(tx)


def test_it_is_read_asked_about_and_answered_like_any_other(office: Inspectorate) -> None:
    ctx, sender = office.ctx, Sender(told(office))
    assert sealed.submit(ctx, sender.seal()).received == office.clock.today()
    rahma = office.officer("rahma")
    row = next(row for row in listing.cases_for(ctx, rahma, Query()).rows if row.id == sender.case)
    assert not row.broken and row.summary is not None and row.summary.title.startswith("Petugas loket")
    casework.declare(ctx, rahma, sender.case)
    values = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan")
    casework.triage(ctx, rahma, sender.case, act(), values)
    casework.ask(ctx, rahma, sender.case, act(), "Loket berapa?")
    view = followup.open_with_root(ctx, sender.root)
    assert [item.text for item in view.questions] == ["Loket berapa?"]


def test_it_stands_in_the_clear_as_a_report_that_was_typed_does(office: Inspectorate) -> None:
    """Nothing in the database tells by which way a report came."""
    _, _, typed = office.report()
    sender = Sender(told(office))
    sealed.submit(office.ctx, sender.seal())
    with office.ctx.store.read() as tx:
        rows = [cases.get_case(tx, case) for case in (typed, sender.case)]
        shapes = [
            (row.day, row.log, row.state, row.next_day, row.legal_hold, len(cases.entries(tx, row.id)),
             sorted((grant.reader if any(grant.reader) else b"", grant.chain, grant.epoch, grant.form,
                     len(grant.sealed)) for grant in cases.grants(tx, row.id)))
            for row in rows if row is not None
        ]  # fmt: skip
    assert len(shapes) == 2
    assert shapes[0] == shapes[1]


def test_sent_again_it_is_stored_once_on_a_later_day_too(office: Inspectorate) -> None:
    report = Sender(told(office)).seal()
    first = sealed.submit(office.ctx, report)
    for _ in range(2):
        again = sealed.submit(office.ctx, report)
        assert (again.already, again.received) == (True, first.received)
        office.clock.advance(timedelta(days=1))
    assert len(stored(office)) == 1


def test_once_the_desk_has_worked_on_it_it_is_still_the_same_report(office: Inspectorate) -> None:
    sender = Sender(told(office))
    report = sender.seal()
    sealed.submit(office.ctx, report)
    office.clock.advance(timedelta(days=1))
    casework.declare(office.ctx, office.officer("rahma"), sender.case)
    assert sealed.submit(office.ctx, report).already


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_channels_own_role_may_do_all_of_it(office: Inspectorate, database: str) -> None:
    """deploy/postgresql/roles.sql: it adds a report and reads what a receipt opens, and nothing else."""
    databases.give_roles(database)
    channel = make_url(database).set(username=databases.CHANNEL)
    ctx = replace(office.ctx, store=Store(make_engine(channel)), names=False)
    sender = Sender(told(office))
    report = sender.seal()
    sealed.submit(ctx, report)
    assert sealed.submit(ctx, report).already
    with pytest.raises(SealedRefused, match="other"):
        sealed.submit(ctx, sender.seal())
    fields = split(Sender(told(office)).seal())
    with pytest.raises(SealedRefused, match="taken"):
        sealed.submit(ctx, joined(fields | {"case": sender.case}))
    assert sealed.parameters(ctx).sequence == 1
    ctx.store.engine.dispose()


@pytest.mark.parametrize("changed", ["sealed", "case", "entry", "sign", "hpke"])
def test_another_report_under_the_same_receipt_is_refused(office: Inspectorate, changed: str) -> None:
    sender = Sender(told(office))
    report = sender.seal()
    sealed.submit(office.ctx, report)
    fields = split(report)
    other = split(Sender(told(office)).seal())
    assert refused(office, joined(fields | {changed: other[changed]})) == "other"


@pytest.mark.parametrize("taken", ["case", "entry", "leaf"])
def test_an_id_of_another_report_is_refused(office: Inspectorate, taken: str) -> None:
    there = split(there_bytes := Sender(told(office)).seal())
    sealed.submit(office.ctx, there_bytes)
    fields = split(Sender(told(office)).seal())
    assert refused(office, joined(fields | {taken: there[taken]})) == "taken"


def test_a_report_of_another_day_is_refused_and_the_clock_of_the_sender_does_not_matter(office: Inspectorate) -> None:
    words = told(office)
    yesterday = (date.fromisoformat(words["day"]) - timedelta(days=1)).isoformat()
    assert refused(office, Sender(words | {"day": yesterday}).seal()) == "day"


def _without(sender: Sender, chain: int, reader: bytes) -> bytes:
    grants = split(sender.seal())["grants"]
    size = 17 + 1168
    kept = [grants[at : at + size] for at in range(0, len(grants), size)]
    return b"".join(grant for grant in kept if grant[:17] != bytes([chain]) + reader)


def _reader(sender: Sender) -> bytes:
    return bytes.fromhex(sender.manifest["tracks"]["biasa"][0])


GRANTS: dict[str, Callable[[Sender], bytes]] = {
    "none": lambda sender: b"",
    "a reader is missing": lambda sender: _without(sender, 1, _reader(sender)),
    "recovery is missing": lambda sender: _without(sender, 1, RECOVERY["inner"]),
    "the reporter is missing": lambda sender: _without(sender, 1, bytes(16)),
    "the identity's recovery is missing": lambda sender: _without(sender, 3, RECOVERY["inner"]),
    "somebody unknown": lambda sender: split(sender.seal())["grants"] + b"\x03" + b"\xff" * 16 + bytes(1168),
    "another log's recovery": lambda sender: split(sender.seal())["grants"].replace(b"inner", b"outer"),
    "a file's key": lambda sender: split(sender.seal())["grants"].replace(b"\x03" + b"recovery", b"\x02" + b"recovery"),
}


@pytest.mark.parametrize("what", GRANTS)
def test_it_is_sealed_to_the_readers_of_one_track_and_to_nobody_else(office: Inspectorate, what: str) -> None:
    sender = Sender(told(office))
    assert refused(office, sender.seal(grants=GRANTS[what](sender))) in ("readers", "form")


@pytest.mark.parametrize("track", ["biasa", "inspektorat", "inspektur", "kepala-daerah"])
def test_each_track_is_taken_in_the_log_that_is_its_own(office: Inspectorate, track: str) -> None:
    log = "inner" if track in ("biasa", "inspektorat") else "outer"
    sender = Sender(told(office), track=track, log=log)
    sealed.submit(office.ctx, sender.seal())
    with office.ctx.store.read() as tx:
        row = cases.get_case(tx, sender.case)
    assert row is not None and row.log == log


def _sign(office: Inspectorate, **changes: Any) -> None:
    """A new manifest, signed by the root of this demonstration."""
    keeper = office.officer("inspektur")
    with office.ctx.store.write() as tx:
        row, rows = officers.by_id(tx, keeper.id), officers.all_manifests(tx)
        assert row is not None and row.root is not None
        seed = vault.unlock(keeper.vault_key, "root", row.root, row.id)
        current = signed_rows(rows)[-1]
        new = next_manifest(current, **({"issued": office.clock.today()} | changes))
        signed = sign_manifest(new, seed, office.ctx.trust.root())
        officers.insert_manifest(tx, row_of(new.sequence, signed))


def test_the_manifest_before_is_good_for_a_day_after_a_new_one(office: Inspectorate) -> None:
    before = told(office)
    _sign(office)
    sealed.submit(office.ctx, Sender(before).seal())
    office.clock.advance(timedelta(days=1))
    tomorrow = {"day": office.clock.today().isoformat()}
    sealed.submit(office.ctx, Sender(before | tomorrow).seal())
    office.clock.advance(timedelta(days=1))
    later = {"day": office.clock.today().isoformat()}
    assert refused(office, Sender(before | later).seal()) == "manifest"
    sealed.submit(office.ctx, Sender(told(office)).seal())


def test_two_manifests_before_is_too_old_and_one_to_come_is_none(office: Inspectorate) -> None:
    before = told(office)
    _sign(office)
    _sign(office)
    assert refused(office, Sender(before).seal()) == "manifest"
    assert refused(office, Sender(told(office) | {"sequence": 4}).seal()) == "manifest"


def test_nothing_is_sealed_to_a_reader_who_has_left_since(office: Inspectorate) -> None:
    before = told(office)
    with office.ctx.store.read() as tx:
        current = office.ctx.directory(tx).current
    gone = current.tracks["biasa"][0]
    tracks = {track: tuple(id_ for id_ in ids if id_ != gone) or ids for track, ids in current.tracks.items()}
    readers = tuple(reader for reader in current.readers if reader.id != gone)
    _sign(office, tracks=tracks, readers=readers)
    assert refused(office, Sender(before).seal()) == "manifest"


def _leaves(office: Inspectorate) -> bytes:
    """Another process installs a manifest without one reader of the ordinary track, whose id it returns."""
    elsewhere = replace(office, ctx=replace(office.ctx, _known=None))
    current = elsewhere.ctx.newest().current
    gone = current.tracks["biasa"][0]
    tracks = {track: tuple(id_ for id_ in ids if id_ != gone) or ids for track, ids in current.tracks.items()}
    _sign(elsewhere, tracks=tracks, readers=tuple(reader for reader in current.readers if reader.id != gone))
    return gone


def _holders(office: Inspectorate, case: bytes) -> set[bytes]:
    with office.ctx.store.read() as tx:
        return {grant.reader for grant in cases.grants(tx, case)}


def test_a_process_that_knows_an_older_manifest_seals_what_was_typed_to_the_newest(office: Inspectorate) -> None:
    office.report()
    known, gone = office.ctx.lately(), _leaves(office)
    assert office.ctx.lately() is known and gone in known.current.by_id
    _, _, case = office.report()
    assert gone not in _holders(office, case)


def test_a_process_that_knows_an_older_manifest_takes_and_refuses_by_the_newest(office: Inspectorate) -> None:
    older = told(office)
    sealed.submit(office.ctx, Sender(older).seal())
    known = office.ctx._known
    gone = _leaves(office)
    sender = Sender(told(replace(office, ctx=replace(office.ctx, _known=None))))
    office.ctx._known = known
    sealed.submit(office.ctx, sender.seal())
    assert gone not in _holders(office, sender.case)
    office.ctx._known = known
    with pytest.raises(SealedRefused, match="manifest"):
        sealed.submit(office.ctx, Sender(older).seal())


def test_what_the_package_seals_is_the_same_format(office: Inspectorate) -> None:
    data = Sender(told(office)).seal()
    assert parse(data).to_bytes() == data
    assert isinstance(parse(data), SealedReport)


def test_the_reporters_key_must_be_one_that_can_be_sealed_to(office: Inspectorate) -> None:
    sender = Sender(told(office))
    assert refused(office, sender.seal(hpke=b"\xff" * 1216)) == "form"
    assert len(xwing_public(bytes(32))) == 1216


def test_what_is_told_holds_no_secret_and_can_be_verified_from_the_root(office: Inspectorate) -> None:
    _sign(office)
    now = sealed.parameters(office.ctx)
    assert [row.sequence for row in now.manifests] == [2]
    assert now.manifests[0].signer == office.ctx.trust.root()
    assert json.loads(now.manifests[0].body)["sequence"] == now.sequence == 2


def test_what_is_told_names_no_officer_and_yet_binds_their_names(office: Inspectorate) -> None:
    """docs/envelope.md, without our own code: the body holds the SHA-256 of names that only the desk gives out."""
    (public,) = sealed.parameters(office.ctx).manifests
    with office.ctx.store.read() as tx:
        (whole,) = officers.all_manifests(tx)
    body, names = json.loads(public.body), json.loads(whole.names)
    assert public.names == b""
    for reader in staff.directory(office).current.readers:
        told = names["readers"][reader.id.hex()]
        assert told == {"login": reader.login, "name": reader.name}
        assert reader.name.encode() not in public.body
    assert not {"login", "name"} & {field for reader in body["readers"] for field in reader}
    assert body["names"] == hashlib.sha256(whole.names).hexdigest()
    assert len(bytes.fromhex(names["salt"])) == 32
    assert names["readers"].keys() == {reader["id"] for reader in body["readers"]}
    assert whole.names == json.dumps(names, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
