"""The filter that keeps a process alone, for machines that are not at hand too: read as the kernel reads it."""

import struct

import pytest

from whistle.clean.alone import filter_of

X86_64, AARCH64, I386 = 0xC000003E, 0xC00000B7, 0x40000003
THREAD, CHILD = 0x3D0F00, 17  # the flags that the C library starts a thread with, and those of fork
ALLOWED, REFUSED, ABSENT = 0x7FFF0000, 0x00050001, 0x00050026


def answer(code: bytes, architecture: int, number: int, flags: int = 0) -> int:
    """What the program says of a system call (bpf(4): load a word, jump, return)."""
    data = struct.pack("=IIQQ", number, architecture, 0, flags)
    steps, at, word = list(struct.iter_unpack("=HBBI", code)), 0, 0
    while True:
        does, if_so, if_not, what = steps[at]
        if does == 0x06:
            return int(what)
        if does == 0x20:
            (word,) = struct.unpack_from("=I", data, what)
            at += 1
            continue
        held = {0x15: word == what, 0x35: word >= what, 0x45: bool(word & what)}[does]
        at += 1 + (if_so if held else if_not)


@pytest.mark.parametrize(
    ("machine", "architecture", "clone", "read", "starts"),
    [("x86_64", X86_64, 56, 0, (57, 58)), ("aarch64", AARCH64, 220, 63, ())],
)
def test_threads_are_started_and_nothing_else(
    machine: str, architecture: int, clone: int, read: int, starts: tuple[int, ...]
) -> None:
    code = filter_of(machine)
    assert answer(code, architecture, clone, THREAD) == ALLOWED
    assert answer(code, architecture, clone, CHILD) == REFUSED
    assert {answer(code, architecture, number) for number in starts} <= {REFUSED}
    assert answer(code, architecture, 435) == ABSENT
    assert answer(code, architecture, read) == ALLOWED


@pytest.mark.parametrize(("architecture", "fork"), [(I386, 2), (AARCH64, 220), (X86_64, 0x40000000 + 57)])
def test_other_numbers_for_the_same_are_no_way_round(architecture: int, fork: int) -> None:
    assert answer(filter_of("x86_64"), architecture, fork, CHILD) == REFUSED


def test_where_the_numbers_are_not_known_there_is_no_filter() -> None:
    assert filter_of("riscv64") == b""
