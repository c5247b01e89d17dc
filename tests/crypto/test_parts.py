"""Parts of a file on its way: each opens by itself, at its own place, and under its own upload's key alone."""

import pytest

from tests.crypto.givens import KEY, OTHER_KEY, flipped
from tests.crypto.reference import gcm_open, kdf, label, lp, u32, unpad
from whistle.crypto.padding import bucket
from whistle.crypto.parts import Parts, stored_size
from whistle.crypto.stream import CHUNK, SEALED_CHUNK
from whistle.crypto.suite import Refused


@pytest.mark.parametrize("length", [1, 4095, 4096, CHUNK, SEALED_CHUNK])
def test_a_part_opens_and_what_is_stored_of_it_does_not_tell_its_length(length: int) -> None:
    content = bytes(length)
    sealed = Parts(KEY).seal(3, content)
    assert Parts(KEY).open(3, sealed) == content
    assert len(sealed) == stored_size(length) == 28 + bucket(length + 1)


def test_it_is_sealed_as_the_document_says() -> None:
    aad = lp(label("part-aad"), u32(3))
    assert unpad(gcm_open(kdf(KEY, "part-key"), Parts(KEY).seal(3, b"isi"), aad)) == b"isi"


def test_the_same_part_sealed_twice_never_shares_a_nonce() -> None:
    first, again = Parts(KEY).seal(0, b"isi"), Parts(KEY).seal(0, b"lain")
    assert first[:12] != again[:12]


@pytest.mark.parametrize(
    "opened",
    [
        lambda sealed: Parts(KEY).open(4, sealed),
        lambda sealed: Parts(OTHER_KEY).open(3, sealed),
        lambda sealed: Parts(KEY).open(3, flipped(sealed, 20)),
        lambda sealed: Parts(KEY).open(3, sealed[:-1]),
    ],
    ids=["another place", "another upload", "a changed bit", "a byte less"],
)
def test_what_is_not_this_part_does_not_open(opened) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused):
        opened(Parts(KEY).seal(3, b"isi"))


def test_names_are_ids_of_which_none_follows_from_another() -> None:
    names = {Parts(key).name(index) for key in (KEY, OTHER_KEY) for index in range(300)}
    assert len(names) == 600 and {len(name) for name in names} == {16}
