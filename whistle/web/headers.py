"""What every answer says to the browser besides its page: load nothing from elsewhere, tell nobody, keep nothing.

Set here and not in a proxy's configuration, so that tests see them and no installation can lack them.
"""

from flask import Flask, Response, after_this_request

CSP = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "script-src": "'self'",
    "font-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip


def policy(**more: str) -> str:
    """The Content-Security-Policy, with ``more`` directives (``media_src="blob:"``)."""
    directives = CSP | {name.replace("_", "-"): value for name, value in more.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def features(*own: str) -> str:
    """The Permissions-Policy: none of `FEATURES` for anybody, but ``own`` for our own page."""
    return ", ".join(f"{feature}=({'self' if feature in own else ''})" for feature in FEATURES)


HEADERS = {
    "Content-Security-Policy": policy(),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that are older than frame-ancestors
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": features(),
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-DNS-Prefetch-Control": "off",
}
TAKES_FILES = {
    "Content-Security-Policy": policy(connect_src="'self'", media_src="blob:"),
    "Permissions-Policy": features("microphone"),
}


def init_app(app: Flask) -> None:
    """Add the headers to every answer, error pages and static files too. A view's own value stays."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """The headers of one answer. What does not say otherwise is kept in no cache at all."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def takes_files() -> None:
    """The page that is being answered has a form for files: its scripts may upload here, record, and play that."""

    @after_this_request
    def add(response: Response) -> Response:
        response.headers.update(TAKES_FILES)
        return response
