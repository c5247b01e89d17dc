"""The vault: opened by the password, or by a session's secret, and by nothing that is stored."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.givens import flipped
from whistle.crypto.suite import Refused
from whistle.crypto.vault import (
    KdfParams,
    Purpose,
    VaultRecord,
    create_vault,
    lock,
    open_vault,
    rewrap,
    session_id,
    session_lock,
    session_unlock,
    subkey,
    unlock,
)

CHEAP = KdfParams(memory_kib=8, iterations=1, lanes=1)
PURPOSES: tuple[Purpose, ...] = ("private", "totp", "grants", "root")
RECORD, KEY = create_vault("sandi yang benar", CHEAP)
SECRET = bytes(range(32))


def test_a_vault_opens_with_its_password_at_full_cost() -> None:
    record, key = create_vault("sandi yang benar")
    assert record.params == KdfParams(65536, 3, 1)
    assert open_vault(VaultRecord.from_bytes(record.to_bytes()), "sandi yang benar") == key


@given(st.text(max_size=30))
def test_another_password_is_refused(password: str) -> None:
    if password != "sandi yang benar":
        with pytest.raises(Refused):
            open_vault(RECORD, password)


@given(st.text(max_size=30))
def test_any_text_may_be_a_password(password: str) -> None:
    record, key = create_vault(password, CHEAP)
    assert open_vault(record, password) == key


def test_a_letter_opens_the_vault_however_the_keyboard_writes_it() -> None:
    record, key = create_vault("caf\u00e9", CHEAP)
    assert open_vault(record, "cafe\u0301") == key


def test_two_vaults_of_one_password_have_nothing_in_common() -> None:
    one, one_key = create_vault("sandi", CHEAP)
    other, other_key = create_vault("sandi", CHEAP)
    assert one_key != other_key
    assert one.salt != other.salt
    with pytest.raises(Refused):
        open_vault(VaultRecord(CHEAP, one.salt, other.wrapped), "sandi")


def test_a_new_password_opens_the_same_vault_and_the_old_one_does_not() -> None:
    record = rewrap(RECORD, KEY, "sandi baru")
    assert open_vault(record, "sandi baru") == KEY
    assert record.salt != RECORD.salt
    assert record.params == CHEAP
    with pytest.raises(Refused):
        open_vault(record, "sandi yang benar")


@given(st.integers(0, 8 * 60 - 1))
def test_a_flipped_bit_of_a_vault_is_refused(bit: int) -> None:
    with pytest.raises(Refused):
        open_vault(VaultRecord(CHEAP, RECORD.salt, flipped(RECORD.wrapped, bit)), "sandi yang benar")
    with pytest.raises(Refused):
        open_vault(VaultRecord(CHEAP, flipped(RECORD.salt, bit), RECORD.wrapped), "sandi yang benar")


@pytest.mark.parametrize("params", [KdfParams(16, 1, 1), KdfParams(8, 2, 1), KdfParams(16, 1, 2)])
def test_other_parameters_than_those_of_the_vault_are_refused(params: KdfParams) -> None:
    with pytest.raises(Refused):
        open_vault(VaultRecord(params, RECORD.salt, RECORD.wrapped), "sandi yang benar")


@pytest.mark.parametrize("numbers", [(7, 1, 1), (2**21, 1, 1), (64, 0, 1), (64, 33, 1), (64, 1, 0), (64, 1, 17)])
def test_parameters_that_would_stall_the_machine_or_protect_nothing_are_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        KdfParams(*numbers)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"kdf": {"memory_kib": 2**30, "iterations": 1, "lanes": 1}},
        {"kdf": {"memory_kib": 8, "iterations": 1}},
        {"kdf": {"memory_kib": 8, "iterations": 1, "lanes": 1, "more": 1}},
        {"kdf": {"memory_kib": "8", "iterations": 1, "lanes": 1}},
        {"kdf": {"memory_kib": 8.0, "iterations": 1, "lanes": 1}},
        {"kdf": {"memory_kib": 8, "iterations": True, "lanes": 1}},
        {"kdf": None},
        {"salt": "AAAA"},
        {"salt": 7},
        {"wrapped": "%"},
        {"more": 1},
    ],
    ids=str,
)
def test_a_record_that_is_not_of_this_format_is_refused(change: dict[str, Any]) -> None:
    changed = {**json.loads(RECORD.to_bytes()), **change}
    with pytest.raises(Refused):
        VaultRecord.from_bytes(json.dumps(changed, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"null", b"1", RECORD.to_bytes() + b" "])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        VaultRecord.from_bytes(data)


def test_every_purpose_has_its_own_key() -> None:
    assert len({subkey(KEY, purpose) for purpose in PURPOSES} | {KEY}) == len(PURPOSES) + 1


@given(st.sampled_from(PURPOSES), st.binary(max_size=100), st.binary(max_size=20))
def test_what_is_locked_for_a_purpose_opens_for_it_and_its_context(
    purpose: Purpose, plaintext: bytes, context: bytes
) -> None:
    locked = lock(KEY, purpose, plaintext, context)
    assert unlock(KEY, purpose, locked, context) == plaintext
    for other in PURPOSES:
        if other != purpose:
            with pytest.raises(Refused):
                unlock(KEY, other, locked, context)
    with pytest.raises(Refused):
        unlock(KEY, purpose, locked, context + b"x")
    with pytest.raises(Refused):
        unlock(bytes(32), purpose, locked, context)


def test_a_session_gives_the_vault_key_to_the_holder_of_its_secret() -> None:
    locked = session_lock(SECRET, KEY, b"officer")
    assert session_unlock(SECRET, locked, b"officer") == KEY
    for secret, context in ((bytes(32), b"officer"), (SECRET, b"another")):
        with pytest.raises(Refused):
            session_unlock(secret, locked, context)


def test_a_session_is_found_by_a_name_that_opens_nothing() -> None:
    name = session_id(SECRET)
    assert len(name) == 16
    assert name != session_id(bytes(32))
    with pytest.raises(Refused):
        session_unlock(name * 2, session_lock(SECRET, KEY, b""), b"")


def test_a_vault_shows_nothing_of_itself_in_a_representation() -> None:
    assert repr(RECORD) == f"VaultRecord(params={CHEAP!r})"
