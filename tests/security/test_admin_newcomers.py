"""An administrator edits what a newcomer's admission is made of: the row of keys that wait, the vault of before."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.inspectorate import Inspectorate
from tests.services import staff
from tests.services.verify.checking import faults
from whistle.casefile.chain_rules import beyond
from whistle.casefile.manifest import Delegation, Reader
from whistle.crypto.vault import KdfParams, VaultRecord
from whistle.domain.tracks import TRACKS
from whistle.services import admission, enrolment
from whistle.services.invitations import Person
from whistle.services.proposal import Choices
from whistle.services.refusals import Refusal
from whistle.store import enrolments, officers

SWAP = {
    "sqlite": [
        "CREATE TRIGGER swap AFTER INSERT ON enrolment "
        "BEGIN UPDATE enrolment SET sign_public = zeroblob(32) WHERE officer = NEW.officer; END"
    ],
    "postgresql": [
        "CREATE FUNCTION swap() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.sign_public := decode(repeat('00', 32), 'hex'); RETURN NEW; END $$",
        "CREATE TRIGGER swap BEFORE INSERT ON enrolment FOR EACH ROW EXECUTE FUNCTION swap()",
    ],
}


def test_a_vault_that_was_made_cheap_to_guess_makes_no_cheap_vault(office: Inspectorate) -> None:
    """New keys share the salt of the vault of before, which he can write: not what it costs to guess."""
    # Given vaults that cost something, and an officer's that he made to cost nothing
    costs = KdfParams(64, 2, 1)
    ctx = replace(office.ctx, settings=replace(office.ctx.settings, argon2_memory_kib=64, argon2_iterations=2))
    with ctx.store.write() as tx:
        row = officers.by_login(tx, "rahma")
        assert row is not None
        vault = replace(VaultRecord.from_bytes(row.vault), params=KdfParams(8, 1, 1))
        officers.update_officer(tx, replace(row, vault=vault.to_bytes()))
    # When the officer makes new keys
    token = staff.invited(office, Person("rahma", "Rahma", "penelaah", "triase"))
    secret = os.urandom(20)
    enrolment.enrol(ctx, token, staff.PASSWORD, secret, staff.code_of(office, secret))
    # Then a guess at the new password costs what it should
    with ctx.store.read() as tx:
        made = enrolments.by_login(tx, "rahma")
    assert made is not None and VaultRecord.from_bytes(made.vault).params == costs


def test_a_newcomer_does_not_become_somebody_who_left(office: Inspectorate) -> None:
    """Under the id of somebody else a newcomer would be a reader of that one's cases, and the author of their words."""
    # Given somebody who was admitted and left
    gone = staff.admitted(office)
    staff.signed(office, Choices(remove=(gone,)))
    # When he moves a newcomer's keys to that id
    made = staff.made(office, Person("budi", "Budi", "penelaah", "triase"))
    with office.ctx.store.write() as tx:
        row = enrolments.get(tx, made)
        assert row is not None
        enrolments.delete(tx, made)
        enrolments.add(tx, replace(row, officer=gone))
    # Then it cannot be signed
    with pytest.raises(Refusal, match="gone"):
        admission.review(office.ctx, office.officer("inspektur"), Choices(admit=(gone,)))


def test_a_delegates_manifest_that_gives_an_id_to_somebody_else_is_refused(office: Inspectorate) -> None:
    directory = staff.directory(office)
    now, inspektur = directory.current, staff.id_of(office, "inspektur")
    tracks = tuple(code for code, track in TRACKS.items() if track.log == "inner")
    delegation = Delegation(inspektur, b"", tracks, now.expires)
    rahma = next(reader for reader in now.readers if reader.login == "rahma")

    def with_(other: Reader) -> bool:
        readers = tuple(other if reader.id == rahma.id else reader for reader in now.readers)
        return beyond(delegation, replace(now, readers=readers), now, directory.officers)

    assert not with_(replace(rahma, name="Rahma Yuliani, S.H."))
    assert with_(replace(rahma, login="budi"))


def test_keys_exchanged_the_moment_they_are_stored_have_other_words(office: Inspectorate) -> None:
    """The newcomer is told the words of the keys that were made, the signer those that wait."""
    # Given a database that puts a key of his into whatever waits
    with office.ctx.store.write() as tx:
        for statement in SWAP[tx.dialect.name]:
            tx.execute(text(statement))
    # When the newcomer makes keys
    secret = os.urandom(20)
    token = staff.invited(office)
    words = enrolment.enrol(office.ctx, token, staff.PASSWORD, secret, staff.code_of(office, secret))
    # Then the words that the signer sees are others
    with office.ctx.store.read() as tx:
        waiting = enrolments.by_login(tx, staff.NEWCOMER.login)
    assert waiting is not None and waiting.sign_public == bytes(32)
    assert len(words) == 6 and words != enrolment.words_of(waiting)
    # and the same link gives the true ones again, for the password that opens the keys themselves
    assert enrolment.words_again(office.ctx, token, staff.PASSWORD) == words


IMPOSSIBLE: dict[str, dict[str, object]] = {
    "a key of another size": {"sign_public": bytes(31)},
    "the login of somebody else": {"login": "rahma"},
    "a role that there is not": {"role": "kepala"},
}


@pytest.mark.parametrize("what", [*IMPOSSIBLE, "the id of somebody else"])
def test_keys_that_no_page_made_are_named_by_verify(office: Inspectorate, what: str) -> None:
    made = staff.made(office)
    assert "enrolment-impossible" not in {fault.code for fault in faults(office)}
    id_ = staff.id_of(office, "rahma") if what == "the id of somebody else" else made
    with office.ctx.store.write() as tx:
        row = enrolments.get(tx, made)
        assert row is not None
        enrolments.delete(tx, made)
        enrolments.add(tx, replace(row, officer=id_, **IMPOSSIBLE.get(what, {})))  # type: ignore[arg-type]
    named = [(fault.table, fault.row) for fault in faults(office) if fault.code == "enrolment-impossible"]
    assert named == [("enrolment", id_.hex())]
