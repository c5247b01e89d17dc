"""Seal and open a file of any size in constant memory, from the front or in the middle. See docs/envelope.md, Files.

STREAM (Hoang, Reyhanitabar, Rogaway, Vizar: "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance",
2015): chunks under one key, with the number of the chunk and whether it is the last one in the nonce. So none can be
moved, doubled, left out or cut off, and each opens by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from whistle.crypto.padding import bucket
from whistle.crypto.places import ID, head, sized
from whistle.crypto.suite import KEY, LABELS, TAG, Refused, hkdf, lp

CHUNK: Final = 1 << 20  # bytes of padded content
SEALED_CHUNK: Final = CHUNK + TAG
LARGEST: Final = 1 << 40  # bytes of content
_MARK: Final = b"\x80"
_ZEROS: Final = bytes(CHUNK)


class AnotherSize(Refused):
    """A chunk opens under its key, and the content does not end where its reader was told that it does."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Which file it is: 16-byte ids. What the file belongs to is said by the entry that holds its key."""

    installation: bytes
    file: bytes

    def aad(self) -> bytes:
        """The bound fields. Raises Refused when one has a wrong length."""
        return head(LABELS["file-aad"], self.installation) + lp(sized(self.file, ID))


def chunks_of(size: int) -> int:
    """How many chunks a file of ``size`` bytes has. Raises ValueError for a size that no file has."""
    if not 0 <= size <= LARGEST:
        raise ValueError("no file has that size")
    return -(-bucket(size + 1) // CHUNK)


def sealed_size(size: int) -> int:
    """The stored bytes of a file of ``size`` bytes."""
    return bucket(size + 1) + TAG * chunks_of(size)


def room(stored: int) -> int:
    """The largest content that is ``stored`` bytes when it is sealed. Raises ValueError where none is."""
    most = stored - TAG * -(-stored // SEALED_CHUNK) - 1
    if most < 0 or sealed_size(most) != stored:
        raise ValueError("no file has that stored size")
    return most


class FileSealer:
    """Seals one file. ``key`` is 32 random bytes for this file alone: a second one under it would reuse its nonces."""

    def __init__(self, key: bytes, place: FilePlace) -> None:
        self._cipher, self._aad = _cipher(key), place.aad()
        self._held = bytearray()
        self._index = 0
        self._finished = False
        self.size = 0  # bytes of content so far

    def add(self, data: bytes) -> bytes:
        """Take in the next bytes of the content, of any number; the sealed chunks that are whole with them."""
        if self._finished:
            raise ValueError("the file is finished")
        if self.size + len(data) > LARGEST:
            raise ValueError("the file is too large")
        self.size += len(data)
        self._held += data
        return self._whole()

    def finish(self) -> Iterator[bytes]:
        """The padding and the last chunk, chunk by chunk: of a large file they are many."""
        if self._finished:
            raise ValueError("the file is finished")
        self._finished = True
        return self._ending()

    def _ending(self) -> Iterator[bytes]:
        self._held += _MARK
        zeros = bucket(self.size + 1) - self.size - 1
        while zeros:
            step = min(zeros, CHUNK)
            self._held += _ZEROS[:step]
            zeros -= step
            if whole := self._whole():
                yield whole
        yield self._sealed(bytes(self._held), last=True)
        self._held.clear()

    def _whole(self) -> bytes:
        """One chunk is always held back: it may be the last."""
        parts, at = list[bytes](), 0
        with memoryview(self._held) as held:  # sealed where it lies: a copy takes as long as its encryption
            while len(held) - at > CHUNK:
                parts.append(self._sealed(held[at : at + CHUNK], last=False))
                at += CHUNK
        if at:
            del self._held[:at]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _sealed(self, chunk: bytes | memoryview, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._index, last), chunk, self._aad)
        self._index += 1
        return sealed


class FileOpener:
    """Opens the chunks of one file of ``size`` bytes of content, in any order."""

    def __init__(self, key: bytes, place: FilePlace, size: int) -> None:
        self._cipher, self._aad = _cipher(key), place.aad()
        self.size, self.chunks = size, chunks_of(size)
        self._padded = bucket(size + 1)

    def where(self, index: int) -> tuple[int, int]:
        """From which to before which stored byte a chunk lies. Raises IndexError when there is no such chunk."""
        if not 0 <= index < self.chunks:
            raise IndexError("there is no such chunk")
        start = index * SEALED_CHUNK
        return start, start + min(CHUNK, self._padded - index * CHUNK) + TAG

    def open(self, index: int, sealed: bytes) -> bytes:
        """The content of one stored chunk, without padding.

        Raises Refused, AnotherSize where only the padding is wrong, and IndexError for no such chunk.
        """
        start, stop = self.where(index)
        if len(sealed) != stop - start:
            raise Refused("the chunk has a wrong size")
        try:
            chunk = self._cipher.decrypt(_nonce(index, index == self.chunks - 1), sealed, self._aad)
        except InvalidTag:
            raise Refused("the chunk does not open") from None
        room = min(max(self.size - index * CHUNK, 0), len(chunk))
        if chunk[room:] != self._padding(index, len(chunk) - room):
            raise AnotherSize("the padding is not that of the size")
        return chunk[:room]

    def _padding(self, index: int, length: int) -> bytes:
        """The last ``length`` bytes of a chunk: zeros, after a mark in the chunk in which the content ends."""
        marked = self.size // CHUNK == index
        return (_MARK if marked else b"").ljust(length, b"\0")


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hkdf(sized(key, KEY), LABELS["file-key"]))


def _nonce(index: int, last: bool) -> bytes:
    """Twelve bytes: the number of the chunk in eleven, and one for the last of all."""
    return index.to_bytes(11, "big") + bytes([last])
