"""QR codes that the strict policy of our pages lets stand."""

import re

from whistle.web.qr import svg


def test_a_code_has_a_name_and_nothing_that_the_policy_would_refuse():
    drawn = svg("otpauth://totp/Peluit:rahma?secret=ABCDEFGH&issuer=Peluit", 'Kode <untuk> "aplikasi"')
    assert drawn.startswith('<svg role="img"')
    assert "<title>Kode &lt;untuk&gt;" in drawn
    assert not re.search(r"style|script|href|url\(", drawn)


def test_a_code_is_dark_on_light_whatever_the_page_looks_like():
    drawn = svg("x", "x")
    assert 'fill="#fff"' in drawn and 'stroke="#000"' in drawn
