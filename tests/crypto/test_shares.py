"""Shares of a secret: any that are enough combine, fewer do not, and whatever was misread is named."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic.share import Share as Raw
from shamir_mnemonic.wordlist import WORDLIST

from whistle.crypto import shares
from whistle.crypto.shares import ShareError, Split

SECRET = bytes(range(32))
SECRETS = st.binary(min_size=32, max_size=32)


def refused(*args: object) -> ShareError:
    with pytest.raises(ShareError) as caught:
        shares.combine(*args)  # type: ignore[arg-type]
    return caught.value


def misread(text: str) -> ShareError:
    with pytest.raises(ShareError) as caught:
        shares.parse(text)
    return caught.value


@given(SECRETS, st.data())
def test_any_that_are_enough_combine_and_one_fewer_does_not(secret: bytes, data: st.DataObject) -> None:
    made = data.draw(st.integers(2, 16))
    needed = data.draw(st.integers(2, made))
    parts = shares.split(secret, Split(needed, made))
    some = data.draw(st.permutations(parts))
    assert shares.combine(some[:needed]) == secret
    error = refused(some[: needed - 1])
    assert (error.kind, error.have, error.needed) == ("too_few", needed - 1, needed)


@pytest.mark.parametrize(("needed", "made"), [(2, 3), (3, 5)])
def test_every_choice_of_the_usual_ceremony_combines(needed: int, made: int) -> None:
    parts = shares.split(SECRET, Split(needed, made))
    for size in range(needed, made + 1):
        for some in combinations(parts, size):
            assert shares.combine(some) == SECRET


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32, *(bytes(n) + b"\x01" + bytes(31 - n) for n in range(32))])
def test_no_pattern_of_bits_is_special(secret: bytes) -> None:
    assert shares.combine(shares.split(secret, Split(2, 3))[1:]) == secret


def test_a_share_says_which_it_is_and_how_many_are_needed() -> None:
    parts = shares.split(SECRET, Split(3, 5))
    assert [share.number for share in parts] == [1, 2, 3, 4, 5]
    assert {share.needed for share in parts} == {3}
    assert len({share.set for share in parts}) == 1
    assert all(len(share.words) == shares.WORDS for share in parts)


@pytest.mark.parametrize(("secret", "needed", "made"), [(b"", 2, 3), (SECRET, 1, 1), (SECRET, 4, 3), (SECRET, 2, 17)])
def test_what_makes_no_sense_is_not_split(secret: bytes, needed: int, made: int) -> None:
    with pytest.raises(ValueError):
        shares.split(secret, Split(needed, made))


@given(st.data())
def test_a_changed_word_is_refused(data: st.DataObject) -> None:
    share = shares.split(SECRET, Split(2, 3))[0]
    words = list(share.words)
    at = data.draw(st.integers(0, shares.WORDS - 1))
    words[at] = data.draw(st.sampled_from([word for word in WORDLIST if word != words[at]]))
    assert misread(" ".join(words)).kind in {"checksum", "foreign"}


@given(st.data())
def test_two_words_in_each_others_place_are_refused(data: st.DataObject) -> None:
    words = list(shares.split(SECRET, Split(2, 3))[0].words)
    one, other = data.draw(st.lists(st.integers(0, shares.WORDS - 1), min_size=2, max_size=2, unique=True))
    if words[one] != words[other]:
        words[one], words[other] = words[other], words[one]
        assert misread(" ".join(words)).kind in {"checksum", "foreign"}


def test_a_word_of_no_list_is_named_with_words_near_it() -> None:
    words = list(shares.split(SECRET, Split(2, 3))[0].words)
    words[6] = "acdemic"
    error = misread(" ".join(words))
    assert (error.kind, error.position, error.word) == ("unknown", 7, "acdemic")
    assert "academic" in error.suggestions
    assert "acdemic" not in str(error)


@pytest.mark.parametrize("size", [0, 1, 20, 32, 34])
def test_another_number_of_words_is_said(size: int) -> None:
    words = [*shares.split(SECRET, Split(2, 3))[0].words, "academic"][:size]
    error = misread(" ".join(words))
    assert (error.kind, error.have, error.needed) == ("length", size, 33)


@given(st.sampled_from([str.upper, str.title, lambda text: text.replace(" ", "-"), lambda text: f"1. {text}\n"]))
def test_a_share_is_read_however_it_was_written(write: object) -> None:
    share = shares.split(SECRET, Split(2, 3))[0]
    assert shares.parse(write(str(share))) == share  # type: ignore[operator]
    assert shares.parse("\n".join(f"{n:2}. {word[:4]}" for n, word in enumerate(share.words, 1))) == share


def test_a_share_of_another_secret_is_told_by_its_place() -> None:
    mine, other = shares.split(SECRET, Split(3, 5)), shares.split(bytes(32), Split(3, 5))
    error = refused([mine[0], mine[1], other[2]])
    assert (error.kind, error.position) == ("other_set", 3)


def test_a_share_given_twice_is_told_by_its_place() -> None:
    mine = shares.split(SECRET, Split(3, 5))
    error = refused([mine[0], mine[1], mine[0]])
    assert (error.kind, error.position) == ("twice", 3)


def test_no_share_at_all_is_refused() -> None:
    assert refused([]).kind == "none"


def forged(words: tuple[str, ...], **changes: object) -> str:
    """A share with another field, and its check words made anew."""
    raw = Raw.from_mnemonic(" ".join(words))
    return Raw(**{**raw.__dict__, **changes}).mnemonic()  # type: ignore[arg-type]


def test_shares_that_claim_a_lower_threshold_do_not_combine() -> None:
    parts = shares.split(SECRET, Split(3, 5))
    lied = [shares.parse(forged(share.words, member_threshold=2)) for share in parts[:2]]
    assert refused(lied).kind == "together"


@pytest.mark.parametrize("extra", [0, 1])
def test_a_share_whose_value_was_made_up_does_not_combine(extra: int) -> None:
    parts = shares.split(SECRET, Split(2, 4))
    made_up = shares.parse(forged(parts[1].words, value=bytes(32)))
    assert refused([parts[0], *parts[2 : 2 + extra], made_up]).kind == "together"


@pytest.mark.parametrize(
    "changes", [{"group_count": 2}, {"member_threshold": 1}, {"value": bytes(16)}, {"extendable": False}]
)
def test_a_share_of_another_kind_is_foreign(changes: dict[str, object]) -> None:
    text = forged(shares.split(SECRET, Split(2, 3))[0].words, **changes)
    assert misread(text).kind in {"foreign", "length"}


def test_no_share_shows_its_words_where_it_is_printed_by_chance() -> None:
    share = shares.split(SECRET, Split(2, 3))[0]
    assert share.words[0] not in repr(share)
