"""A QR code as inline SVG: dark on light whatever the page's colours, without style, script or another request."""

import segno
from markupsafe import Markup

EDGE = 4  # modules of quiet zone around the code, as ISO/IEC 18004 asks


def svg(text: str, label: str, scale: int = 5) -> Markup:
    """``text`` as a QR code; ``label`` says to a screen reader what it is. One module is ``scale`` CSS pixels wide."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=scale, border=EDGE, dark="#000", light="#fff", title=label, omitsize=False)
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - made here; segno escapes the title
