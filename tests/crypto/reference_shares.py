"""A second implementation of the shares of docs/envelope.md, from SLIP-0039's text, that only combines.

Arithmetic is in GF(256) with Rijndael's polynomial; the check words are a code over GF(1024).
"""

import hashlib
import hmac

GENERATOR = (
    0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120,
)  # fmt: skip


def combine(shares: list[str], words: list[str]) -> bytes:
    """The secret of shares that are exactly as many as are needed; ``words`` is SLIP-0039's list."""
    read = [parse(share, words) for share in shares]
    heads = {head for head, _, _ in read}
    assert len(heads) == 1
    needed = heads.pop()[1]
    points = {index: value for _, index, value in read}
    assert len(points) == len(read) == needed
    secret, digest = at(points, 255), at(points, 254)
    assert digest[:4] == hmac.digest(digest[4:], secret, "sha256")[:4]
    return decrypted(secret)


def parse(share: str, words: list[str]) -> tuple[tuple[int, int], int, bytes]:
    """(set, needed), index, value."""
    numbers = [words.index(word) for word in share.split()]
    assert len(numbers) == 33
    check = 1
    for number in [*b"shamir_extendable", *numbers]:
        top, check = check >> 20, (check & 0xFFFFF) << 10 ^ number
        for bit in range(10):
            check ^= GENERATOR[bit] if top >> bit & 1 else 0
    assert check == 1
    head = numbers[0] << 10 | numbers[1]
    assert head & 0b11111 == 0b10000  # extendable, exponent 0
    rest = numbers[2] << 10 | numbers[3]
    group, groups, index, needed = rest >> 16, rest >> 8 & 0xFF, rest >> 4 & 15, (rest & 15) + 1
    assert (group, groups) == (0, 0)
    value = 0
    for number in numbers[4:-3]:
        value = value << 10 | number
    return (head >> 5, needed), index, value.to_bytes(32, "big")


def times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def inverse(a: int) -> int:
    return next(b for b in range(1, 256) if times(a, b) == 1)


def at(points: dict[int, bytes], x: int) -> bytes:
    """Lagrange's interpolation, a byte after the other."""
    total = bytes(32)
    for index, value in points.items():
        factor = 1
        for other in points:
            if other != index:
                factor = times(factor, times(x ^ other, inverse(index ^ other)))
        total = bytes(a ^ times(factor, b) for a, b in zip(total, value, strict=True))
    return total


def decrypted(encrypted: bytes) -> bytes:
    """The four-round Feistel network, backwards, without a passphrase."""
    left, right = encrypted[:16], encrypted[16:]
    for number in (3, 2, 1, 0):
        mask = hashlib.pbkdf2_hmac("sha256", bytes([number]), right, 2500, 16)
        left, right = right, bytes(a ^ b for a, b in zip(left, mask, strict=True))
    return right + left
