"""Files that come in as they do: sealed as they arrive, cleaned, and attached to a report or by an officer."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from tests.inspectorate import Inspectorate, act, complaint
from whistle.casefile.attachments import CLEAN, Attachment, stored_ids
from whistle.casefile.exhibits import Exhibit
from whistle.services import casework, evidence, exhibit_making, exhibits, intake
from whistle.services.context import Context
from whistle.services.evidence import Arriving, Upload
from whistle.store import cases

UNKNOWN = b"\x00\x01not a kind that anybody knows" * 20


def uploaded(ctx: Context, data: bytes, name: str = "") -> Upload:
    """A file that came in, cleaned if it can be."""
    installation = ctx.lately().installation
    with Arriving(ctx, installation, len(data)) as arriving:
        arriving.write(data)
        return evidence.take_in(ctx, installation, arriving.finish(), name)


def believed(ctx: Context, data: bytes) -> Attachment:
    """A file as a sender of ill will attaches it: whatever it is, it says that it is a clean JPEG."""
    with Arriving(ctx, ctx.lately().installation, len(data)) as arriving:
        arriving.write(data)
        return Attachment(replace(arriving.finish(), media="image/jpeg"), CLEAN)


def reported(office: Inspectorate, files: Sequence[Attachment], login: str = "rahma") -> bytes:
    """A report with files that ``login`` declared for and triaged; the case's id."""
    receipt = intake.fresh_receipt()
    intake.submit(office.ctx, complaint(), receipt, files)
    with office.ctx.store.read() as tx:
        row = cases.case_by_lookup(tx, office.keys(receipt).lookup_hash)
    assert row is not None
    casework.declare(office.ctx, office.officer(login), row.id)
    values = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan", amount_asked=50_000)
    casework.triage(office.ctx, office.officer(login), row.id, act(), values)
    return row.id


def with_files(office: Inspectorate, *files: bytes, original: bool = False) -> bytes:
    """The same, of files that came over the form; ``original``: the reporter wanted them kept as they were."""
    uploads = [uploaded(office.ctx, data, "dari saya.jpg") for data in files]
    attached = [upload.attachment(original) for upload in uploads]
    sent = {upload.sent.id: upload.sent for upload in uploads}
    evidence.drop(office.ctx, [sent[id_] for id_ in sent.keys() - stored_ids(attached)])
    return reported(office, attached)


def exhibits_of(office: Inspectorate, case: bytes, login: str = "rahma") -> list[Exhibit]:
    """The files of a case, in the order of their labels."""
    return casework.open_case(office.ctx, office.officer(login), case).exhibits


def opened(office: Inspectorate, case: bytes, at: int = 0, login: str = "rahma") -> Exhibit:
    """An exhibit after its first opening."""
    file = exhibits_of(office, case, login)[at].id
    exhibits.prepare(office.ctx, office.officer(login), case, file)
    return exhibits_of(office, case, login)[at]


def prepared_at_once(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch, case: bytes, file: bytes, logins: Sequence[str]
) -> None:
    """Officers open a file at the same moment: all have what they made of it before any of them has said so."""
    make, together = exhibit_making.make, Barrier(len(logins), timeout=60)

    def made(*of: object) -> object:
        found = make(*of)  # type: ignore[arg-type]
        together.wait()
        return found

    monkeypatch.setattr(exhibits, "make", made)
    people = [office.officer(login) for login in logins]
    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(lambda who: exhibits.prepare(office.ctx, who, case, file), people))
