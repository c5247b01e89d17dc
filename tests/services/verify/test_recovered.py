"""After recovery, and after an offline root, `verify` has nothing to say."""

from tests import admitting
from tests.inspectorate import Inspectorate
from tests.services.verify.checking import faults
from whistle.services import casework, founding, recovery
from whistle.services.setup import NewOfficer


def recovered(office: Inspectorate, log: str = "inner", **how: bool) -> None:
    key = recovery.unlock(office.ctx, log, office.recovery[log])
    list(recovery.run(office.ctx, key, **how))  # type: ignore[arg-type]


def everybody(office: Inspectorate, *logins: str) -> None:
    for login in (None, *logins):
        assert faults(office, login) == []


def test_a_forgotten_password_leaves_no_fault(office: Inspectorate) -> None:
    office.triaged("yusuf")
    office.report()
    admitting.admit(office, admitting.new_keys(office, "yusuf"))
    recovered(office)
    everybody(office, "yusuf", "rahma")


def test_all_officers_lost_leaves_no_fault(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    office.report()
    gone = ("rahma", "yusuf")
    people = [admitting.keyed(office, f"{login}2", "penelaah", "triase") for login in gone]
    admitting.admit(office, *people, without=gone)
    recovered(office)
    recovery.rehearse(office.ctx, recovery.unlock(office.ctx, "inner", office.recovery["inner"]))
    everybody(office, "rahma2", "inspektur")
    casework.declare(office.ctx, office.officer("rahma2"), case)
    everybody(office, "rahma2", "yusuf2")


def test_stolen_keys_leave_no_fault(office: Inspectorate) -> None:
    office.triaged()
    office.report()
    recovered(office, stolen=True)
    recovered(office, stolen=True)
    everybody(office, "rahma", "inspektur")


def test_links_from_the_shell_are_no_fault(office: Inspectorate) -> None:
    founding.invite(office.ctx, [NewOfficer("siti", "Siti Aminah", "penelaah", "triase")])
    everybody(office, "rahma")
