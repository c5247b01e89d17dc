"""What is over and may be deleted: an officer signs a list, a second one signs it, and a week later it is carried out.

Nothing is deleted here: `services.purging` does that at night, and needs no key for it. See docs/decisions/0026.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from whistle.casefile import disposal as lists
from whistle.casefile.attachments import Stored
from whistle.casefile.derive import derive
from whistle.casefile.disposal import Disposal, DisposalRefused, Doomed
from whistle.casefile.exhibits import all_stored
from whistle.casefile.links import Ends, ends
from whistle.casefile.manifest import Directory
from whistle.casefile.reading import CaseBroken, CaseFile, holding
from whistle.crypto.stream import AnotherSize
from whistle.crypto.suite import Refused
from whistle.domain.retention import LONGEST, SHORTEST, is_over, years_after
from whistle.services.context import Context
from whistle.services.disposal_lists import Line, List, lists_of, received_days
from whistle.services.listing import rows_of
from whistle.services.officer import Officer
from whistle.services.purging import STOP, WITHDRAWN
from whistle.services.recording import record
from whistle.services.reentry import reenter
from whistle.services.refusals import Refusal
from whistle.services.work import UNREMARKABLE, locked, read_for
from whistle.store import attached, disposals
from whistle.store import cases as case_rows
from whistle.store.blobs import BlobMissing
from whistle.store.database import Tx
from whistle.store.errors import StoreUnavailable
from whistle.store.rows import DisposalRow, DraftRow


@dataclass(frozen=True)
class Desk:
    """What there is to do: the oldest of the cases whose time is ``over``, how ``many`` there are, and the lists."""

    over: Sequence[Line]
    many: int
    lists: Sequence[List]


def desk(ctx: Context, officer: Officer) -> Desk:
    """What this officer sees of what is over: cases that they hold keys of, and all lists, the newest first."""
    with ctx.store.read() as tx:
        found = lists_of(ctx, tx, officer)
    listed = {case for one in found if one.holds for case in one.cases}
    over = _over(ctx, officer, listed)
    shown = sorted(found, key=lambda one: (one.day or date.min, one.id), reverse=True)
    return Desk(over[:LONGEST], len(over), shown)


def listed(ctx: Context, officer: Officer, case: bytes) -> List | None:
    """The list on which a case stands that is not carried out yet, if there is one."""
    with ctx.store.read() as tx:
        return next((one for one in lists_of(ctx, tx, officer) if one.holds and case in one.cases), None)


def waiting(ctx: Context, officer: Officer) -> int:
    """How many lists wait for this officer's signature."""
    if not officer.may("retention.approve"):
        return 0
    with ctx.store.read() as tx:
        if not disposals.drafts(tx):
            return 0
        return sum(one.may_sign for one in lists_of(ctx, tx, officer))


def review(ctx: Context, officer: Officer, list_id: bytes) -> tuple[List, list[Line]]:
    """A list with its cases. Raises Refusal "list_gone"."""
    with ctx.store.read() as tx:
        found = next((one for one in lists_of(ctx, tx, officer) if one.id == list_id), None)
    if found is None:
        raise Refusal("list_gone")
    read = {row.id: row for row in rows_of(ctx, officer, found.cases)}
    received = received_days(ctx, list_id)
    lines = [Line(case, received[case], read[case].summary if case in read else None) for case in found.cases]
    return found, sorted(lines, key=lambda line: (line.received, line.case))


def propose(ctx: Context, officer: Officer, cases: Iterable[bytes], password: str) -> bytes:
    """Sign a list of these cases as the first of two; its id.

    Raises WrongPassword, NotYours, CaseBroken, and Refusal: "list_empty", "list_long", "list_taken" (on another list),
    "not_over", "is_held", "list_no_second" (nobody else may sign it), "files_away".
    """
    chosen = sorted(set(cases))
    if not chosen:
        raise Refusal("list_empty")
    if len(chosen) > LONGEST:
        raise Refusal("list_long", most=LONGEST)
    reenter(ctx, officer, password)
    opens = _look_at_files(ctx, officer, chosen)
    with ctx.store.write() as tx:
        directory, today = ctx.directory(tx), ctx.clock.today()
        taken = {case for one in lists_of(ctx, tx, officer) if one.holds for case in one.cases}
        files = [_locked(ctx, tx, officer, case, today) for case in chosen]
        if taken & set(chosen):
            raise Refusal("list_taken")
        made = _disposal(tx, directory, os.urandom(16), today, files, opens)
        if not lists.logs_of(made.cases) <= lists.logs_read(directory.current, officer.id, today):
            raise Refusal("list_not_reader")
        if not _others_keep(directory, officer, made, today):
            raise Refusal("list_no_second")
        body = made.to_bytes()
        disposals.add_draft(tx, DraftRow(made.id, body, officer.id, lists.sign_proposed(officer.sign_seed, body)))
        for case in chosen:
            record(ctx, tx, officer, "disposal-propose", case, about=made.id)
    return made.id


def approve(ctx: Context, officer: Officer, list_id: bytes, password: str) -> date:
    """Sign a list as the second person; the day on which it will be carried out.

    Raises WrongPassword, NotYours, CaseBroken, and Refusal: "list_gone", "second_person", "list_refused",
    "list_changed", "not_over", "is_held", "list_not_custodian".
    """
    reenter(ctx, officer, password)
    opens = _look_at_files(ctx, officer, received_days(ctx, list_id))
    with ctx.store.write() as tx:
        row = disposals.draft(tx, list_id)
        if row is None:
            raise Refusal("list_gone")
        if row.proposer == officer.id:
            raise Refusal("second_person")
        directory, today = ctx.directory(tx), ctx.clock.today()
        try:
            proposal = lists.check_proposed(directory, row)
        except DisposalRefused as error:
            raise Refusal("list_refused") from error
        if not lists.logs_of(proposal.cases) <= lists.logs_kept(directory.current, officer.id, today):
            raise Refusal("list_not_custodian")
        files = [_locked(ctx, tx, officer, one.case, today) for one in proposal.cases]
        made = _disposal(tx, directory, row.id, today, files, opens)
        moved = _moved(proposal, made, files)
        if moved or not lists.follows(proposal, made):
            raise Refusal("list_changed", registers=moved)
        body = made.to_bytes()
        approved = lists.sign_approved(officer.sign_seed, row.proposal, row.proposed, body)
        disposals.add(
            tx, DisposalRow(row.id, row.proposal, row.proposer, row.proposed, body, officer.id, approved)
        )
        disposals.drop_draft(tx, row.id)
        for file in files:
            record(ctx, tx, officer, "disposal-approve", file.case.id, about=row.id)
    return made.due


def withdraw(ctx: Context, officer: Officer, list_id: bytes) -> None:
    """Take back a list that has one signature. Raises Refusal "list_gone"."""
    with ctx.store.write() as tx:
        if disposals.draft(tx, list_id) is None:
            raise Refusal("list_gone")
        disposals.drop_draft(tx, list_id)
        record(ctx, tx, officer, WITHDRAWN, about=list_id)


def stop(ctx: Context, officer: Officer, list_id: bytes) -> None:
    """Stop a list that two signed and that was not carried out yet. Raises Refusal "list_gone" or "list_done"."""
    with ctx.store.write() as tx:
        if disposals.get(tx, list_id) is None:
            raise Refusal("list_gone")
        if list_id in disposals.done(tx):
            raise Refusal("list_done")
        record(ctx, tx, officer, STOP, about=list_id)


def _over(ctx: Context, officer: Officer, listed: set[bytes]) -> list[Line]:
    """The cases whose time is over and that stand on no list, the oldest first."""
    today = ctx.clock.today()
    with ctx.store.read() as tx:
        ids = disposals.candidates(tx, officer.id, years_after(today, -SHORTEST))
    read = rows_of(ctx, officer, [id_ for id_ in ids if id_ not in listed])
    return [Line(row.id, row.received, row.summary) for row in read if row.summary and is_over(row.summary, today)]


def _locked(ctx: Context, tx: Tx, officer: Officer, case: bytes, today: date) -> CaseFile:
    """A case that may be put on a list. Raises NotYours, CaseBroken, and Refusal "not_over" or "is_held"."""
    file = locked(ctx, tx, officer, case)
    with holding():
        derived = derive(file)
    if file.case.legal_hold or derived.held is not None:
        raise Refusal("is_held", register=derived.summary.register)
    if disposals.buried(tx, case):
        raise Refusal("list_done")
    if file.case.state != "closed" or not is_over(derived.summary, today):
        raise Refusal("not_over", register=derived.summary.register)
    return file


def _look_at_files(ctx: Context, officer: Officer, cases: Iterable[bytes]) -> dict[bytes, bool]:
    """Of the stored files that these cases name: whether each opens under the key that stands there.

    What does not open is damaged, or another case's, which a sender named who knows how it is called in the store.
    Outside any transaction: the store may be slow or hang, and nobody could send a report meanwhile. Raises NotYours,
    CaseBroken, Refusal "files_away".
    """
    named: dict[bytes, Stored] = {}
    with ctx.store.read() as tx:
        installation = ctx.directory(tx).installation
        for row in filter(None, (case_rows.get_case(tx, case) for case in cases)):
            stored = all_stored(read_for(ctx, tx, officer, row))
            named |= {id_: stored[id_] for id_ in attached.kept(tx, stored)}
    return {id_: _opens(ctx, installation, one) for id_, one in named.items()}


def _own_files(tx: Tx, file: CaseFile, opens: Mapping[bytes, bool]) -> set[bytes]:
    """The stored files of a case that open. Raises Refusal "list_changed" when one came since they were looked at."""
    kept = attached.kept(tx, all_stored(file))
    if not kept <= opens.keys():
        raise Refusal("list_changed")
    return {id_ for id_ in kept if opens[id_]}


def _opens(ctx: Context, installation: bytes, stored: Stored) -> bool:
    opener = stored.opener(installation)
    try:
        with suppress(AnotherSize):  # its sender said another size: it opens all the same
            opener.open(0, ctx.blobs.read(stored.id, *opener.where(0)))
    except (Refused, BlobMissing):
        return False
    except StoreUnavailable as error:
        raise Refusal("files_away") from error
    return True


def _disposal(
    tx: Tx, directory: Directory, id_: bytes, today: date, files: Iterable[CaseFile], opens: Mapping[bytes, bool]
) -> Disposal:
    doomed, stored = list[Doomed](), set[bytes]()
    for file in files:
        reach = ends(tx, directory.installation, file.case.id)
        if reach is None:
            raise CaseBroken("a chain has no end")
        doomed.append(Doomed(file.case.id, file.case.day, file.case.log, reach))
        stored |= _own_files(tx, file, opens)
    sequence = directory.current.sequence
    return Disposal(directory.installation, id_, sequence, today, tuple(doomed), tuple(sorted(stored)))


def _moved(proposal: Disposal, made: Disposal, files: Iterable[CaseFile]) -> list[str]:
    """The register numbers of the cases in which something happened since they were put on the list but a look."""
    before, now = ({one.case: one.ends for one in some.cases} for some in (proposal, made))
    return [derive(file).summary.register for file in files if _acted(before[file.case.id], now[file.case.id], file)]


def _acted(before: Ends, now: Ends, file: CaseFile) -> bool:
    acted = any(entry.kind not in UNREMARKABLE for entry in file.file[before.file :])
    return acted or before.thread_tip != now.thread_tip


def _others_keep(directory: Directory, officer: Officer, made: Disposal, today: date) -> bool:
    """Whether somebody else may give the second signature: else the list would wait for nobody."""
    others = (reader.id for reader in directory.current.readers if reader.id != officer.id)
    return any(lists.logs_of(made.cases) <= lists.logs_kept(directory.current, one, today) for one in others)
