"""Where a form comes from, as the browser says it."""

from urllib.parse import urlsplit

from flask import Request


def comes_from_here(request: Request) -> bool:
    """Whether the browser says that a page of this very origin sent ``request``.

    ``Sec-Fetch-Site`` decides when it is there (W3C Fetch Metadata: a page cannot set it); else ``Origin`` must name
    this host. A request with neither, or with ``Origin: null``, is refused: every browser that the desk supports
    sends one of them with a POST.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.host


def comes_from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site's page sent ``request``.

    For what no cookie stands behind: what sends neither header is no browser, and rides on nobody.
    """
    named = request.headers.get("Sec-Fetch-Site") or request.headers.get("Origin")
    return named is not None and not comes_from_here(request)
