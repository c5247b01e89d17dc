from whistle.domain.roles import EVERYBODY, PERMISSIONS, ROLES, UNITS

CASE = {permission for permission in PERMISSIONS if permission.startswith("case.")}
REPORT = {"report.view", "report.export"}
VOUCH = "officers.vouch"


def test_each_role_of_the_design_may_exactly_what_it_should():
    expected = {
        "penelaah": {*EVERYBODY, *CASE - {"case.approve"}, VOUCH},
        "irban": {
            *EVERYBODY, "case.list", "case.open", "case.ask", "case.answer", "case.note", "case.move", "case.close",
            VOUCH,
        },
        "pimpinan": {*EVERYBODY, *CASE, *REPORT, "officers.view", VOUCH},
        "luar": {*EVERYBODY, *CASE, *REPORT, VOUCH},
        "admin": {*EVERYBODY, "officers.view"},
        "auditor": {*EVERYBODY, "audit.view"},
    }  # fmt: skip
    assert {code: set(ROLES[code].permissions) for code in expected} == expected


def test_admin_and_auditor_touch_no_case():
    assert not (ROLES["admin"].permissions | ROLES["auditor"].permissions) & CASE


def test_who_administers_vouches_for_nobody():
    assert {code for code, role in ROLES.items() if VOUCH in role.permissions} == {
        "penelaah", "irban", "pimpinan", "luar",
    }  # fmt: skip


def test_who_drafts_a_closing_does_not_approve_it():
    assert "case.approve" not in ROLES["penelaah"].permissions | ROLES["irban"].permissions


def test_units_are_staffed_by_the_role_that_does_their_work():
    expected = {
        "triase": "penelaah", "irban-1": "irban", "irban-2": "irban", "irban-3": "irban", "irban-4": "irban",
        "irban-khusus": "irban", "pimpinan": "pimpinan", "sekda": "luar", "provinsi": "luar",
    }  # fmt: skip
    assert {code: UNITS[code].role for code in expected} == expected
