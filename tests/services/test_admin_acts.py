"""Whatever an administrator does at the desk and in the tables, in whatever order: nobody else is sealed in."""

import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inspectorate import Inspectorate
from tests.services import staff
from whistle.casefile.manifest import RECOVERY, REPORTER
from whistle.crypto.suite import hpke_public
from whistle.services import enrolment, invitations, suspension
from whistle.services.invitations import Person
from whistle.services.refusals import Refusal
from whistle.store import cases, enrolments, officers
from whistle.store.database import Duplicate
from whistle.store.rows import as_officer

LOGINS = ("rahma", "prov1", "gunawan", "baru", "lain")
OWN = hpke_public(b"admin's own key, of 32 bytes    ")
ACTS = (
    "invite", "take the link", "withdraw", "suspend", "lift", "swap keys", "swap waiting keys", "promote", "copy in",
)  # fmt: skip


def person(login: str) -> Person:
    unit = {"rahma": "triase", "prov1": "provinsi", "gunawan": "irban-khusus"}.get(login, "pimpinan")
    role = {"triase": "penelaah", "provinsi": "luar", "irban-khusus": "irban"}.get(unit, "pimpinan")
    return Person(login, login.title(), role, unit)


def done(office: Inspectorate, act: str, login: str) -> None:
    """One act, as far as the desk or the database lets it happen."""
    admin = office.officer("admin")
    with office.ctx.store.read() as tx:
        row, waiting = officers.by_login(tx, login), enrolments.by_login(tx, login)
    match act:
        case "invite":
            staff.invited(office, person(login))
        case "take the link":
            token, secret = staff.invited(office, person(login)), os.urandom(20)
            enrolment.enrol(office.ctx, token, "kata sandi milik admin", secret, staff.code_of(office, secret))
        case "withdraw":
            invitations.withdraw(office.ctx, admin, waiting.officer if waiting else bytes(16), made=True)
        case "suspend" | "lift" if row:
            (suspension.suspend if act == "suspend" else suspension.lift)(office.ctx, admin, row.id)
        case "swap keys" | "promote" if row:
            changes: dict[str, Any] = {"hpke_public": OWN} if act == "swap keys" else {"unit": "pimpinan"}
            with office.ctx.store.write() as tx:
                officers.update_officer(tx, replace(row, **changes))
        case "swap waiting keys" if waiting:
            with office.ctx.store.write() as tx:
                enrolments.delete(tx, waiting.officer)
                enrolments.add(tx, replace(waiting, hpke_public=OWN))
        case "copy in" if waiting:
            with office.ctx.store.write() as tx:
                new = officers.by_id(tx, waiting.officer) is None
                made = as_officer(waiting)
                (officers.insert_officer if new else officers.update_officer)(tx, made)


def sealed_to(office: Inspectorate, **answers: object) -> dict[bytes, int]:
    """Who a new report is sealed to, each with the number of grants."""
    _, _, case = office.report(**answers)
    found: dict[bytes, int] = {}
    with office.ctx.store.read() as tx:
        for grant in cases.grants(tx, case):
            found[grant.reader] = found.get(grant.reader, 0) + 1
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_acts_of_an_administrator_change_who_is_sealed_in(office: Inspectorate, database: str) -> None:
    outer = {"accused": ("inspektur",)}
    before = (sealed_to(office), sealed_to(office, **outer))
    manifest = staff.directory(office).current
    assert {REPORTER, RECOVERY["inner"]} < set(before[0])

    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(LOGINS)), min_size=1, max_size=8))
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def tried(acts: list[tuple[str, str]]) -> None:
        for act, login in acts:
            try:
                done(office, act, login)
            except (Refusal, Duplicate):
                pass  # the desk said no
        assert staff.directory(office).current == manifest
        assert (sealed_to(office), sealed_to(office, **outer)) == before

    tried()
