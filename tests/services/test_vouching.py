"""A lost phone: what a colleague's words open, once, and what they never do."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from tests.services.test_account import actions, now, offered, seat
from whistle.crypto import totp, vault
from whistle.crypto.receipt import word_list
from whistle.crypto.suite import Refused
from whistle.services import account, tries, unlock, vouching
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.services.unlock import SessionEnded, SignInRefused
from whistle.store import officers, resets
from whistle.store.rows import ResetRow


def password(office: Inspectorate, login: str) -> str:
    return office.credentials[login].password


def give(office: Inspectorate, by: str = "yusuf", to: str = "rahma") -> vouching.Vouched:
    whom = office.officer(to).id
    return vouching.vouch(office.ctx, office.officer(by), password(office, by), whom)


def enter(office: Inspectorate, words: object, login: str = "rahma") -> tuple[bytes, Officer]:
    typed = words if isinstance(words, str) else " ".join(words)  # type: ignore[call-overload]
    return vouching.sign_in(office.ctx, login, password(office, login), typed)


def stored(office: Inspectorate, login: str = "rahma") -> ResetRow:
    with office.ctx.store.read() as tx:
        row = resets.get(tx, office.officer(login).id)
    assert row is not None
    return row


def put(office: Inspectorate, row: ResetRow) -> None:
    """As somebody with every right on the database."""
    with database(office) as admin:
        admin.execute("DELETE FROM totp_reset")
        admin.execute(
            "INSERT INTO totp_reset (officer, code_hash, by, created, expires, signature) "
            "VALUES (:officer, :code_hash, :by, :created, :expires, :signature)",
            {name: getattr(row, name) for name in ResetRow.__slots__},
        )


def test_five_words_of_the_list_sign_in_once_in_place_of_the_phone(office: Inspectorate) -> None:
    given = give(office)
    assert len(given.words) == vouching.WORDS and set(given.words) <= set(word_list())
    secret, officer = enter(office, given.words)
    assert (officer.login, officer.limited) == ("rahma", True)
    with pytest.raises(SignInRefused):
        enter(office, given.words)
    assert unlock.resume(office.ctx, secret).limited


def test_words_that_were_used_withdrawn_or_replaced_open_nothing_when_the_row_is_put_back(
    office: Inspectorate,
) -> None:
    # Given words that were used, and an administrator who kept the row
    given, row = give(office), stored(office)
    enter(office, given.words)
    put(office, row)
    with pytest.raises(SignInRefused):
        enter(office, given.words)
    # Then also not when others were given since, by the same colleague
    office.clock.advance(timedelta(seconds=vouching.SKEW + 1))
    newer, newer_row = give(office), stored(office)
    put(office, row)
    with pytest.raises(SignInRefused):
        enter(office, given.words)
    # nor those after the officer withdrew them
    put(office, newer_row)
    vouching.withdraw(office.ctx, office.officer("rahma"))
    put(office, newer_row)
    with pytest.raises(SignInRefused):
        enter(office, newer.words)


def test_words_whose_giving_is_not_in_the_log_as_a_colleague_signed_it_open_nothing(office: Inspectorate) -> None:
    given = give(office)
    with database(office) as admin:
        admin.execute("UPDATE audit SET signature = :none WHERE action = 'vouch'", {"none": bytes(64)})
    with pytest.raises(SignInRefused):
        enter(office, given.words)


def test_the_words_are_typed_as_forgivingly_as_a_receipt(office: Inspectorate) -> None:
    given = give(office)
    enter(office, "1. " + " - ".join(word[:4].upper() for word in given.words))


def test_such_a_session_may_set_up_a_second_factor_and_nothing_else(office: Inspectorate) -> None:
    _, limited = enter(office, give(office).words)
    assert limited.may("account.phone")
    for permission in ("desk.home", "account.own", "case.list", "case.open", "officers.vouch"):
        assert not limited.may(permission)
    with pytest.raises(Refusal):
        vouching.vouch(office.ctx, limited, password(office, "rahma"), office.officer("yusuf").id)


def test_a_new_second_factor_turns_it_into_a_full_session_and_ends_all_others(office: Inspectorate) -> None:
    given = give(office)
    lost, _ = seat(office)
    secret, limited = enter(office, given.words)
    offer, fresh = offered(office, limited)
    full_secret, full = account.renew_factor(office.ctx, limited, offer.sealed, totp.code(fresh, now(office)))
    assert unlock.resume(office.ctx, full_secret).may("case.list") and not full.limited
    for ended in (lost, secret):
        with pytest.raises(SessionEnded):
            unlock.resume(office.ctx, ended)
    with pytest.raises(SignInRefused):
        seat(office)
    office.clock.advance(timedelta(seconds=31))
    unlock.sign_in(office.ctx, "rahma", password(office, "rahma"), totp.code(fresh, now(office)))


def test_without_the_new_apps_code_the_session_stays_limited(office: Inspectorate) -> None:
    secret, limited = enter(office, give(office).words)
    offer, _ = offered(office, limited)
    with pytest.raises(Refusal, match="code"):
        account.renew_factor(office.ctx, limited, offer.sealed, "000000")
    assert unlock.resume(office.ctx, secret).limited
    seat(office)  # the old app still works: the phone may have been found


def test_a_limited_session_is_made_full_by_no_change_of_its_row(office: Inspectorate) -> None:
    secret, limited = enter(office, give(office).words)
    with database(office) as admin:
        admin.execute("UPDATE session SET expires = expires + 100000")
    assert unlock.resume(office.ctx, secret).limited
    with office.ctx.store.read() as tx:
        row = officers.get_session(tx, vault.session_id(secret))
    assert row is not None
    with pytest.raises(Refused):
        vault.session_unlock(secret, row.locked, limited.id)


def test_a_limited_session_lasts_half_an_hour(office: Inspectorate) -> None:
    secret, limited = enter(office, give(office).words)
    for _ in range(2):
        office.clock.advance(timedelta(minutes=14))
        unlock.resume(office.ctx, secret)
    office.clock.advance(timedelta(minutes=3))
    with pytest.raises(SessionEnded, match="absolute"):
        unlock.resume(office.ctx, secret)


def test_words_that_come_too_late_are_told_so_and_open_nothing(office: Inspectorate) -> None:
    given = give(office)
    office.clock.advance(timedelta(seconds=vouching.SECONDS))
    with pytest.raises(SignInRefused) as late:
        enter(office, given.words)
    assert late.value.expired
    # Then with a wrong password or other words nothing is told
    for attempt in ({"password": "bukan", "typed": " ".join(given.words)}, {"typed": " ".join(word_list()[:5])}):
        with pytest.raises(SignInRefused) as refused:
            vouching.sign_in(office.ctx, "rahma", **{"password": password(office, "rahma"), **attempt})
        assert not refused.value.expired


def test_new_words_take_the_place_of_older_ones(office: Inspectorate) -> None:
    first, second = give(office), give(office, by="inspektur")
    with pytest.raises(SignInRefused):
        enter(office, first.words)
    enter(office, second.words)


def test_words_are_for_one_officer(office: Inspectorate) -> None:
    given = give(office, by="inspektur", to="rahma")
    with pytest.raises(SignInRefused):
        enter(office, given.words, login="yusuf")
    enter(office, given.words)


def test_the_officer_can_make_them_worthless(office: Inspectorate) -> None:
    given, officer = give(office), office.officer("rahma")
    assert vouching.waiting(office.ctx, officer)
    assert vouching.withdraw(office.ctx, officer) and not vouching.withdraw(office.ctx, officer)
    assert not vouching.waiting(office.ctx, officer)
    with pytest.raises(SignInRefused):
        enter(office, given.words)


@pytest.mark.parametrize("login", ["admin", "auditor"])
def test_admin_and_auditor_vouch_for_nobody(office: Inspectorate, login: str) -> None:
    with pytest.raises(Refusal, match="role"):
        give(office, by=login)
    with pytest.raises(Refusal, match="role"):
        vouching.colleagues(office.ctx, office.officer(login))


def test_nobody_vouches_for_oneself(office: Inspectorate) -> None:
    with pytest.raises(Refusal, match="oneself"):
        give(office, by="rahma", to="rahma")
    assert "rahma" not in {one.name for one in vouching.colleagues(office.ctx, office.officer("rahma"))}


def test_vouching_asks_for_the_password_again(office: Inspectorate) -> None:
    with pytest.raises(WrongPassword):
        vouching.vouch(office.ctx, office.officer("yusuf"), "bukan kata sandinya", office.officer("rahma").id)


def test_who_cannot_sign_in_cannot_be_vouched_for(office: Inspectorate) -> None:
    whom = office.officer("rahma").id
    with office.ctx.store.write() as tx:
        row = officers.by_id(tx, whom)
        assert row is not None
        officers.update_officer(tx, replace(row, status="suspended"))
    with pytest.raises(Refusal, match="nobody"):
        vouching.vouch(office.ctx, office.officer("yusuf"), password(office, "yusuf"), whom)
    with pytest.raises(Refusal, match="nobody"):
        vouching.vouch(office.ctx, office.officer("yusuf"), password(office, "yusuf"), bytes(16))


def test_words_of_somebody_who_was_suspended_since_open_nothing(office: Inspectorate) -> None:
    given = give(office)
    with office.ctx.store.write() as tx:
        row = officers.by_login(tx, "yusuf")
        assert row is not None
        officers.update_officer(tx, replace(row, status="suspended"))
    with pytest.raises(SignInRefused):
        enter(office, given.words)


def test_wrong_words_count_like_wrong_codes(office: Inspectorate) -> None:
    given = give(office)
    for _ in range(tries.FREE_FAILURES + 1):
        with pytest.raises(SignInRefused) as refused:
            enter(office, word_list()[:5])
    assert refused.value.wait_seconds > 0
    with pytest.raises(SignInRefused):
        enter(office, given.words)


@pytest.mark.parametrize("login", ["rahma", "tidak-ada"])
def test_an_attempt_costs_one_key_derivation_whoever_it_names(
    office: Inspectorate, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(office)
    calls: list[vault.KdfParams] = []
    real = vault._kek

    def counted(password: str, params: vault.KdfParams, salt: bytes) -> bytes:
        calls.append(params)
        return real(password, params, salt)

    monkeypatch.setattr(vault, "_kek", counted)
    with pytest.raises(SignInRefused):
        vouching.sign_in(office.ctx, login, "bukan kata sandinya", " ".join(word_list()[:5]))
    assert calls == [vault.KdfParams(office.ctx.settings.argon2_memory_kib, 1, 1)]


def test_of_two_at_once_one_wins(office: Inspectorate) -> None:
    given, won, lost = give(office), [], []
    start = threading.Barrier(2)

    def attempt() -> None:
        start.wait()
        try:
            won.append(enter(office, given.words))
        except SignInRefused as refused:
            lost.append(refused)

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 1)


def test_both_are_named_in_the_audit_log_and_the_officer_is_told(office: Inspectorate) -> None:
    enter(office, give(office).words)
    assert actions(office, 2) == [("sign-in-vouched", True), ("vouch", True)]
    news = vouching.news(office.ctx, office.officer("rahma"))
    assert [(item.action, item.by) for item in news] == [
        ("sign-in-vouched", office.officer("rahma").name),
        ("vouch", office.officer("yusuf").name),
    ]
    assert vouching.news(office.ctx, office.officer("yusuf")) == []
    office.clock.advance(vouching.TOLD + timedelta(seconds=1))
    assert vouching.news(office.ctx, office.officer("rahma")) == []


def test_words_that_still_work_are_told_whatever_was_changed_since(office: Inspectorate) -> None:
    give(office)
    rahma = office.officer("rahma")
    with office.ctx.store.write() as tx:
        for action in vouching.MENDED:
            record(office.ctx, tx, rahma, action, about=rahma.id)
    assert [item.action for item in vouching.news(office.ctx, rahma)] == ["vouch"]
    # And no more once they are too late
    office.clock.advance(timedelta(seconds=vouching.SECONDS + 1))
    assert vouching.news(office.ctx, rahma) == []


def test_the_words_stand_nowhere_in_the_database(office: Inspectorate) -> None:
    given = give(office)
    with database(office) as admin:
        rows = admin.execute("SELECT * FROM totp_reset").fetchall()
        log = admin.execute("SELECT detail FROM audit").scalars().all()
    everything = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows]) + repr(log)
    assert not [word for word in given.words if word in everything]
