"""A text is cut at what was found in it; nothing is lost or doubled."""

from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.names import Finding
from whistle.web.channel.answers import pieces

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


@given(text=st.text(max_size=30), spans=SPANS)
def test_the_pieces_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    findings = [Finding("phone", text[a:b], a, b) for a, b in spans]
    assert "".join(piece.text for piece in pieces(text, findings)) == text


@given(text=st.text(min_size=1, max_size=30), spans=SPANS)
def test_every_found_place_is_marked(text: str, spans: list[tuple[int, int]]) -> None:
    findings = [Finding("phone", text[a:b], a, b) for a, b in spans]
    marked = [piece.marked for piece in pieces(text, findings) for _ in piece.text]
    assert marked == [any(a <= place < b for a, b in spans) for place in range(len(text))]
