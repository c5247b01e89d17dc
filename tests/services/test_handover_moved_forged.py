"""New keys that a colleague gives, past all rules, to somebody who was moved away: they open nothing, and are named."""

import pytest

from tests.inspectorate import Inspectorate
from tests.services import staff
from tests.services.keys_at_work import tomorrow, work
from tests.services.moving import move
from tests.services.verify.checking import codes, faults
from whistle.casefile import summaries
from whistle.casefile.keys import keys_of_case
from whistle.casefile.reading import CaseBroken
from whistle.casefile.writing import When, append, grant_all, new_epoch
from whistle.crypto.envelope import Chain
from whistle.services import casework
from whistle.services.work import locked
from whistle.store.database import Tx


def when(office: Inspectorate) -> When:
    return When(office.clock.today(), office.clock.now())


def conspired(office: Inspectorate) -> bytes:
    """A case whose keys rahma changed after yusuf was moved, and gave them to him too."""
    _, _, case = office.triaged()
    tomorrow(office)
    move(office, {"yusuf": "irban-1"})
    rahma = office.officer("rahma")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        new_epoch(tx, file, rahma.author, [file.directory.current.by_id[id_] for id_ in file.readers()], when(office))
        summaries.save(tx, file)
    return case


def forge(office: Inspectorate, tx: Tx, case: bytes, chain: Chain, kind: str) -> None:
    """An entry that yusuf signs in the newest epoch and seals with the keys that he was given."""
    yusuf = office.officer("yusuf")
    file = locked(office.ctx, tx, office.officer("inspektur"), case)
    file.keys = keys_of_case(tx, file.directory.installation, case, yusuf.holder) or {}
    append(tx, file, chain, yusuf.author, kind, {"text": "Dari luar."}, when(office))


def test_new_keys_for_who_was_moved_open_nothing_at_the_desk_and_are_named(office: Inspectorate) -> None:
    case = conspired(office)
    with pytest.raises(CaseBroken, match="no signed entry names this reader"):
        casework.open_case(office.ctx, office.officer("yusuf"), case)
    casework.declare(office.ctx, office.officer("inspektur"), case)
    assert casework.open_case(office.ctx, office.officer("inspektur"), case).readers == [
        office.credentials[login].name for login in ("inspektur", "rahma")
    ]
    found = [fault for fault in faults(office, "inspektur") if fault.code == "epoch-reader"]
    assert [case.hex() in fault.row for fault in found] == [True]
    assert codes(office, "inspektur") == {"epoch-reader", "grant-unnamed"}


@pytest.mark.parametrize(("chain", "kind"), [(Chain.FILE, "note"), (Chain.THREAD, "reply")])
def test_nor_does_anything_count_that_they_write_with_them(office: Inspectorate, chain: Chain, kind: str) -> None:
    case = conspired(office)
    for login in ("inspektur", "yusuf"):
        office.officer(login)
    with office.ctx.store.write() as tx:
        forge(office, tx, case, chain, kind)
    with office.ctx.store.write() as tx, pytest.raises(CaseBroken, match="by an officer who is no reader"):
        locked(office.ctx, tx, office.officer("inspektur"), case)


def test_an_older_manifest_is_not_believed_after_a_newer_one_was_named(office: Inspectorate) -> None:
    # Given a case in which an entry names the manifest that moved yusuf already
    _, _, case = office.triaged()
    tomorrow(office)
    move(office, {"yusuf": "irban-1"})
    siti = staff.admitted(office)
    work(office, "rahma", siti)
    rahma = office.officer("rahma")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        keep = [file.directory.current.by_id[id_] for id_ in file.readers()]
        data = {"readers": [reader.id.hex() for reader in keep], "manifest": 1}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("whistle.casefile.writing._named", lambda readers, sequence: data)
            new_epoch(tx, file, rahma.author, keep, when(office))
        summaries.save(tx, file)
    assert "epoch-reader" in codes(office, "inspektur")
    with pytest.raises(CaseBroken):
        casework.open_case(office.ctx, office.officer("yusuf"), case)


def test_a_key_of_a_new_epoch_for_who_was_left_out_of_it_is_named(office: Inspectorate) -> None:
    # Given a case from which yusuf was left out, and a colleague who seals him its new keys without an entry
    _, _, case = office.triaged()
    tomorrow(office)
    move(office, {"yusuf": "irban-1"})
    yusuf, rahma = office.officer("yusuf"), office.officer("rahma")
    work(office, "rahma", yusuf.id, "epoch")
    assert codes(office, "rahma") == set()
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        grant_all(tx, file, [file.directory.current.by_id[yusuf.id]])
    assert codes(office, "rahma") == {"grant-unnamed"}
    with pytest.raises(CaseBroken, match="no signed entry names this reader"):
        casework.open_case(office.ctx, yusuf, case)
