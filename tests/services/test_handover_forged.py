"""Keys for colleagues: what is written straight into the database gives nothing, nor may a colleague."""

import os

import pytest

from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from tests.services import staff
from tests.services.keys_at_work import SITI, opens, sign_in, tomorrow, work
from whistle.casefile.reading import CaseBroken
from whistle.casefile.writing import When, append
from whistle.crypto.envelope import Chain
from whistle.services import handover
from whistle.services.invitations import Person
from whistle.services.refusals import Refusal
from whistle.services.work import locked
from whistle.store import cases, jobs


def test_a_row_in_the_officers_table_alone_is_given_nothing(office: Inspectorate) -> None:
    office.triaged()
    tomorrow(office)
    made = staff.made(office)  # keys are there, no signature
    assert handover.lines(office.ctx, office.officer("rahma")) == []
    for who in (made, office.officer("admin").id, os.urandom(16)):
        for kind in ("grant", "epoch"):
            with pytest.raises(Refusal, match="nobody"):
                handover.step(office.ctx, office.officer("rahma"), kind, who)  # type: ignore[arg-type]


def test_forged_marks_of_work_give_nothing_and_hide_nothing_for_good(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    tomorrow(office)
    siti, admin_id = staff.admitted(office), office.officer("admin").id
    handover.step(office.ctx, office.officer("rahma"), "grant", siti, seconds=0)
    with database(office) as admin:
        admin.execute("DELETE FROM \"grant\" WHERE reader = :siti", {"siti": siti})
        forged = "UPDATE work SET about = :admin, kind = 'epoch', state = 'done', done = 9999"
        admin.execute(forged, {"admin": admin_id})
    line = handover.lines(office.ctx, office.officer("rahma"))[0]
    assert (line.name, line.kind, line.percent) == (SITI.name, "grant", 100)
    line = handover.step(office.ctx, office.officer("rahma"), "grant", siti, again=True)
    assert line.given == 1
    with office.ctx.store.read() as tx:
        assert not cases.grants(tx, case, admin_id)


def test_marks_of_grants_as_stale_reach_only_the_signed_keys(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    tomorrow(office)
    yusuf = staff.admitted(office, Person("yusuf", "Yusuf Maulana", "penelaah", "triase"))
    office._signed_in.pop("yusuf", None)
    with database(office) as admin:
        admin.execute("UPDATE officer SET hpke_public = :other WHERE id = :id", {"other": bytes(1216), "id": yusuf})
    work(office, "rahma", yusuf)
    with database(office) as admin:
        keys = staff.directory(office).current.by_id[yusuf].hpke
        admin.execute("UPDATE officer SET hpke_public = :right WHERE id = :id", {"right": keys, "id": yusuf})
    assert opens(office, sign_in(office, "yusuf"), case)


@pytest.mark.parametrize("kind", ["regranted", "route"])
def test_an_entry_that_names_whom_no_manifest_names_for_the_track_is_refused(office: Inspectorate, kind: str) -> None:
    # Given a colleague with the keys who writes, past all rules, that the administrator reads the case
    _, _, case = office.triaged()
    rahma, admin = office.officer("rahma"), office.officer("admin")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        data = {"readers": [admin.id.hex()], "manifest": 1, "unit": "irban-1", "text": ""}
        append(tx, file, Chain.FILE, rahma.author, kind, data, When(office.clock.today(), office.clock.now()))
    with office.ctx.store.write() as tx, pytest.raises(CaseBroken, match="no manifest names"):
        locked(office.ctx, tx, rahma, case)


def test_a_job_is_one_officers_and_known_by_what_it_is_about(office: Inspectorate) -> None:
    office.triaged()
    tomorrow(office)
    siti = staff.admitted(office)
    for login in ("rahma", "yusuf"):
        work(office, login, siti)
    with office.ctx.store.read() as tx:
        assert {row.officer for row in jobs.every(tx)} == {office.officer("rahma").id, office.officer("yusuf").id}
