"""The entry points make their application when they are asked for, once."""

from collections.abc import Iterator

import pytest

import wsgi


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The surfaces that were made."""
    surfaces: list[str] = []

    def create(surface: str) -> object:
        surfaces.append(surface)
        return object()

    monkeypatch.setattr(wsgi, "create_app", create)
    wsgi._made.cache_clear()
    yield surfaces
    wsgi._made.cache_clear()


@pytest.mark.parametrize(("name", "surface"), [("app", "both"), ("channel", "channel"), ("desk", "desk")])
def test_an_entry_point_makes_its_own_surface_and_no_other(made: list[str], name: str, surface: str) -> None:
    assert made == []
    assert getattr(wsgi, name) is getattr(wsgi, name)
    assert made == [surface]


def test_there_is_no_other_entry_point(made: list[str]) -> None:
    with pytest.raises(AttributeError):
        _ = wsgi.application
    assert made == []
