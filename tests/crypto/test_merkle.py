"""The log's tree: the RFC's own definitions, the values that others publish, and proofs that only the truth passes."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto import merkle
from whistle.crypto.suite import Refused

LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)
# Inputs and heads after each of them, as the test programs of Certificate Transparency have them.
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
HEADS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def defined(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word."""
    if len(leaves) == 1:
        return leaves[0]
    half = max(1 << power for power in range(10) if 1 << power < len(leaves))
    return hashlib.sha256(b"\x01" + defined(leaves[:half]) + defined(leaves[half:])).digest()


def test_the_heads_are_those_that_others_publish() -> None:
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(data)).digest() for data in INPUTS]
    assert [merkle.head(leaves[: count + 1]).hex() for count in range(8)] == list(HEADS)
    assert merkle.head([]).hex() == hashlib.sha256(b"").hexdigest()


@given(LEAVES)
def test_a_head_is_what_the_rfc_defines(leaves: list[bytes]) -> None:
    assert merkle.head(leaves) == defined(leaves)


@given(LEAVES, st.data())
def test_a_leaf_is_proved_at_its_place_and_at_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    root, index = merkle.head(leaves), data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle.inclusion(leaves, index)
    merkle.check_inclusion(leaves[index], index, len(leaves), proof, root)
    other = data.draw(st.integers(0, len(leaves)))
    if other == len(leaves) or leaves[other] != leaves[index]:
        with pytest.raises(Refused):
            merkle.check_inclusion(leaves[index], other, len(leaves), proof, root)
    if leaves[index] != bytes(32):
        with pytest.raises(Refused):
            merkle.check_inclusion(bytes(32), index, len(leaves), proof, root)


@given(LEAVES, st.data())
def test_what_is_changed_in_a_proof_of_a_leaf_is_refused(leaves: list[bytes], data: st.DataObject) -> None:
    root, index = merkle.head(leaves), data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle.inclusion(leaves, index)
    for wrong in changed(proof, data):
        with pytest.raises(Refused):
            merkle.check_inclusion(leaves[index], index, len(leaves), wrong, root)


@given(LEAVES, st.data())
def test_a_tree_is_proved_to_begin_with_each_earlier_one(leaves: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(leaves)))
    early, root = merkle.head(leaves[:first]), merkle.head(leaves)
    proof = merkle.consistency(leaves, first)
    merkle.check_consistency(first, early, len(leaves), root, proof)
    for wrong in changed(proof, data):
        with pytest.raises(Refused):
            merkle.check_consistency(first, early, len(leaves), root, wrong)


@given(LEAVES, st.data())
def test_a_tree_in_which_an_early_leaf_is_missing_moved_or_another_has_no_proof(
    leaves: list[bytes], data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, len(leaves)))
    at = data.draw(st.integers(0, first - 1))
    rewritten = data.draw(
        st.sampled_from([[*leaves[:at], *leaves[at + 1 :], bytes(32)], [*leaves[:at], bytes(32), *leaves[at + 1 :]]])
    )
    if rewritten[:first] == leaves[:first]:
        return
    early, root = merkle.head(leaves[:first]), merkle.head(rewritten)
    for honest in (merkle.consistency(leaves, first), merkle.consistency(rewritten, first)):
        with pytest.raises(Refused):
            merkle.check_consistency(first, early, len(rewritten), root, honest)


def test_every_tree_begins_with_the_empty_one() -> None:
    root = merkle.head([bytes(32)])
    merkle.check_consistency(0, merkle.EMPTY, 1, root, [])
    merkle.check_consistency(0, merkle.EMPTY, 0, merkle.EMPTY, [])
    for first, early, size, proof in ((0, bytes(32), 1, []), (0, merkle.EMPTY, 1, [bytes(32)]), (2, root, 1, [])):
        with pytest.raises(Refused):
            merkle.check_consistency(first, early, size, root, proof)


@pytest.mark.parametrize(("size", "index"), [(0, 0), (1, 1), (1, -1)])
def test_there_is_no_proof_of_what_is_not_there(size: int, index: int) -> None:
    with pytest.raises(ValueError):
        merkle.inclusion([bytes(32)] * size, index)
    with pytest.raises(ValueError):
        merkle.consistency([bytes(32)] * size, size + 1)


@pytest.mark.parametrize("index", [-3, -1, 4, 5, 7])
def test_a_place_outside_the_tree_is_refused_though_its_path_looks_the_same(index: int) -> None:
    leaves = [bytes([number]) * 32 for number in range(4)]
    with pytest.raises(Refused):
        merkle.check_inclusion(leaves[index % 4], index, 4, merkle.inclusion(leaves, index % 4), merkle.head(leaves))


def test_a_hash_of_another_length_is_refused() -> None:
    with pytest.raises(Refused):
        merkle.check_inclusion(b"short", 0, 1, [], b"short")


def changed(proof: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """A hash more, and, if there are any, one less, and a bit flipped."""
    more = [[*proof, bytes(32)], [bytes(32), *proof]]
    if not proof:
        return more
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = 1 << data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(proof[at]) ^ bit).to_bytes(32)
    return [*more, proof[1:], proof[:-1], [*proof[:at], flipped, *proof[at + 1 :]]]
