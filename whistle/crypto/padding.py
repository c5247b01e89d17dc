"""Padding, so that a size in the database says little about what somebody wrote.

Padded = data || 0x80 || zeros up to the size (ISO/IEC 7816-4). There is one padded form of every byte string, and
anything else is refused.
"""

from typing import Final

from whistle.crypto.suite import Refused

SMALLEST: Final = 4 * 1024
LARGEST_POWER: Final = 256 * 1024
_MARK: Final = b"\x80"


def bucket(size: int) -> int:
    """The stored size that holds ``size`` bytes: powers of two from 4 KiB to 256 KiB, then Padmé (at most 6 % more).

    Padmé: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs" (2019).
    """
    if size <= SMALLEST:
        return SMALLEST
    if size <= LARGEST_POWER:
        return 1 << (size - 1).bit_length()
    exponent = size.bit_length() - 1
    free = (1 << (exponent - exponent.bit_length())) - 1  # the low bits that are rounded up
    return (size + free) & ~free


def pad(data: bytes) -> bytes:
    """``data`` in its bucket. The marker counts: 4,095 bytes fill 4 KiB, 4,096 go to 8 KiB."""
    return pad_to(data, bucket(len(data) + 1))


def pad_to(data: bytes, size: int) -> bytes:
    """``data`` in exactly ``size`` bytes. Raises ValueError when it does not fit."""
    if len(data) >= size:
        raise ValueError(f"{len(data)} bytes do not fit into {size - 1}")
    return (data + _MARK).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The reverse of `pad`. Raises Refused unless the padding is the one that `pad` makes."""
    data = unpad_any(padded)
    if len(padded) != bucket(len(data) + 1):
        raise Refused("the padding is not that of its bucket")
    return data


def unpad_any(padded: bytes) -> bytes:
    """The reverse of `pad_to`, whose size the caller knows. Raises Refused when there is no marker."""
    at = padded.rfind(_MARK)
    if at < 0 or padded[at + 1 :] != bytes(len(padded) - at - 1):  # several times faster than to strip the zeros
        raise Refused("the padding has no marker")
    return padded[:at]
