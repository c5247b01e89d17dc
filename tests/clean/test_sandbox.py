"""What a process in the sandbox says is bounded and checked, however little it keeps to what was agreed."""

import time
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clean.conftest import PDF, Hostile
from tests.clean.making import File, cleaned, looked, picture
from whistle.clean import sandbox, wire
from whistle.clean.kinds import KINDS
from whistle.clean.result import NotCleaned


@pytest.mark.parametrize(
    "code",
    [
        "while True: send(b'P', 0, 1 << 18, bytes(1 << 18))", "while True: send(b'P', 0, 1, b'x')",
        "while True: send(b'R', 0, 100); sys.stdin.buffer.read(100)",
    ],
)  # fmt: skip
def test_who_goes_on_for_ever_is_ended_long_before_the_time_is_over(hostile: Hostile, code: str) -> None:
    began = time.monotonic()
    with pytest.raises(NotCleaned, match="limits"):
        hostile(code)
    assert time.monotonic() - began < sandbox.patience(0) / 3


@pytest.mark.parametrize(
    "message",
    [
        "send(b'X', 0, 1, b'x')", "send(b'P', 0, 0)", "send(b'P', 0, (1 << 20) + 1, bytes((1 << 20) + 1))",
        "send(b'R', 0, 0)", "send(b'R', 300_000, 1)", "send(b'R', (1 << 64) - 1, 1)",
        "send(b'R', 0, BIG); sys.stdin.buffer.read(BIG)",
        "say('x'); send(b'E', 0, 0)", "say('x'); send(b'E', 0, 5000, LAST.ljust(5000))",
        "print('x' * 100, flush=True)",
    ],
)  # fmt: skip
def test_who_breaks_the_protocol_is_ended(hostile: Hostile, message: str) -> None:
    """Even if all that follows keeps to it."""
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile(f"{message}\nsay('x'); end()")


@pytest.mark.parametrize("message", ["", "sys.stdout.buffer.write(b'P')", "send(b'P', 0, 100, bytes(99))", "say('x')"])
def test_who_stops_in_the_middle_is_not_believed(hostile: Hostile, message: str) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile(message)


@pytest.mark.parametrize(
    "line",
    [
        b"x", b"[]", b"{}", b'{"media": "text/html", "removed": []}', b'{"media": "image/png", "removed": ["words"]}',
        b'{"media": ["image/png"], "removed": []}', b'{"media": "image/png", "removed": [[]]}',
        b'{"media": "image/heic", "removed": []}', b'{"media": "image/png", "removed": "author"}', b'{"refused": "x"}',
        b'{"refused": ["large"]}', b"[" * 4000, b"\xff",
    ],
)  # fmt: skip
def test_what_is_said_at_the_end_is_not_believed(hostile: Hostile, line: bytes) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile(f"say('x'); end({line!r})")


@pytest.mark.parametrize(
    "said",
    [
        "end(b'{}')", "end(b'{\"pages\": -1}')", "end(b'{\"pages\": 2001}')", "end(b'{\"pages\": true}')",
        "end(b'{\"pages\": \"1\"}')", "say('<svg>'); end(b'{\"pages\": 1}')",
        "[send(b'P', 0, 3, b'\\xff\\xd8\\xff') for _ in range(21)]; end(b'{\"pages\": 30}')",
        *(
            f"send(b'P', 0, 3, b'\\xff\\xd8\\xff'); end(b'{{\"pages\": 1, \"sizes\": {sizes}}}')"
            for sizes in ("[]", "[[1, 2], [1, 2]]", "[[0, 2]]", "[[1]]", "[1]", "{}", '[["1", "2"]]', "[[1, 1000001]]")
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_look_is_not_believed(hostile: Hostile, said: str) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile(said, looked)


def test_of_a_look_no_more_comes_than_there_is_room_for(hostile: Hostile) -> None:
    with pytest.raises(NotCleaned, match="limits"):
        hostile("for _ in range(2): send(b'P', 0, 1 << 20, bytes(1 << 20))\nend()", lambda data: looked(data, 0, 1))


def test_a_text_that_is_none_is_not_believed(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "kind_of_source", lambda _source: KINDS["docx"])
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile("send(b'P', 0, 1, b'\\xff'); end(b'{\"pages\": 0}')", looked)


def test_nothing_is_no_file(hostile: Hostile) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile("end()")


def test_the_file_is_read_from_any_place_and_to_its_end(hostile: Hostile) -> None:
    said = hostile(
        """
        for start, length in ((299_990, 10), (0, 5), (150_000, 1 << 17)):
            send(b"R", start, length)
            data = sys.stdin.buffer.read(length)
            send(b"P", 0, length, data)
        end()
        """
    )
    assert said == PDF[299_990:] + PDF[:5] + PDF[150_000 : 150_000 + (1 << 17)]


@pytest.mark.parametrize("at", ["read", "write"])
def test_what_fails_on_this_side_goes_through_and_ends_the_process(at: str) -> None:
    class Gone(Exception):
        pass

    class Failing(File):
        def read(self, start: int, stop: int) -> bytes:
            if at == "read" and start:
                raise Gone
            return super().read(start, stop)

    def write(_data: bytes) -> None:
        raise Gone

    with pytest.raises(Gone):
        sandbox.clean(Failing(picture("PNG") + bytes(300_000)), write)


@pytest.mark.parametrize("data", [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ" + bytes(100)])
def test_what_is_no_kind_that_is_known_never_gets_there(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "Process", None)
    for task in (cleaned, looked):
        with pytest.raises(NotCleaned, match="kind") as refused:
            task(data)
        assert refused.value.media == ""


def test_what_is_too_large_to_be_held_never_gets_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "Process", None)
    monkeypatch.setattr(sandbox, "HELD", 100)
    for task in (cleaned, looked):
        with pytest.raises(NotCleaned, match="large") as refused:
            task(picture("PNG"))
        assert refused.value.media == "image/png"


def test_only_so_many_are_at_work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given as many as may be at work, and one that ends. Then the next is told to come back, and later is cleaned."""
    monkeypatch.setattr(sandbox, "TURN", 0.1)
    with ExitStack() as others:
        for _ in range(sandbox.AT_ONCE):
            others.enter_context(sandbox._conversation(File(PDF), 1, "clean", KINDS["pdf"]))
        with pytest.raises(NotCleaned, match="busy") as refused:
            cleaned(picture("PNG"))
        assert refused.value.media == "image/png"
    assert cleaned(picture("PNG")).media == "image/png"


class Babble:
    """A process that says what it likes and takes what it is told."""

    def __init__(self, said: bytes) -> None:
        self._said = said

    def read(self, length: int) -> bytes:
        data, self._said = self._said[:length], self._said[length:]
        if len(data) < length:
            raise NotCleaned("sandbox")
        return data

    def write(self, data: bytes) -> None:
        assert 0 < len(data) <= wire.RANGE_MOST


messages = st.builds(
    lambda what, start, length, data: wire.HEADER.pack(what, start, length) + data[:length],
    st.sampled_from([wire.RANGE, wire.PIECE, wire.END]), st.integers(0, 40), st.integers(0, 40),
    st.binary(min_size=40, max_size=40) | st.just(b'{"pages": 1}'.ljust(40)),
)  # fmt: skip


@given(st.lists(messages | st.binary(max_size=40)))
def test_whatever_is_said_is_taken_or_refused(said: list[bytes]) -> None:
    talk = sandbox._Conversation(Babble(b"".join(said)), File(bytes(20)), 60)  # type: ignore[arg-type]
    try:
        pieces = list(talk.pieces())
    except NotCleaned as refused:
        assert refused.code in ("sandbox", "limits")
    else:
        assert isinstance(talk.told, dict) and sum(map(len, pieces)) == talk.came <= 60
