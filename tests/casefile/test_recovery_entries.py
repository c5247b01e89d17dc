"""What recovery may write into a case, and that nobody else writes in its name."""

import os

import pytest

from tests.inspectorate import Inspectorate
from whistle.casefile import writing
from whistle.casefile.keys import open_all
from whistle.casefile.manifest import RECOVERY
from whistle.casefile.reading import CaseBroken, CaseFile, read_case
from whistle.casefile.writing import Author, When
from whistle.crypto.envelope import Chain
from whistle.crypto.recovery import RecoveryKeys
from whistle.services import recovery
from whistle.services.work import read_for
from whistle.store import cases
from whistle.store.database import Tx


def when(office: Inspectorate) -> When:
    return When(office.clock.today(), office.clock.now())


def opened(office: Inspectorate, tx: Tx, case: bytes) -> CaseFile:
    """The case with recovery's own keys."""
    key = recovery.unlock(office.ctx, "inner", office.recovery["inner"])
    row = cases.get_case(tx, case)
    assert row is not None
    commitments = {(one.chain, one.epoch): one.commitment for one in cases.epochs(tx, case)}
    directory = office.ctx.directory(tx)
    keys = open_all(directory.installation, cases.grants(tx, case, key.id), commitments, key.holder)
    return read_case(tx, directory, row, keys, key.id)


def reread(office: Inspectorate, case: bytes, login: str = "rahma") -> CaseFile:
    officer = office.officer(login)
    with office.ctx.store.read() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        return read_for(office.ctx, tx, officer, row)


def author(office: Inspectorate, log: str = "inner") -> Author:
    return Author(RECOVERY[log], RecoveryKeys(office.secret(log)).signing_seed)


def test_recovery_opens_a_file_that_nobody_opened(office: Inspectorate) -> None:
    _, _, case = office.report()
    with office.ctx.store.write() as tx:
        file = opened(office, tx, case)
        writing.open_file_chain(tx, file, author(office), when(office))
    assert reread(office, case).file[0].author == RECOVERY["inner"]


def test_recovery_names_readers_and_begins_epochs(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.write() as tx:
        file = opened(office, tx, case)
        readers = file.directory.current.readers_of("biasa", office.clock.today())
        data = {"readers": [reader.id.hex() for reader in readers], "manifest": 1}
        writing.append(tx, file, Chain.FILE, author(office), "regranted", data, when(office))
        writing.new_epoch(tx, file, author(office), readers, when(office))
    assert [entry.kind for entry in reread(office, case).file][-2:] == ["regranted", "epoch"]


@pytest.mark.parametrize(
    ("chain", "kind", "data"),
    [
        (Chain.FILE, "note", {"text": "Tidak ada apa-apa."}),
        (Chain.FILE, "closed", {"closing": {}}),
        (Chain.FILE, "released", {"text": "Tidak perlu lagi."}),
        (Chain.FILE, "declared", {"conflict": False}),
        (Chain.FILE, "route", {"unit": "irban-1", "readers": [], "manifest": 1, "text": ""}),
        (Chain.THREAD, "question", {"text": "Siapa nama Anda?"}),
        (Chain.THREAD, "reply", {"text": "Sudah selesai."}),
    ],
)
def test_recovery_says_nothing_about_a_case(
    office: Inspectorate, chain: Chain, kind: str, data: dict[str, object]
) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.write() as tx:
        writing.append(tx, opened(office, tx, case), chain, author(office), kind, data, when(office))
    with pytest.raises(CaseBroken, match="may not write it"):
        reread(office, case)


def test_recovery_of_the_other_log_writes_nothing_here(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.write() as tx:
        file = opened(office, tx, case)
        data = {"readers": [], "manifest": 1}
        writing.append(tx, file, Chain.FILE, author(office, "outer"), "regranted", data, when(office))
    with pytest.raises(CaseBroken, match="may not write it"):
        reread(office, case)


@pytest.mark.parametrize("whose", ["an officer's key", "a key made up", "the secret itself"])
def test_nobody_signs_in_the_name_of_recovery(office: Inspectorate, whose: str) -> None:
    _, _, case = office.triaged()
    seed = {
        "an officer's key": office.officer("rahma").sign_seed,
        "a key made up": os.urandom(32),
        "the secret itself": office.secret("inner"),
    }[whose]
    with office.ctx.store.write() as tx:
        file = opened(office, tx, case)
        data = {"readers": [reader.id.hex() for reader in file.directory.current.readers], "manifest": 1}
        writing.append(tx, file, Chain.FILE, Author(RECOVERY["inner"], seed), "regranted", data, when(office))
    with pytest.raises(CaseBroken, match="not signed by its author"):
        reread(office, case)
