"""What can be told from a copy of the database about when a reporter did something, and what they wrote."""

import hashlib
from datetime import timedelta

from tests.inspectorate import Inspectorate
from whistle.crypto.envelope import Chain
from whistle.services import followup, rewrapping
from whistle.store import cases


def forms(office: Inspectorate, case: bytes) -> set[str]:
    with office.ctx.store.read() as tx:
        return {grant.form for grant in cases.grants(tx, case) if grant.chain == Chain.THREAD}


def test_grants_do_not_tell_between_which_two_sign_ins_a_report_came(office: Inspectorate) -> None:
    _, _, early = office.report()
    office.clock.advance(timedelta(minutes=20))
    office.officer("rahma")  # her sign-in, to the second, is in the audit log
    office.clock.advance(timedelta(minutes=20))
    _, _, late = office.report()
    assert forms(office, early) == forms(office, late) == {"hpke"}


def test_on_the_next_day_grants_are_under_the_vault_and_tell_the_day_at_most(office: Inspectorate) -> None:
    _, _, case = office.report()
    rahma = office.officer("rahma")
    office.clock.advance(timedelta(days=1))
    rewrapping.rewrap(office.ctx, rahma)
    with office.ctx.store.read() as tx:
        held = [grant.form for grant in cases.grants(tx, case, rahma.id) if grant.chain == Chain.THREAD]
    assert held == ["vault"]


def test_the_id_of_a_message_does_not_let_its_words_be_guessed(office: Inspectorate) -> None:
    _, keys, case = office.report()
    guess = hashlib.sha256(b"peluit/v1/message" + b"\0\0Saya takut.").digest()[:16]
    followup.add(office.ctx, keys.root, guess, "Saya takut.", None)
    with office.ctx.store.read() as tx:
        assert guess not in {entry.id for entry in cases.entries(tx, case)}


def test_two_reporters_who_send_the_same_words_from_the_same_page_are_both_heard(office: Inspectorate) -> None:
    (_, one, _), (_, two, _) = office.report(), office.report(story="Cerita lain dari orang lain di kantor lain.")
    for keys in (one, two):
        followup.add(office.ctx, keys.root, bytes(16), "Tolong ditindaklanjuti.", None)
        assert followup.open_with_root(office.ctx, keys.root).thread[-1].text == "Tolong ditindaklanjuti."
