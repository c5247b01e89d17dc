"""Grants and epochs added, removed and forged in the database: they gain no reader, and verify names them."""

import os
from collections.abc import Callable

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from whistle.casefile.manifest import RECOVERY, REPORTER
from whistle.casefile.reading import CaseBroken
from whistle.crypto.envelope import Chain, GrantPlace, commitment, seal_grant
from whistle.crypto.suite import hpke_public
from whistle.services import casework, followup, listing, routing
from whistle.services.listing import Query
from whistle.services.refusals import NotYours
from whistle.store import cases
from whistle.store.rows import EpochRow, GrantRow

Named = Callable[..., None]
HENDRA = "hendra"  # an officer of the inspectorate who is no reader of the case


def grant(office: Inspectorate, case: bytes, chain: Chain, at: int, reader: bytes, public: bytes, key: bytes) -> None:
    """A grant as anybody can make it who has the public key."""
    with office.ctx.store.write() as tx:
        where = GrantPlace(office.ctx.directory(tx).installation, case, chain, at, reader, commitment(key))
        cases.insert_grants(tx, [GrantRow(case, int(chain), at, reader, "hpke", seal_grant(public, key, where))])


def epoch(office: Inspectorate, case: bytes, chain: Chain, number: int, key: bytes) -> None:
    with office.ctx.store.write() as tx:
        cases.insert_epoch(tx, EpochRow(case, int(chain), number, commitment(key)))


def test_a_grant_added_for_a_colleague_with_public_keys(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    hendra = office.officer(HENDRA)
    grant(office, case, Chain.THREAD, 0, hendra.id, hpke_public(hendra.hpke_seed), os.urandom(32))
    with pytest.raises((CaseBroken, NotYours)):
        casework.open_case(office.ctx, hendra, case)
    named("grant-unnamed", case.hex(), hendra.id.hex(), login="rahma")
    named("grant-unopened", case.hex(), login=HENDRA)


def test_a_grant_added_for_a_stranger(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    stranger = os.urandom(16)
    grant(office, case, Chain.THREAD, 0, stranger, hpke_public(os.urandom(32)), os.urandom(32))
    named("grant-stranger", case.hex(), stranger.hex())


def test_a_colleagues_grant_copied_to_another(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    hendra = office.officer(HENDRA)
    with office.ctx.store.write() as tx:
        mine = cases.grants(tx, case, office.officer("rahma").id)
        cases.insert_grants(tx, [GrantRow(case, g.chain, g.epoch, hendra.id, g.form, g.sealed) for g in mine])
    with pytest.raises((CaseBroken, NotYours)):
        casework.open_case(office.ctx, hendra, case)
    named("grant-unnamed", case.hex(), hendra.id.hex(), login="rahma")


def test_the_reporter_given_the_files_key(office: Inspectorate, named: Named) -> None:
    _, keys, case = office.triaged()
    grant(office, case, Chain.FILE, 0, REPORTER, keys.hpke_public, os.urandom(32))
    named("grant-impossible", case.hex(), "chain 2", REPORTER.hex())


def test_an_identity_key_sealed_to_somebody_who_is_no_custodian(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    rahma = office.officer("rahma")
    grant(office, case, Chain.IDENTITY, 0, rahma.id, hpke_public(rahma.hpke_seed), os.urandom(32))
    named("grant-stranger", case.hex(), "chain 3", rahma.id.hex())


def test_a_readers_grants_removed(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    yusuf = office.officer("yusuf")
    with database(office) as db:
        db.execute('DELETE FROM "grant" WHERE "case" = :case AND reader = :reader', {"case": case, "reader": yusuf.id})
    with pytest.raises(NotYours):
        casework.open_case(office.ctx, yusuf, case)
    named("grant-missing", case.hex(), "chain 1")
    named("grant-missing", case.hex(), "chain 2", yusuf.id.hex(), login="rahma")


def test_the_grants_of_recovery_removed(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    with database(office) as db:
        gone = {"case": case, "reader": RECOVERY["inner"]}
        assert db.execute('DELETE FROM "grant" WHERE "case" = :case AND reader = :reader', gone).rowcount == 3
    for chain in (1, 2, 3):
        named("recovery-grant-missing", case.hex(), f"chain {chain}")


def test_the_reporters_grant_removed(office: Inspectorate, named: Named) -> None:
    _, keys, case = office.triaged()
    with database(office) as db:
        db.execute('DELETE FROM "grant" WHERE "case" = :case AND reader = :reader', {"case": case, "reader": REPORTER})
    with pytest.raises(CaseBroken):
        followup.open_with_root(office.ctx, keys.root)
    named("reporter-grant-missing", case.hex(), "chain 1")


@pytest.mark.parametrize("chain", [Chain.THREAD, Chain.FILE])
def test_an_epoch_forged_for_all_readers(office: Inspectorate, named: Named, chain: Chain) -> None:
    _, keys, case = office.triaged()
    rahma, key = office.officer("rahma"), os.urandom(32)
    epoch(office, case, chain, 1, key)
    with office.ctx.store.read() as tx:
        directory = office.ctx.directory(tx)
    for reader in directory.current.readers_of("biasa", office.clock.today()):
        grant(office, case, chain, 1, reader.id, reader.hpke, key)
    if chain is Chain.THREAD:
        grant(office, case, chain, 1, REPORTER, keys.hpke_public, key)
    grant(office, case, chain, 1, RECOVERY["inner"], directory.current.recovery["inner"], key)
    named("epoch-forged", case.hex(), f"chain {int(chain)} epoch 1", login="rahma")
    # Nobody writes under it, and nobody is given it.
    casework.note(office.ctx, rahma, case, act(), "Catatan.")
    casework.reply(office.ctx, rahma, case, act(), "Balasan.")
    routing.route(office.ctx, rahma, case, act(), "irban-khusus", "Diteruskan.")
    with office.ctx.store.read() as tx:
        assert {entry.epoch for entry in cases.entries(tx, case)} == {0}
        gunawan = office.officer("gunawan").id
        assert {given.epoch for given in cases.grants(tx, case, gunawan)} == {0}


def test_an_epoch_far_ahead(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    epoch(office, case, Chain.FILE, 4, os.urandom(32))
    named("epoch-unused", case.hex())


def test_a_file_opened_by_whoever_has_the_database(office: Inspectorate, named: Named) -> None:
    _, _, case = office.report()
    epoch(office, case, Chain.FILE, 0, os.urandom(32))
    with pytest.raises(CaseBroken, match="nobody opened the file"):
        casework.open_case(office.ctx, office.officer("rahma"), case)
    named("epoch-unused", case.hex())


def test_a_commitment_exchanged(office: Inspectorate, named: Named) -> None:
    _, keys, case = office.triaged()
    with database(office) as db:
        db.execute(
            'UPDATE epoch SET commitment = :new WHERE "case" = :case AND chain = 1',
            {"new": os.urandom(32), "case": case},
        )
    with pytest.raises(CaseBroken):
        followup.open_with_root(office.ctx, keys.root)
    with pytest.raises(CaseBroken):
        casework.open_case(office.ctx, office.officer("rahma"), case)
    named("entry-link", case.hex(), "thread 1")


def test_the_reporters_keys_exchanged(office: Inspectorate, named: Named) -> None:
    """Else the next epoch of the thread would be sealed to whoever exchanged them."""
    _, _, case = office.triaged()
    with database(office) as db:
        new = {"new": hpke_public(os.urandom(32)), "case": case}
        db.execute('UPDATE reporter SET reporter_hpke = :new WHERE "case" = :case', new)
    with pytest.raises(CaseBroken, match="reporter's keys"):
        casework.open_case(office.ctx, office.officer("rahma"), case)
    assert [row.broken for row in listing.cases_for(office.ctx, office.officer("rahma"), Query()).rows] == [False]
    named("case-broken", case.hex(), login="rahma")
