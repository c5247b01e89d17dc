"""Addresses that are the same at every request, built once: a page of the channel asks for some thirty."""

from functools import lru_cache
from typing import Any

from flask import has_request_context, request, url_for


def fixed(endpoint: str, **values: Any) -> str:
    """As `flask.url_for`, for addresses that follow from ``endpoint`` and ``values`` alone."""
    if not has_request_context():
        return url_for(endpoint, **values)
    return _built(request.script_root, endpoint, tuple(sorted(values.items())))


@lru_cache(maxsize=512)
def _built(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    """``root``: the path below which a proxy has put the application, which stands in front of every address."""
    return url_for(endpoint, **dict(values))
