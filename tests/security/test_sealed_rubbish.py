"""Whoever seals a report can seal rubbish: it breaks its own case, and no list, sign-in or report beside it."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.sealer import Sender, split
from tests.services.test_sealed import told
from whistle.casefile.reading import CaseBroken
from whistle.domain.figures import Month
from whistle.services import casework, listing, reporting, rewrapping, sealed
from whistle.services.listing import Query
from whistle.store import cases


def shown(office: Inspectorate, login: str = "rahma") -> dict[bytes, bool]:
    """Every case of the officer's list, and whether it is shown as broken."""
    rows = listing.cases_for(office.ctx, office.officer(login), Query()).rows
    return {row.id: row.broken for row in rows}


def _grants_of_another_key(sender: Sender) -> bytes:
    return split(sender.seal())["grants"]  # every `seal` draws keys of its own


RUBBISH: dict[str, Callable[[Sender], dict[str, bytes]]] = {
    "an entry of random bytes": lambda sender: {"sealed": os.urandom(4124)},
    "grants of random bytes": lambda sender: {
        "grants": b"".join(
            bytes([chain]) + reader + os.urandom(1168) for chain in (1, 3) for reader in sorted(sender.readers(chain))
        )
    },
    "grants of another key": lambda sender: {"grants": _grants_of_another_key(sender)},
    "another commitment": lambda sender: {"commitment": os.urandom(32)},
    "the commitment of no key": lambda sender: {"commitment": bytes(32), "identity_commitment": bytes(32)},
    "another signing key": lambda sender: {"sign": os.urandom(32)},
    "another key of the reporter": lambda sender: {"hpke": Sender(sender.told).hpke},
}


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_is_shown_as_broken_beside_reports_that_are_not(what: str, office: Inspectorate) -> None:
    _, _, honest = office.report()
    sender = Sender(told(office))
    sealed.submit(office.ctx, sender.seal(**RUBBISH[what](sender)))
    # The summary may still open; what counts is that the case itself does not.
    assert shown(office).keys() == {honest, sender.case}
    for use in (casework.open_case, casework.declare):
        with pytest.raises(CaseBroken):
            use(office.ctx, office.officer("rahma"), sender.case)
    casework.declare(office.ctx, office.officer("rahma"), honest)


def test_a_summary_of_random_bytes_is_made_anew(office: Inspectorate) -> None:
    sender = Sender(told(office))
    sealed.submit(office.ctx, sender.seal(summary=os.urandom(2048)))
    assert shown(office) == {sender.case: False}


def test_a_day_of_rubbish_holds_up_neither_sign_in_nor_the_grants_behind_it(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrapping, "BATCH", 2)
    for _ in range(5):
        sender = Sender(told(office), root=os.urandom(32))
        sealed.submit(office.ctx, sender.seal(**RUBBISH["grants of random bytes"](sender)))
    honest = [office.report()[2] for _ in range(3)]
    office.clock.advance(timedelta(days=1))
    rahma = office.officer("rahma")
    shown(office)
    with office.ctx.store.read() as tx:
        forms = {case: {grant.form for grant in cases.grants(tx, case, rahma.id)} for case in honest}
    assert forms == dict.fromkeys(honest, {"vault"})
    assert [broken for case, broken in shown(office).items() if case in honest] == [False] * 3
    assert reporting.report(office.ctx, rahma, Month(2026, 11))
