"""Officers who are moved to another unit by a manifest that the root signs, and keep their keys."""

from collections.abc import Iterable
from dataclasses import replace

from tests import admitting
from tests.inspectorate import Inspectorate
from whistle.domain.roles import UNITS
from whistle.store import officers


def move(office: Inspectorate, posts: dict[str, str], leave: Iterable[str] = ()) -> None:
    """One manifest that moves officers (login -> unit), and removes those who ``leave``."""
    people = []
    with office.ctx.store.read() as tx:
        known = office.ctx.directory(tx).officers
        for login, unit in posts.items():
            row = officers.by_login(tx, login)
            assert row is not None
            post = {"role": UNITS[unit].role, "unit": unit}
            people.append((replace(row, **post, status="active"), replace(known[row.id], **post)))
            office._signed_in.pop(login, None)
    admitting.admit(office, *people, without=tuple(leave))
