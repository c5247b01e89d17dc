"""Sign the next manifest: admit, remove, delegate, let act, or renew. Only the root key or a delegate's can.

What is signed is what was shown, named by its digest. The manifest, the officers' rows and the audit rows are stored in
one transaction; of two signers at once the second is told and nothing of theirs is half done.
"""

from dataclasses import dataclass, replace
from datetime import date

from whistle.casefile.manifest import Directory, ManifestRefused, SignedManifest, sign_manifest, verify_chain
from whistle.crypto import vault
from whistle.crypto.signing import dual_public
from whistle.domain.roles import ROLES
from whistle.services.context import Context, row_of, signed_rows
from whistle.services.officer import Officer
from whistle.services.proposal import Choices, Power, Proposal, power_of, propose
from whistle.services.recording import record
from whistle.services.reentry import reenter
from whistle.services.refusals import Refusal
from whistle.store import enrolments, handing, invitations, officers
from whistle.store.database import Duplicate, Tx
from whistle.store.rows import EnrolmentRow, OfficerRow, as_officer

SIGNING_ROLES = frozenset(code for code, role in ROLES.items() if "manifest.sign" in role.permissions)


@dataclass(frozen=True)
class Desk:
    """What a signer needs to choose: the directory, who waits, and by what power this officer signs (None: none)."""

    directory: Directory
    waiting: tuple[EnrolmentRow, ...]
    suspended: frozenset[bytes]
    power: Power | None
    today: date


def desk(ctx: Context, officer: Officer) -> Desk:
    """Raises Refusal "role"."""
    if not officer.may("manifest.sign"):
        raise Refusal("role", permission="manifest.sign")
    with ctx.store.read() as tx:
        directory, today = ctx.directory(tx), ctx.clock.today()
        rows = officers.all_officers(tx)
        me = next(row for row in rows if row.id == officer.id)
        suspended = frozenset(row.id for row in rows if row.status == "suspended" and row.id in directory.current.by_id)
        return Desk(directory, tuple(enrolments.every(tx)), suspended, power_of(directory, me, today), today)


def review(ctx: Context, officer: Officer, choices: Choices) -> Proposal:
    """What would be signed. Raises Refusal: "role", "no_power", "self", "suspended", or what `propose` refuses."""
    if not officer.may("manifest.sign"):
        raise Refusal("role", permission="manifest.sign")
    with ctx.store.read() as tx:
        return _proposal(ctx, tx, officer, choices)


def sign(ctx: Context, officer: Officer, choices: Choices, digest: str, password: str) -> int:
    """Sign what `review` showed under ``digest``, after the password was entered again. Returns the sequence.

    Raises WrongPassword, and Refusal: "changed" when something else was signed or made meanwhile, or as `review`.
    """
    if not officer.may("manifest.sign"):
        raise Refusal("role", permission="manifest.sign")
    reenter(ctx, officer, password)
    with ctx.store.read() as tx:
        proposal = _proposal(ctx, tx, officer, choices)
        row = officers.by_id(tx, officer.id)
        chain = signed_rows(officers.all_manifests(tx))
    if proposal.digest != digest or row is None:
        raise Refusal("changed_list")
    signed = _signed(ctx, officer, row, proposal)
    try:
        verify_chain([*chain, signed], ctx.trust.root(), ctx.floor())  # nothing is stored that would be refused later
    except ManifestRefused as error:
        raise Refusal("beyond", tracks=()) from error
    sequence = proposal.manifest.sequence
    try:
        with ctx.store.write() as tx:
            officers.insert_manifest(tx, row_of(sequence, signed))
            for enrolment in proposal.admitted:
                take_in(tx, enrolment)
            for id_ in choices.remove:
                let_go(tx, id_)
            _record(ctx, tx, officer, proposal)
    except Duplicate as error:
        raise Refusal("changed_list") from error
    with ctx.store.read() as tx:
        ctx.directory(tx)  # raises the floor
    return sequence


def _proposal(ctx: Context, tx: Tx, officer: Officer, choices: Choices) -> Proposal:
    directory, today = ctx.directory(tx), ctx.clock.today()
    rows = {row.id: row for row in officers.all_officers(tx)}
    power = power_of(directory, rows[officer.id], today)
    if power is None:
        raise Refusal("no_power")
    if officer.id in choices.remove:
        raise Refusal("self")
    for id_ in choices.admit:
        if id_ in rows and rows[id_].root is not None:
            raise Refusal("keeps_root")
    given = {*(acting.officer for acting in choices.act), *(one.officer for one in choices.delegate)}
    for id_ in given & directory.current.by_id.keys():
        if id_ in rows and rows[id_].status == "suspended":
            raise Refusal("suspended", name=directory.name(id_))
    latest = officers.latest_manifest(tx)
    if latest is None or latest.sequence != directory.current.sequence:
        raise Refusal("changed_list")
    enrolled = {row.officer: row for row in enrolments.every(tx)}
    keys = {id_: row.dual_public for id_, row in rows.items()}
    return propose(directory, latest.body, power, choices, enrolled, keys, today)


def _signed(ctx: Context, officer: Officer, row: OfficerRow, proposal: Proposal) -> SignedManifest:
    if proposal.power.root:
        seed, signer = vault.unlock(officer.vault_key, "root", row.root or b"", row.id), ctx.trust.root()
    else:
        seed, signer = officer.dual_seed, row.dual_public
    if len(seed) != 64 or dual_public(seed) != signer:
        raise Refusal("no_power")
    return sign_manifest(proposal.manifest, seed, signer)


def take_in(tx: Tx, shown: EnrolmentRow) -> None:
    """An enrolment becomes the officer: the very keys that were shown, or nothing."""
    row = enrolments.get(tx, shown.officer)
    if row is None or replace(row, totp_step=shown.totp_step) != shown or not enrolments.delete(tx, row.officer):
        raise Refusal("changed_list")
    fresh = as_officer(row)
    if officers.by_id(tx, row.officer) is None:
        officers.insert_officer(tx, fresh)
    else:
        officers.update_officer(tx, fresh)
        officers.delete_sessions_of(tx, row.officer)  # they hold the vault key of before
        handing.mark_stale(tx, row.officer)
    invitations.delete(tx, row.officer)


def let_go(tx: Tx, id_: bytes) -> None:
    """The row stays, for the names in the log; nobody signs in with it."""
    officers.set_status(tx, id_, "suspended")
    officers.delete_sessions_of(tx, id_)
    invitations.delete(tx, id_)
    enrolments.delete(tx, id_)


def _record(ctx: Context, tx: Tx, officer: Officer, proposal: Proposal) -> None:
    """One row for the manifest, and one for each person whom it concerns."""
    found = proposal.changes
    record(ctx, tx, officer, "manifest")
    acts = [("admit", row.officer) for row in proposal.admitted]
    acts += [("remove", reader.id) for reader in found.leaves]
    acts += [("acting", acting.officer) for acting in found.acting]
    acts += [("acting-ended", acting.officer) for acting in found.no_longer_acting]
    acts += [("delegate", delegation.officer) for delegation in (*found.delegated, *found.redelegated)]
    acts += [("delegate-ended", delegation.officer) for delegation in found.undelegated]
    for action, about in acts:
        record(ctx, tx, officer, action, about=about)
