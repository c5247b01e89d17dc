"""Officers, reporters and sign-ins at one moment: no number, place or code counts twice, nobody waits in a ring."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.inspectorate import Inspectorate, act
from whistle.crypto import totp
from whistle.services import casework, followup, rewrapping, tries, unlock
from whistle.services.unlock import SignInRefused
from whistle.services.work import read_for
from whistle.store import audit, cases, officers

MANY = 12


def all_at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run all jobs in threads of their own; what they return, or the exception."""

    def run(job: Callable[[], object]) -> object:
        try:
            return job()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_register_numbers_audit_rows_and_places_are_given_once(office: Inspectorate) -> None:
    # Given a case that everybody writes to, and reports that nobody has looked at
    _, keys, shared = office.triaged()
    fresh = [office.report()[2] for _ in range(MANY)]
    rahma, yusuf = office.officer("rahma"), office.officer("yusuf")
    casework.declare(office.ctx, yusuf, shared)
    for case in fresh:
        casework.declare(office.ctx, rahma, case)
    values = casework.Triage("Uang", "pungli", "DISDUKCAPIL", "kependudukan", amount_asked=50_000)
    with office.ctx.store.read() as tx:
        before = audit.count(tx)
    # When all of it is done at the same moment
    jobs: list[Callable[[], object]] = []
    for number, case in enumerate(fresh):
        jobs.append(lambda case=case: casework.triage(office.ctx, rahma, case, act(), values))
        jobs.append(lambda number=number: casework.note(office.ctx, yusuf, shared, act(), f"Catatan {number}."))
        jobs.append(lambda number=number: casework.note(office.ctx, rahma, shared, act(), f"Juga {number}."))
        jobs.append(lambda number=number: followup.add(office.ctx, keys.root, act(), f"Pesan {number}.", None))
    results = all_at_once(jobs)
    assert [result for result in results if isinstance(result, Exception)] == []
    # Then every act is there once, at a place of its own
    with office.ctx.store.read() as tx:
        row = cases.get_case(tx, shared)
        assert row is not None
        file = read_for(office.ctx, tx, rahma, row)
        said = [entry.data["text"] for entry in (*file.thread, *file.file) if entry.kind in ("message", "note")]
        assert sorted(said) == sorted(
            f"{what} {number}." for what in ("Catatan", "Juga", "Pesan") for number in range(MANY)
        )
        # And no register number is given twice or lost
        numbers = sorted(result for result in results if isinstance(result, str))
        assert numbers == [f"{number:03}/11/2026" for number in range(2, MANY + 2)]
        # And the audit log is one chain, with a row for each act of an officer
        rows = audit.following(tx, 0, 10_000)
        assert len(rows) == before + 3 * MANY
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert all(later.prev == row.hash for row, later in zip(rows, rows[1:], strict=False))


def test_one_code_is_one_sign_in(office: Inspectorate) -> None:
    who = office.credentials["rahma"]
    code = totp.code(who.totp_secret, int(office.clock.now().timestamp()))
    # When the same code is used by several at the same moment (fewer than have to wait for guessing)
    jobs = [lambda: unlock.sign_in(office.ctx, "rahma", who.password, code) for _ in range(tries.FREE_FAILURES)]
    results = all_at_once(jobs)
    # Then one of them is in
    assert sorted(isinstance(result, SignInRefused) for result in results) == [False, True, True]
    with office.ctx.store.read() as tx:
        row = officers.by_login(tx, "rahma")
        assert row is not None
        assert len(officers.sessions_of(tx, row.id)) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_whoever_changes_an_account_and_whoever_signs_in_wait_in_no_ring(office: Inspectorate) -> None:
    # Given sessions of every officer
    logins = ("rahma", "yusuf", "hendra", "lestari")
    secrets = {}
    for login in logins:
        who = office.credentials[login]
        code = totp.code(who.totp_secret, int(office.clock.now().timestamp()))
        secrets[login], _ = unlock.sign_in(office.ctx, login, who.password, code)
    # When they sign out, fail to sign in and are looked up, all at once and several times
    jobs: list[Callable[[], object]] = []
    for login in logins * 3:
        jobs.append(lambda login=login: unlock.sign_in(office.ctx, login, "salah", "000000"))
        jobs.append(lambda login=login: rewrapping.rewrap(office.ctx, unlock.resume(office.ctx, secrets[login])))
    results = all_at_once(jobs)
    # Then nobody was undone to end a deadlock
    assert {type(result) for result in results} == {SignInRefused, type(None)}
