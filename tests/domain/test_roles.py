from whistle.domain.roles import EVERYBODY, PERMISSIONS, ROLES, UNITS

CASE = {permission for permission in PERMISSIONS if permission.startswith("case.")}
REPORT = {"report.view", "report.export"}
RETENTION = {"retention.propose", "retention.approve"}
VOUCH = "officers.vouch"


def test_each_role_of_the_design_may_exactly_what_it_should():
    expected = {
        "penelaah": {*EVERYBODY, *CASE - {"case.approve", "case.release"}, VOUCH, "retention.propose"},
        "irban": {
            *EVERYBODY, "case.list", "case.open", "case.ask", "case.answer", "case.note", "case.attach", "case.move",
            "case.close", "case.hold", VOUCH,
        },
        "pimpinan": {
            *EVERYBODY, *CASE, *REPORT, *RETENTION, "audit.view", "officers.view", "officers.suspend",
            "manifest.sign", "report.letter", VOUCH,
        },
        "luar": {*EVERYBODY, *CASE, *REPORT, *RETENTION, "officers.view", "manifest.sign", VOUCH},
        "admin": {*EVERYBODY, "officers.view", "officers.invite", "officers.suspend"},
        "auditor": {*EVERYBODY, "audit.view"},
    }  # fmt: skip
    assert {code: set(ROLES[code].permissions) for code in expected} == expected


def test_admin_and_auditor_touch_no_case():
    assert not (ROLES["admin"].permissions | ROLES["auditor"].permissions) & CASE


def test_who_administers_vouches_for_nobody():
    assert {code for code, role in ROLES.items() if VOUCH in role.permissions} == {
        "penelaah", "irban", "pimpinan", "luar",
    }  # fmt: skip


def test_who_invites_admits_nobody():
    assert not [role.code for role in ROLES.values() if {"officers.invite", "manifest.sign"} <= role.permissions]


def test_who_drafts_a_closing_does_not_approve_it():
    assert "case.approve" not in ROLES["penelaah"].permissions | ROLES["irban"].permissions


def test_units_are_staffed_by_the_role_that_does_their_work():
    expected = {
        "triase": "penelaah", "irban-1": "irban", "irban-2": "irban", "irban-3": "irban", "irban-4": "irban",
        "irban-khusus": "irban", "pimpinan": "pimpinan", "sekda": "luar", "provinsi": "luar",
    }  # fmt: skip
    assert {code: UNITS[code].role for code in expected} == expected
