"""Routing: the units that a case of each track may be sent to (data/routes.toml)."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files


def _load() -> Mapping[str, tuple[str, ...]]:
    text = files("whistle.domain").joinpath("data/routes.toml").read_text(encoding="utf-8")
    return {track: tuple(entry["units"]) for track, entry in tomllib.loads(text).items()}


ROUTES = _load()


def units_for(track: str) -> tuple[str, ...]:
    """Units that may be given a case of ``track``; none for an unknown track, so that nothing is routed by accident."""
    return ROUTES.get(track, ())
