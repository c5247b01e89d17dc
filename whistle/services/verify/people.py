"""Who is signed in, who waits to be admitted, who was invited: rows that come and go."""

from whistle.casefile.manifest import Directory
from whistle.crypto.signing import DUAL_PUBLIC
from whistle.crypto.suite import Refused
from whistle.domain.roles import ROLES, UNITS
from whistle.services.context import Context
from whistle.services.invitations import BY_NOBODY
from whistle.services.verify.findings import Findings
from whistle.services.vouching import check_voucher, is_unused
from whistle.store import enrolments, examine, invitations, officers, resets
from whistle.store.rows import EnrolmentRow, InvitationRow, OfficerRow, ResetRow, SessionRow

LONGEST = 24 * 3600  # seconds: no setting lets a session last longer
PUBLIC, SIGN = 1216, 32  # bytes
SLACK = 86_400  # seconds by which a clock may have been set back since


def check_people(ctx: Context, findings: Findings, directory: Directory | None) -> None:
    """Nothing in these rows opens a case; what is impossible in them was written by hand. Raises StoreUnavailable."""
    with examine.examining(ctx.store) as tx:
        people = officers.all_officers(tx)
        known, waiting_resets = {row.id: row.login for row in people}, resets.every(tx)
        sessions, waiting, invited = officers.all_sessions(tx), enrolments.every(tx), invitations.every(tx)
    now = int(ctx.clock.now().timestamp())
    for session in sessions:
        with findings.surviving("session-impossible", "session", examine.show(session.id)):
            _check_session(findings, session, now)
    for row in waiting:
        with findings.surviving("enrolment-impossible", "enrolment", examine.show(row.officer)):
            _check_enrolment(findings, row, known)
    for reset in waiting_resets:
        with findings.surviving("reset-forged", "totp_reset", examine.show(reset.officer)):
            _check_reset(ctx, findings, reset, directory, people)
    for invitation in invited:
        with findings.surviving("invitation-impossible", "invitation", examine.show(invitation.id)):
            _check_invitation(findings, invitation, known)


def _check_session(findings: Findings, row: SessionRow, now: int) -> None:
    findings.count("sessions")
    if row.expires - row.created > LONGEST or row.created > now + SLACK:
        found = f"it lasts {row.expires - row.created} seconds" if row.created <= now + SLACK else "it begins tomorrow"
        findings.fault("session-impossible", "session", examine.show(row.id), found)


def _check_enrolment(findings: Findings, row: EnrolmentRow, known: dict[bytes, str]) -> None:
    findings.count("enrolments")
    sizes = (len(row.hpke_public), len(row.sign_public), len(row.dual_public))
    others = {login for id_, login in known.items() if id_ != row.officer}
    another = row.login in others or known.get(row.officer, row.login) != row.login
    if sizes != (PUBLIC, SIGN, DUAL_PUBLIC) or another or row.role not in ROLES:
        found = f"{row.login}: a size, the role or the login is not what an officer's own page makes"
        findings.fault("enrolment-impossible", "enrolment", examine.show(row.officer), found)


def _check_reset(
    ctx: Context, findings: Findings, row: ResetRow, directory: Directory | None, people: list[OfficerRow]
) -> None:
    findings.count("resets of second factors")
    by = next((person for person in people if person.id == row.by), None)
    try:
        if directory is not None:
            check_voucher(directory, row, by)
    except Refused:
        found = "no colleague who may vouch signed it"
        findings.fault("reset-forged", "totp_reset", examine.show(row.officer), found)
        return
    with examine.examining(ctx.store) as tx:
        if directory is not None and not is_unused(tx, directory, row):
            found = "the audit log does not say that these words still wait"
            findings.fault("reset-put-back", "totp_reset", examine.show(row.officer), found)


def _check_invitation(findings: Findings, row: InvitationRow, known: dict[bytes, str]) -> None:
    findings.count("invitations")
    if row.by not in (BY_NOBODY, *known) or row.role not in ROLES or (row.unit and row.unit not in UNITS):
        found = f"{row.login}: it is by nobody, or for a role or unit that is none"
        findings.fault("invitation-impossible", "invitation", examine.show(row.id), found)
