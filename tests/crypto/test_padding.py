"""Padding: few sizes, one padded form of everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto.padding import bucket, pad, pad_to, unpad, unpad_any
from whistle.crypto.suite import Refused

KIB = 1024
POWERS = {4 * KIB, 8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB, 256 * KIB}
tails = st.sampled_from([b"", b"\0", b"\x80", b"\x80\0", b"\0\x80", b"\x80\x80\0\0"])


@given(st.integers(0, 70 * KIB), tails)
def test_every_length_pads_to_its_bucket_and_unpads(length: int, tail: bytes) -> None:
    data = b"a" * length + tail
    padded = pad(data)
    assert len(padded) == bucket(len(data) + 1)
    assert unpad(padded) == data


def test_up_to_256_kib_there_are_seven_sizes() -> None:
    assert {bucket(size) for size in range(256 * KIB + 1)} == POWERS


@given(st.integers(0, 2**40))
def test_a_bucket_holds_its_size_is_a_bucket_itself_and_grows(size: int) -> None:
    assert size <= bucket(size) == bucket(bucket(size)) <= bucket(size + 1)


@given(st.integers(256 * KIB + 1, 2**40))
def test_beyond_256_kib_padding_adds_at_most_a_sixteenth(size: int) -> None:
    """Padmé: a float of 1 + floor(log2 E) mantissa bits, hence 2^-5 at 256 KiB and less further up."""
    assert (bucket(size) - size) / size <= 1 / 16


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, 4096), (4096, 4096), (4097, 8192), (262144, 262144), (262145, 270336), (1_000_000, 1_015_808)],
)
def test_known_buckets(size: int, expected: int) -> None:
    assert bucket(size) == expected


def test_the_marker_counts() -> None:
    assert len(pad(bytes(4095))) == 4 * KIB
    assert len(pad(bytes(4096))) == 8 * KIB


@given(st.binary(max_size=100), st.integers(101, 300))
def test_a_fixed_size_is_kept(data: bytes, size: int) -> None:
    padded = pad_to(data, size)
    assert len(padded) == size
    assert unpad_any(padded) == data


def test_what_does_not_fit_with_its_marker_is_a_mistake_of_the_caller() -> None:
    pad_to(bytes(99), 100)
    with pytest.raises(ValueError):
        pad_to(bytes(100), 100)


@pytest.mark.parametrize("padded", [b"", bytes(4096), b"a" * 4096, b"a\x80" + bytes(4093) + b"b"])
def test_padding_without_a_marker_before_zeros_is_refused(padded: bytes) -> None:
    with pytest.raises(Refused):
        unpad(padded)


@given(st.binary(max_size=5000), st.sampled_from([-1, 1, 4096, 8192]))
def test_padding_to_another_size_than_the_bucket_is_refused(data: bytes, more: int) -> None:
    size = bucket(len(data) + 1) + more
    if len(data) < size:
        with pytest.raises(Refused):
            unpad(pad_to(data, size))
