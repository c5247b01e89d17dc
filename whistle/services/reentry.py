"""The password once more, from somebody who is signed in: a desk that was left open decides nothing weighty."""

from collections.abc import Callable
from typing import TypeVar

from whistle.crypto import vault
from whistle.crypto.suite import Refused
from whistle.services import tries
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.store import officers
from whistle.store.database import Tx

T = TypeVar("T")


class WrongPassword(Exception):
    """The password is not this officer's, or has to wait ``wait_seconds`` first."""

    def __init__(self, wait_seconds: int = 0) -> None:
        super().__init__("wrong password")
        self.wait_seconds = wait_seconds


def reenter(ctx: Context, officer: Officer, password: str) -> vault.VaultRecord:
    """The officer's vault as it is stored, which ``password`` opens. Raises WrongPassword.

    Counted for the session: whoever finds an open desk cannot guess faster there than at the sign-in, and who signs in
    wrongly somewhere else slows nobody here.
    """
    counter = tries.by_session(officer.session) if officer.session else tries.by_login(officer.login)

    def opened() -> vault.VaultRecord:
        with ctx.store.read() as tx:
            row = officers.by_id(tx, officer.id)
        if row is None:
            raise Refused("nobody")
        stored = vault.VaultRecord.from_bytes(row.vault)
        if vault.open_vault(stored, password) != officer.vault_key:
            raise Refused("another vault")
        return stored

    return counted(ctx, counter, opened, lambda tx: record(ctx, tx, officer, "password-refused"))


def counted(ctx: Context, counter: bytes, opened: Callable[[], T], refused: Callable[[Tx], None]) -> T:
    """What ``opened`` returns, as a counted try.

    Raises WrongPassword where ``opened`` raises Refused; ``refused`` puts that into the audit log.
    """
    try:
        wait = tries.count(ctx, counter, int(ctx.clock.now().timestamp()))
    except tries.TooSoon as soon:
        raise WrongPassword(soon.seconds) from soon
    try:
        found = opened()
    except Refused as error:
        with ctx.store.write() as tx:
            refused(tx)
        raise WrongPassword(wait) from error
    with ctx.store.write() as tx:
        tries.forget(tx, counter)
    return found
