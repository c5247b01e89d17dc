"""The file of the root key: opens with its passphrase, however that is typed, and with nothing else."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto import root_file
from whistle.crypto.receipt import word_list
from whistle.crypto.signing import dual_public, dual_sign, dual_verify
from whistle.crypto.suite import LABELS, Refused
from whistle.crypto.vault import KdfParams

CHEAP = KdfParams(8, 1, 1)
PASSPHRASE = "pagar-sungai-meja-langit-batu-daun"
FILE, PUBLIC = root_file.wrap(os.urandom(64), PASSPHRASE, CHEAP)


def test_the_root_key_signs_for_the_public_key_that_was_handed_out() -> None:
    seed = root_file.unlock(FILE, PASSPHRASE)
    dual_verify(PUBLIC, LABELS["manifest"], b"body", dual_sign(seed, LABELS["manifest"], b"body"))
    assert root_file.public_of(FILE) == PUBLIC == dual_public(seed)


@pytest.mark.parametrize(
    "typed", [PASSPHRASE.upper(), PASSPHRASE.replace("-", " "), f"  {PASSPHRASE}\n", "1. " + PASSPHRASE]
)
def test_a_passphrase_is_read_however_it_was_written(typed: str) -> None:
    assert dual_public(root_file.unlock(FILE, typed)) == PUBLIC


@pytest.mark.parametrize("typed", ["", PASSPHRASE[:-1], PASSPHRASE.replace("meja", "kursi"), "daun-" + PASSPHRASE[:-5]])
def test_another_passphrase_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        root_file.unlock(FILE, typed)


def test_a_passphrase_is_six_words_of_the_list_and_never_twice_the_same() -> None:
    made = {root_file.new_passphrase() for _ in range(20)}
    assert len(made) == 20
    assert all(set(one.split("-")) <= set(word_list()) and one.count("-") == 5 for one in made)


def test_the_seed_stands_nowhere_in_the_file() -> None:
    seed = root_file.unlock(FILE, PASSPHRASE)
    assert seed[:32] not in FILE
    assert seed.hex().encode() not in FILE
    assert PASSPHRASE.encode() not in FILE


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_changed_file_is_refused(at: int, by: int) -> None:
    changed = bytearray(FILE)
    changed[at] ^= by
    try:
        same = json.loads(bytes(changed)) == json.loads(FILE)
    except ValueError:
        same = False
    if not same:
        with pytest.raises(Refused):
            root_file.unlock(bytes(changed), PASSPHRASE)


def test_a_file_with_another_public_key_is_refused() -> None:
    other, _ = root_file.wrap(os.urandom(64), PASSPHRASE, CHEAP)
    value = json.loads(FILE)
    value["public"] = json.loads(other)["public"]
    with pytest.raises(Refused):
        root_file.unlock(json.dumps(value).encode(), PASSPHRASE)


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b"null", b"\xff", b'{"v":1,"kind":"other"}', b'{"v":2}'])
def test_another_file_is_refused(junk: bytes) -> None:
    with pytest.raises(Refused):
        root_file.public_of(junk)
