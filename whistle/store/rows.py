"""What the tables hold, as frozen dataclasses. Ids are 16 random bytes, hashes and commitments 32 bytes.

A reporter's act is dated by its day, never by a time. Unix seconds stand only in what officers do.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CaseHead:
    """All of a case that stands in the clear and may change or be sorted by. ``log`` is "inner" or "outer"."""

    id: bytes
    day: date
    log: str
    state: str  # "open", "waiting" or "closed"
    next_day: date | None
    legal_hold: bool


@dataclass(frozen=True, slots=True)
class CaseRow(CaseHead):
    """A case with the hash of its receipt's lookup id and the reporter's public keys (1,216 and 32 bytes)."""

    lookup_hash: bytes
    reporter_hpke: bytes
    reporter_sign: bytes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One sealed entry of a chain (1 thread, 2 file). ``prev`` is the hash of the entry before in that chain."""

    id: bytes
    case: bytes
    chain: int
    epoch: int
    place: int
    day: date
    sealed: bytes
    prev: bytes


@dataclass(frozen=True, slots=True)
class EpochRow:
    """The commitment to a chain's key of one epoch."""

    case: bytes
    chain: int
    epoch: int
    commitment: bytes


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A chain's epoch key sealed to one reader: by HPKE, or wrapped under that reader's vault.

    The grants of an identity key have chain 3 and epoch 0.
    """

    case: bytes
    chain: int
    epoch: int
    reader: bytes
    form: str  # "hpke" or "vault"
    sealed: bytes


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The sealed summary of a case, always of one size, and the chain and epoch whose key opens it."""

    case: bytes
    chain: int
    epoch: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """The sealed identity record of a case, there and of one size whether or not anything is in it."""

    case: bytes
    commitment: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class LeafRow:
    """A leaf of the Merkle log that waits for its place. Nothing but its day connects it with a case."""

    id: bytes
    day: date
    log: str
    leaf: bytes


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A line of an officer's list: the case, its summary, and the officer's grant and commitment of its key.

    ``summary`` is None when there is none, ``grant`` when the officer holds none for it. The places are counted in the
    entries themselves, so that a summary can be held against them.
    """

    case: CaseHead
    summary: SummaryRow | None
    grant: GrantRow | None
    commitment: bytes | None
    thread_places: int
    file_places: int


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer. ``vault``, ``private``, ``totp`` and ``root`` are sealed; ``totp_step`` is the last step used.

    ``dual_public`` (Ed25519 || ML-DSA-65) is empty for officers of a time when only the root signed manifests.
    """

    id: bytes
    login: str
    name: str
    role: str
    unit: str
    status: str  # "active" or "suspended"
    hpke_public: bytes
    sign_public: bytes
    vault: bytes
    private: bytes
    totp: bytes
    totp_step: int
    root: bytes | None
    dual_public: bytes


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that waits for its officer. ``id`` is the SHA-256 of the token in the link; times in Unix seconds.

    ``officer``: the id that the officer will have, or has already when somebody is to make new keys.
    """

    id: bytes
    officer: bytes
    login: str
    name: str
    role: str
    unit: str
    by: bytes
    created: int
    expires: int


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """Keys that an officer made and that no signed manifest admits yet. Sealed like an `OfficerRow`."""

    officer: bytes
    login: str
    name: str
    role: str
    unit: str
    hpke_public: bytes
    sign_public: bytes
    dual_public: bytes
    vault: bytes
    private: bytes
    totp: bytes
    totp_step: int
    created: int


def as_officer(row: EnrolmentRow) -> OfficerRow:
    """The officer that an enrolment becomes once a signed manifest admits its keys."""
    return OfficerRow(
        row.officer, row.login, row.name, row.role, row.unit, "active", row.hpke_public, row.sign_public,
        row.vault, row.private, row.totp, row.totp_step, None, row.dual_public,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResetRow:
    """A colleague's signed word that an officer lost the second factor; ``code_hash`` is that of the code given."""

    officer: bytes
    code_hash: bytes
    by: bytes
    created: int
    expires: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class JobRow:
    """Work on many cases in an officer's session, ``about`` another one: ``done`` of ``total`` were gone through.

    ``place`` is the last case gone through. Of the cases gone through, ``given`` were changed, ``broken`` do not open
    and ``later`` wait for another day.
    """

    id: bytes
    officer: bytes
    kind: str
    about: bytes
    created: int
    done: int
    total: int
    state: str
    place: bytes | None = None
    given: int = 0
    broken: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An officer's session: the vault key locked under the secret in the cookie. Times are Unix seconds."""

    id: bytes
    officer: bytes
    locked: bytes
    created: int
    seen: int
    expires: int


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A row of the audit log, signed by the officer who acted. ``prev`` is the hash of the row before."""

    seq: int
    prev: bytes
    at: int
    officer: bytes | None
    action: str
    case: bytes | None
    entry: bytes | None
    detail: str
    signature: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """A signed recipients manifest: its body, dual signature and the dual public key that made it.

    ``names`` are its officers' logins and names, whose hash the body holds; empty where they were not asked for.
    """

    sequence: int
    body: bytes
    signature: bytes
    signer: bytes
    names: bytes = b""


@dataclass(frozen=True, slots=True)
class ThrottleRow:
    """Failed sign-ins of one name (hashed) and the Unix second before which the next try is refused."""

    name_hash: bytes
    failures: int
    until: int


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A list of cases to be deleted that one officer signed: its body, who, and the signature (64 B)."""

    id: bytes
    proposal: bytes
    proposer: bytes
    proposed: bytes


@dataclass(frozen=True, slots=True)
class DisposalRow(DraftRow):
    """A list that a second officer signed as well; ``body`` is the list as that one saw it."""

    body: bytes
    approver: bytes
    approved: bytes
