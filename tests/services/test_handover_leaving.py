"""Keys for colleagues: what is left of who left, and who comes back."""

import os

import pytest

from tests.inspectorate import Inspectorate, act
from tests.services import staff
from tests.services.keys_at_work import SITI, kinds, opens, sign_in, tomorrow, work
from whistle.casefile import summaries
from whistle.casefile.writing import When, new_epoch
from whistle.services import casework, followup, handover
from whistle.services.invitations import Person
from whistle.services.proposal import Choices
from whistle.services.refusals import Refusal
from whistle.services.work import locked
from whistle.store import cases


def test_who_left_is_left_out_of_new_keys_and_the_reporter_reads_on(office: Inspectorate) -> None:
    siti = staff.admitted(office)
    _, keys, case = office.triaged()
    office.report()
    tomorrow(office)
    staff.signed(office, Choices(remove=(siti,)))
    line = handover.lines(office.ctx, office.officer("rahma"))[0]
    assert (line.kind, line.name, line.most) == ("epoch", SITI.name, 2)
    assert work(office, "rahma", siti, "epoch").given == 2
    with office.ctx.store.read() as tx:
        epochs = {(row.chain, row.epoch) for row in cases.epochs(tx, case)}
        held = {(grant.chain, grant.epoch) for grant in cases.grants(tx, case, siti)}
    assert epochs - held == {(1, 1), (2, 1)}
    # Then the others and the reporter go on, and nothing is left to do
    tomorrow(office)
    casework.ask(office.ctx, office.officer("rahma"), case, act(), "Di loket berapa?")
    view = followup.open_with_root(office.ctx, keys.root)
    followup.add(office.ctx, keys.root, os.urandom(16), "Loket dua.", view.questions[0].id)
    assert casework.open_case(office.ctx, office.officer("rahma"), case).thread[-1].text == "Loket dua."
    assert opens(office, office.officer("yusuf"), case)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 0


def test_page_after_page_none_is_passed_over(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "PAGE", 2)
    siti = staff.admitted(office)
    ids = [office.report()[2] for _ in range(5)]
    tomorrow(office)
    staff.signed(office, Choices(remove=(siti,)))
    assert work(office, "rahma", siti, "epoch").given == 5
    # Then somebody who comes now lacks all of them, whatever number their newest key has
    ids += [office.report()[2] for _ in range(2)]
    tomorrow(office)
    budi = staff.admitted(office, Person("budi", "Budi Santoso", "penelaah", "triase"))
    assert handover.lines(office.ctx, office.officer("rahma"))[0].most == 7
    assert work(office, "rahma", budi).given == 7
    assert all(opens(office, sign_in(office, "budi"), case) for case in ids[:1] + ids[-1:])


def test_two_who_left_are_left_out_at_once(office: Inspectorate) -> None:
    people = [staff.admitted(office, Person(f"baru{n}", f"Baru {n}", "penelaah", "triase")) for n in range(2)]
    _, _, case = office.triaged()
    tomorrow(office)
    for one in people:
        staff.signed(office, Choices(remove=(one,)))
    work(office, "rahma", people[0], "epoch")
    assert work(office, "rahma", people[1], "epoch").given == 0
    assert kinds(office, case).count("epoch") == 1


def test_who_comes_back_is_given_all_keys_again(office: Inspectorate) -> None:
    siti = staff.admitted(office)
    _, _, case = office.triaged()
    tomorrow(office)
    staff.signed(office, Choices(remove=(siti,)))
    work(office, "rahma", siti, "epoch")
    assert staff.admitted(office) == siti
    assert work(office, "rahma", siti).given == 1
    assert opens(office, sign_in(office, "siti"), case)


def test_who_was_left_out_on_purpose_stays_out(office: Inspectorate) -> None:
    # Given a case whose keys were changed without yusuf, who is in the manifest all the while
    _, _, case = office.triaged()
    yusuf, rahma = office.officer("yusuf"), office.officer("rahma")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        keep = [file.directory.current.by_id[id_] for id_ in file.readers() - {yusuf.id}]
        new_epoch(tx, file, rahma.author, keep, When(office.clock.today(), office.clock.now()))
        summaries.save(tx, file)
    tomorrow(office)
    staff.admitted(office)  # another manifest, which does not concern yusuf
    with pytest.raises(Refusal, match="nobody"):
        handover.step(office.ctx, office.officer("rahma"), "grant", yusuf.id)
    assert not opens(office, sign_in(office, "yusuf"), case)
