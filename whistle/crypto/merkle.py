"""Merkle trees over an append-only list of leaf hashes (RFC 9162, 2.1): its head, and proofs that little is needed for.

A leaf is hashed where it is made (`envelope.leaf_hash`), with 0x00 in front of its input; an inner node has 0x01 in
front of its two halves, so neither can be taken for the other. All hashes are SHA-256, 32 bytes.
"""

import hashlib
from collections.abc import Sequence

from whistle.crypto.suite import Refused

EMPTY = hashlib.sha256().digest()  # the head of a tree without leaves
_SIZE = 32


def head(leaves: Sequence[bytes]) -> bytes:
    """The hash of the whole tree (2.1.1)."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]  # the last of an odd number goes up as it is
    return level[0]


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that the leaf at ``index`` is one of ``leaves`` (2.1.3.1), from its neighbour upwards."""
    if not 0 <= index < len(leaves):
        raise ValueError("there is no such leaf")
    proof, start, stop = list[bytes](), 0, len(leaves)
    while stop - start > 1:
        middle = start + _half(stop - start)
        if index < middle:
            proof.append(head(leaves[middle:stop]))
            stop = middle
        else:
            proof.append(head(leaves[start:middle]))
            start = middle
    return proof[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises Refused unless ``leaf`` stands at ``index`` of the ``size`` leaves whose head is ``root`` (2.1.3.2)."""
    _of_hashes([leaf, *proof, root])
    if not 0 <= index < size:
        raise Refused("the leaf's place is outside the tree")
    node, at, last, left = leaf, index, size - 1, list(proof)
    while last:
        if at % 2 or at < last:
            if not left:
                raise Refused("the proof is too short")
            other = left.pop(0)
            node = _node(other, node) if at % 2 else _node(node, other)
        at, last = at // 2, last // 2
    if left or node != root:
        raise Refused("the leaf is not in the tree")


def consistency(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The proof that the tree of all ``leaves`` begins with the tree of the ``first`` of them (2.1.4.1)."""
    if not 0 < first <= len(leaves):
        raise ValueError("there is no such earlier tree")
    return _subproof(leaves, first, True)


def _subproof(leaves: Sequence[bytes], first: int, known: bool) -> list[bytes]:
    """SUBPROOF of the RFC; ``known``: whether the checker has this part's head, since it is the earlier tree's."""
    if first == len(leaves):
        return [] if known else [head(leaves)]
    half = _half(len(leaves))
    if first <= half:
        return [*_subproof(leaves[:half], first, known), head(leaves[half:])]
    return [*_subproof(leaves[half:], first - half, False), head(leaves[:half])]


def check_consistency(first: int, first_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Raises Refused unless the tree of ``size`` leaves begins with that of the ``first`` of them (2.1.4.2)."""
    _of_hashes([first_root, root, *proof])
    if not 0 <= first <= size:
        raise Refused("a later tree cannot have fewer leaves")
    if first in (0, size):
        if proof or first_root != (EMPTY if first == 0 else root):
            raise Refused("the two trees are not the same")
        return
    path = list(proof)
    at, last = first - 1, size - 1
    while at % 2:
        at, last = at // 2, last // 2
    if at == 0:
        path.insert(0, first_root)  # the earlier tree is a whole part of the later one
    if not path:
        raise Refused("the proof is too short")
    old = new = path.pop(0)
    while last:
        if at % 2 or at < last:
            if not path:
                raise Refused("the proof is too short")
            other = path.pop(0)
            if at % 2:
                old, new = _node(other, old), _node(other, new)
            else:
                new = _node(new, other)
        at, last = at // 2, last // 2
    if path or old != first_root or new != root:
        raise Refused("the later tree does not begin with the earlier one")


def _half(size: int) -> int:
    """The largest power of two below ``size``, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _of_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(one) != _SIZE for one in hashes):
        raise Refused("a hash has another length")
