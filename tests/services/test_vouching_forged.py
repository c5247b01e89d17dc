"""Words for a lost phone that somebody wrote straight into the database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.services.test_account import now
from tests.services.test_vouching import enter, give, put, stored
from whistle.crypto.receipt import word_list
from whistle.crypto.signing import sign
from whistle.crypto.suite import LABELS
from whistle.services import vouching
from whistle.services.recording import record
from whistle.services.unlock import SignInRefused
from whistle.store.rows import ResetRow


def forged(office: Inspectorate, by: str, seed: bytes, words: tuple[str, ...], **changes: object) -> ResetRow:
    """A row for rahma by ``by``, signed with ``seed``."""
    whom, at = office.officer("rahma").id, now(office)
    with office.ctx.store.read() as tx:
        installation = office.ctx.directory(tx).installation
    by_id = office.officer(by).id
    row = ResetRow(whom, vouching._code_hash(whom, at, words), by_id, at, at + vouching.SECONDS, b"")
    row = replace(row, **changes)  # type: ignore[arg-type]
    return replace(row, signature=sign(seed, LABELS["reset"], vouching._message(installation, row)))


def logged(office: Inspectorate, by: str) -> None:
    """The log says that ``by`` gave rahma words."""
    with office.ctx.store.write() as tx:
        record(office.ctx, tx, office.officer(by), "vouch", about=office.officer("rahma").id)


def test_a_forged_row_that_a_colleague_did_sign_would_open(office: Inspectorate) -> None:
    # The check of the tests that follow: they fail for what they say, and for nothing else.
    words = word_list()[:5]
    put(office, forged(office, "yusuf", office.officer("yusuf").sign_seed, words))
    logged(office, "yusuf")
    enter(office, words)


@pytest.mark.parametrize(
    ("by", "key"),
    [("yusuf", "nobody"), ("yusuf", "admin"), ("admin", "admin"), ("rahma", "rahma"), ("auditor", "auditor")],
)
def test_a_row_that_no_colleague_who_may_signed_opens_nothing(office: Inspectorate, by: str, key: str) -> None:
    seed = bytes(32) if key == "nobody" else office.officer(key).sign_seed
    words = word_list()[:5]
    put(office, forged(office, by, seed, words))
    logged(office, by)
    with pytest.raises(SignInRefused) as refused:
        enter(office, words)
    assert not refused.value.expired


def test_a_signed_row_moved_to_another_officer_opens_nothing(office: Inspectorate) -> None:
    given = give(office, by="inspektur", to="rahma")
    put(office, replace(stored(office), officer=office.officer("yusuf").id))
    with pytest.raises(SignInRefused):
        enter(office, given.words, login="yusuf")


def test_a_signed_row_whose_expiry_or_words_were_changed_opens_nothing(office: Inspectorate) -> None:
    given = give(office)
    row = stored(office)
    put(office, replace(row, expires=row.expires + 3600))
    with pytest.raises(SignInRefused) as refused:
        enter(office, given.words)
    assert not refused.value.expired
    words = word_list()[:5]
    put(office, replace(row, code_hash=vouching._code_hash(row.officer, row.created, words)))
    with pytest.raises(SignInRefused):
        enter(office, words)


def test_a_row_that_was_used_and_put_back_counts_until_it_expires_and_no_longer(office: Inspectorate) -> None:
    # The database's keeper can put a used row back: with the words and the password it opens within its half hour.
    given = give(office)
    row = stored(office)
    enter(office, given.words)
    put(office, row)
    office.clock.advance(timedelta(seconds=vouching.SECONDS))
    with pytest.raises(SignInRefused):
        enter(office, given.words)


def test_a_colleague_cannot_sign_for_longer_than_half_an_hour(office: Inspectorate) -> None:
    words = word_list()[:5]
    long = forged(office, "yusuf", office.officer("yusuf").sign_seed, words, expires=now(office) + 86_400)
    put(office, long)
    with pytest.raises(SignInRefused):
        enter(office, words)


def test_nonsense_in_the_row_is_a_refusal(office: Inspectorate) -> None:
    given = give(office)
    put(office, replace(stored(office), created=-5, signature=b""))
    with pytest.raises(SignInRefused):
        enter(office, given.words)
