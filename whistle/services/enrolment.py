"""Whoever was invited opens the link, chooses a password, takes up the second factor and makes the keys.

Everything happens in one request and one transaction. The link works once: a second sending of the same form, after a
double tap or an answer lost on the way, finds the keys made and makes no others. The words that stand for them are made
of keys that the newcomer holds, never of the row, which somebody else can write: later they need the password.
"""

import os
from dataclasses import dataclass

from whistle.casefile.manifest import dual_hash
from whistle.crypto import totp, vault
from whistle.crypto.fingerprint import fingerprint
from whistle.crypto.signing import dual_public, ed25519_public
from whistle.crypto.suite import Refused, hpke_public
from whistle.domain import passwords
from whistle.services import tries
from whistle.services.context import Context
from whistle.services.invitations import Person, token_hash
from whistle.services.recording import record_unsigned
from whistle.services.reentry import counted
from whistle.services.refusals import Refusal
from whistle.store import enrolments, invitations, officers
from whistle.store.database import Duplicate, Tx
from whistle.store.rows import EnrolmentRow, InvitationRow, OfficerRow


class LinkGone(Exception):
    """The link is unknown, withdrawn, replaced or too old. Never says which."""


@dataclass(frozen=True)
class Link:
    """What an invited person sees. ``made``: keys were made with this link."""

    person: Person
    made: bool


def look(ctx: Context, token: str) -> Link:
    """What a link is for. Looking uses nothing up: messengers open links to preview them. Raises LinkGone."""
    with ctx.store.read() as tx:
        invitation = _invitation(ctx, tx, token)
        made = enrolments.get(tx, invitation.officer) is not None
    return Link(Person(invitation.login, invitation.name, invitation.role, invitation.unit), made)


def words_again(ctx: Context, token: str, password: str) -> tuple[str, ...]:
    """The six words of the keys that ``password`` opens; whoever exchanged the row's public ones has others signed.

    Raises LinkGone, also where no keys were made, and WrongPassword. Counted with the tries at the sign-in.
    """
    with ctx.store.read() as tx:
        row = enrolments.get(tx, _invitation(ctx, tx, token).officer)
    if row is None:
        raise LinkGone
    made = row

    def opened() -> bytes:
        vault_key = vault.open_vault(vault.VaultRecord.from_bytes(made.vault), password)
        return vault.unlock(vault_key, "private", made.private, made.officer)

    private = counted(
        ctx, tries.by_login(row.login), opened, lambda tx: record_unsigned(ctx, tx, "sign-in-refused", made.officer)
    )
    dual = dual_hash(dual_public(private[64:]))
    return fingerprint(hpke_public(private[:32]), ed25519_public(private[32:64]), dual)


def enrol(ctx: Context, token: str, password: str, secret: bytes, code: str) -> tuple[str, ...]:
    """Make the officer's vault and keys; their six words, or none when keys were made with this link before.

    ``secret`` is that of the second factor (20 B), ``code`` shows it was kept. The words are those of the keys just
    made, whatever became of the row: whoever exchanged it at that moment would otherwise have the newcomer read out the
    words of keys of his own. Raises LinkGone, and Refusal "password" (with ``fault``, see `passwords.fault`) or "code".
    """
    with ctx.store.read() as tx:
        invitation = _invitation(ctx, tx, token)
        if enrolments.get(tx, invitation.officer):
            return ()
        known = officers.by_id(tx, invitation.officer)
    fault = passwords.fault(password, invitation.login)
    if fault:
        raise Refusal("password", fault=fault)
    now = int(ctx.clock.now().timestamp())
    try:
        step = totp.verify(secret, code, now, 0)
    except Refused as error:
        raise Refusal("code") from error
    row = _made(ctx, invitation, known, password, secret, step, now)
    try:
        with ctx.store.write() as tx:
            if invitations.get(tx, invitation.id) is None:  # withdrawn or replaced meanwhile
                raise LinkGone
            enrolments.add(tx, row)
            record_unsigned(ctx, tx, "enrol", invitation.officer)
    except Duplicate:
        return ()  # the same form was sent twice at once; the first one's keys are the keys
    return words_of(row)


def words_of(row: EnrolmentRow | OfficerRow) -> tuple[str, ...]:
    """The six words that stand for the public keys in a row: what a signer would sign."""
    return fingerprint(row.hpke_public, row.sign_public, dual_hash(row.dual_public))


def _invitation(ctx: Context, tx: Tx, token: str) -> InvitationRow:
    invitation = invitations.get(tx, token_hash(token))
    if invitation is None:
        raise LinkGone
    used = enrolments.get(tx, invitation.officer) is not None  # then it may be looked at until the signature
    if invitation.expires <= ctx.clock.now().timestamp() and not used:
        raise LinkGone
    return invitation


def _made(
    ctx: Context,
    invitation: InvitationRow,
    known: OfficerRow | None,
    password: str,
    secret: bytes,
    step: int,
    now: int,
) -> EnrolmentRow:
    record, vault_key = _vault(ctx, known, password)
    id_ = invitation.officer
    hpke_seed, sign_seed, dual_seed = os.urandom(32), os.urandom(32), os.urandom(64)
    return EnrolmentRow(
        officer=id_,
        login=invitation.login,
        name=invitation.name,
        role=invitation.role,
        unit=invitation.unit,
        hpke_public=hpke_public(hpke_seed),
        sign_public=ed25519_public(sign_seed),
        dual_public=dual_public(dual_seed),
        vault=record.to_bytes(),
        private=vault.lock(vault_key, "private", hpke_seed + sign_seed + dual_seed, id_),
        totp=vault.lock(vault_key, "totp", secret, id_),
        totp_step=step,
        created=now,
    )


def _vault(ctx: Context, known: OfficerRow | None, password: str) -> tuple[vault.VaultRecord, bytes]:
    """A new vault; with the salt of the officer's present one, so that a sign-in derives one key to try both.

    Else it would take longer for whoever waits for new keys, and tell that the name exists.
    """
    s = ctx.settings
    params, salt = vault.KdfParams(s.argon2_memory_kib, s.argon2_iterations, s.argon2_lanes), None
    if known is not None:
        try:
            present = vault.VaultRecord.from_bytes(known.vault)
            if _costs_no_less(present.params, params):  # the row may have been made cheap to guess
                params, salt = present.params, present.salt
        except Refused:
            pass  # a damaged vault is replaced by a whole one
    return vault.create_vault(password, params, salt)


def _costs_no_less(one: vault.KdfParams, other: vault.KdfParams) -> bool:
    return one.memory_kib >= other.memory_kib and one.iterations >= other.iterations and one.lanes <= other.lanes
