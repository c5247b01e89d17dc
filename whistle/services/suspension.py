"""Suspend an officer at once, and lift it again. Who reads reports is not changed by it: that takes a signature."""

from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import Refusal
from whistle.store import officers


def suspend(ctx: Context, officer: Officer, whom: bytes) -> None:
    """From now on ``whom`` cannot sign in, and every session of theirs is over.

    Raises Refusal "role", "gone" (nobody has this id) or "self".
    """
    _set(ctx, officer, whom, "suspended", "suspend")


def lift(ctx: Context, officer: Officer, whom: bytes) -> None:
    """``whom`` may sign in again, as far as the manifest still admits them. Raises Refusal as `suspend`."""
    _set(ctx, officer, whom, "active", "lift")


def _set(ctx: Context, officer: Officer, whom: bytes, status: str, action: str) -> None:
    if not officer.may("officers.suspend"):
        raise Refusal("role", permission="officers.suspend")
    if whom == officer.id:
        raise Refusal("self")
    with ctx.store.write() as tx:
        if officers.by_id(tx, whom) is None:
            raise Refusal("gone")
        if not officers.set_status(tx, whom, status):
            return  # a double tap, or a colleague was first
        officers.delete_sessions_of(tx, whom)
        record(ctx, tx, officer, action, about=whom)
