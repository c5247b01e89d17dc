"""Promises that no page shows: recovery opens everything, each report is a leaf, counting is a look too."""

import pytest

from tests.inspectorate import Inspectorate
from whistle.casefile import writing
from whistle.casefile.keys import Holder, open_all
from whistle.casefile.manifest import RECOVERY, REPORTER, ManifestRefused
from whistle.casefile.reading import read_case
from whistle.casefile.writing import When
from whistle.crypto.envelope import Chain, Place, entry_hash, leaf_hash
from whistle.crypto.recovery import RecoveryKeys
from whistle.domain.month import Month
from whistle.services import reporting
from whistle.services.work import read_for
from whistle.store import audit, cases

INSIDE, OUTSIDE = {}, {"accused": ("pimpinan_kantor",), "office": "INSP"}


@pytest.mark.parametrize(("log", "answers"), [("inner", INSIDE), ("outer", OUTSIDE)])
def test_the_offline_key_of_a_log_opens_every_chain_of_every_epoch(
    office: Inspectorate, log: str, answers: dict[str, object]
) -> None:
    with office.ctx.store.read() as tx:
        track = "biasa" if log == "inner" else "inspektur"
        sealed_in = office.ctx.directory(tx).current.readers_of(track, office.clock.today())
        login, other = [reader.login for reader in sealed_in][:2]
    _, _, case = office.triaged(login, **answers)
    officer = office.officer(login)
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        assert row.log == log
        file = read_for(office.ctx, tx, officer, row)
        now = file.directory.current.readers_of(track, office.clock.today())
        keep = [reader for reader in now if reader.login != other]
        when = When(office.clock.today(), office.clock.now())
        writing.new_epoch(tx, file, officer.author, keep, when)
        writing.append(tx, file, Chain.FILE, officer.author, "note", {"text": "Sesudahnya."}, when)
    with office.ctx.store.read() as tx:
        directory, holder = office.ctx.directory(tx), Holder(RECOVERY[log], office.secret(log))
        commitments = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, case)}
        identity = cases.get_identity(tx, case)
        assert identity is not None
        commitments[(Chain.IDENTITY, 0)] = identity.commitment
        grants = cases.grants(tx, case, holder.id)
        keys = open_all(directory.installation, grants, commitments, holder)
        assert set(keys) == {
            (Chain.THREAD, 0),
            (Chain.THREAD, 1),
            (Chain.FILE, 0),
            (Chain.FILE, 1),
            (Chain.IDENTITY, 0),
        }
        del keys[(Chain.IDENTITY, 0)]
        assert read_case(tx, directory, row, keys, holder.id).file[-1].data["text"] == "Sesudahnya."


def test_who_a_reporter_is_is_sealed_to_the_custodian_and_recovery_alone(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.read() as tx:
        holders = office.ctx.directory(tx).current.custodians_of("biasa", office.clock.today())
        custodians = [reader.id for reader in holders]
        held = {grant.reader for grant in cases.grants(tx, case) if grant.chain == Chain.IDENTITY}
    assert held == {*custodians, RECOVERY["inner"]}
    assert REPORTER not in held


def test_a_recovery_key_that_is_not_the_one_in_the_keys_folder_is_refused(office: Inspectorate) -> None:
    office.ctx.trust.write("recovery-inner.pub", RecoveryKeys(bytes(32)).public)
    office.ctx._known = None  # as in a process that starts
    with pytest.raises(ManifestRefused, match="recovery key"):
        office.report()


def test_every_report_is_a_leaf_that_its_reporter_can_find(office: Inspectorate) -> None:
    expected = set()
    for _ in range(3):
        _, keys, case = office.report()
        with office.ctx.store.read() as tx:
            entry, epoch = cases.entries(tx, case)[0], cases.epochs(tx, case)[0]
            installation = office.ctx.directory(tx).installation
        place = Place(installation, case, Chain.THREAD, 0, entry.id, 0, epoch.commitment, bytes(32))
        expected.add(leaf_hash(keys.blinding, entry_hash(place, entry.sealed)))
    with office.ctx.store.read() as tx:
        assert {leaf.leaf for leaf in cases.leaves(tx)} == expected


@pytest.mark.parametrize(("export", "action"), [(False, "figures"), (True, "export")])
def test_counting_and_exporting_are_in_the_audit_log(office: Inspectorate, export: bool, action: str) -> None:
    office.triaged()
    officer = office.officer("rahma")
    reporting.report(office.ctx, officer, Month(2026, 11), export)
    with office.ctx.store.read() as tx:
        newest = audit.page(tx, 1)[0]
    assert (newest.action, newest.officer, bool(newest.signature)) == (action, officer.id, True)
