"""A signed entry holds or releases a case, the clear says that it is held, and the reporter is told nothing."""

import pytest

from tests.inspectorate import Inspectorate, act
from tests.services.test_recording import rows
from tests.services.test_walk import DONE
from whistle.casefile.derive import derive
from whistle.services import casework, closing, followup, holding
from whistle.services.refusals import NotYours, Refusal
from whistle.services.work import Seen, locked
from whistle.store import cases

REASON = "Diminta jaksa dengan surat nomor 12."


def in_the_clear(office: Inspectorate, case: bytes) -> bool:
    with office.ctx.store.read() as tx:
        row = cases.get_case(tx, case)
    assert row is not None
    return row.legal_hold


def signed(office: Inspectorate, case: bytes, login: str = "rahma") -> str | None:
    """The reason for which the entries say that the case is held."""
    with office.ctx.store.write() as tx:
        held = derive(locked(office.ctx, tx, office.officer(login), case)).held
    return held.data["text"] if held else None


def test_a_case_is_held_until_it_is_released(office: Inspectorate) -> None:
    # Given a case
    _, keys, case = office.triaged()
    casework.declare(office.ctx, office.officer("inspektur"), case)
    told = followup.open_with_root(office.ctx, keys.root)
    assert (in_the_clear(office, case), signed(office, case)) == (False, None)
    # When it is held
    holding.hold(office.ctx, office.officer("rahma"), case, act(), REASON)
    # Then the entries say why, and the clear that it is
    assert (in_the_clear(office, case), signed(office, case)) == (True, REASON)
    # When it is released
    holding.release(office.ctx, office.officer("inspektur"), case, act(), "Perkara selesai.")
    # Then it is as before; all is recorded by name, and the reporter was told nothing
    assert (in_the_clear(office, case), signed(office, case)) == (False, None)
    acts = [(row.action, row.officer) for row in rows(office) if row.case == case][-2:]
    assert acts == [("hold", office.officer("rahma").id), ("release", office.officer("inspektur").id)]
    assert followup.open_with_root(office.ctx, keys.root) == told


def test_a_closed_case_is_held_as_well(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    casework.declare(office.ctx, office.officer("inspektur"), case)
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Surat tugas.")
    closing.close(office.ctx, office.officer("rahma"), case, act(), DONE)
    closing.approve(office.ctx, office.officer("inspektur"), case, act())
    holding.hold(office.ctx, office.officer("rahma"), case, act(), REASON)
    view = casework.open_case(office.ctx, office.officer("rahma"), case)
    assert view.summary is not None and view.summary.stage == "SELESAI"
    assert (in_the_clear(office, case), signed(office, case)) == (True, REASON)


def test_a_case_that_waits_for_a_second_person_can_be_held(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Surat tugas.")
    closing.close(office.ctx, office.officer("rahma"), case, act(), DONE)
    holding.hold(office.ctx, office.officer("rahma"), case, act(), REASON)
    view = casework.open_case(office.ctx, office.officer("rahma"), case)
    assert view.closing is not None and in_the_clear(office, case)


def test_what_is_held_is_not_held_again_and_what_is_not_is_not_released(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    rahma = office.officer("rahma")
    with pytest.raises(Refusal, match="not_held"):
        holding.release(office.ctx, rahma, case, act(), "Perkara selesai.")
    assert not in_the_clear(office, case)
    holding.hold(office.ctx, rahma, case, act(), REASON)
    before = len(rows(office))
    with pytest.raises(Refusal, match="held"):
        holding.hold(office.ctx, rahma, case, act(), "Alasan lain.")
    assert (in_the_clear(office, case), signed(office, case)) == (True, REASON)
    assert len(rows(office)) == before


def test_a_form_sent_twice_holds_once_and_does_not_hold_what_was_released_since(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    rahma, held = office.officer("rahma"), act()
    for _ in range(2):
        holding.hold(office.ctx, rahma, case, held, REASON)
    holding.release(office.ctx, rahma, case, act(), "Perkara selesai.")
    holding.hold(office.ctx, rahma, case, held, REASON)
    assert (in_the_clear(office, case), signed(office, case)) == (False, None)
    assert [item.kind for item in casework.open_case(office.ctx, rahma, case).file].count("held") == 1


def test_a_hold_decided_on_an_older_page_is_undone_in_the_clear_too(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    rahma = office.officer("rahma")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        seen = Seen(len(file.thread), len(file.file))
    followup.add(office.ctx, keys.root, act(), "Ada yang baru.", None)
    with pytest.raises(Refusal, match="changed"):
        holding.hold(office.ctx, rahma, case, act(), REASON, seen)
    assert (in_the_clear(office, case), signed(office, case)) == (False, None)


def test_who_holds_no_key_or_has_not_declared_holds_nothing(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with pytest.raises(NotYours):
        holding.hold(office.ctx, office.officer("hendra"), case, act(), REASON)
    with pytest.raises(Refusal, match="declare_first"):
        holding.hold(office.ctx, office.officer("yusuf"), case, act(), REASON)
    assert not in_the_clear(office, case)
