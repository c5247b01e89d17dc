"""The second factor: right by the RFC, in any time zone, once."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto.suite import Refused
from whistle.crypto.totp import code, new_secret, provisioning_uri, verify

SECRET = b"12345678901234567890"
NOW = 1_790_000_000


@pytest.mark.parametrize(
    ("unix", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_rfc_6238(unix: int, expected: str) -> None:
    """Appendix B, SHA-1; six digits are the last six of its eight."""
    assert code(SECRET, unix) == expected


@pytest.mark.parametrize("zone", ["UTC", "Asia/Makassar", "America/St_Johns", "Pacific/Kiritimati"])
def test_the_machines_time_zone_changes_nothing(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert code(SECRET, 1111111109) == "081804"
        now = int(time.time())
        assert verify(SECRET, code(SECRET, now), now, 0) == now // 30
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.integers(60, 2**33), st.sampled_from([-1, 0, 1]))
def test_a_code_is_taken_one_step_early_or_late(unix: int, steps: int) -> None:
    taken = verify(SECRET, code(SECRET, unix + 30 * steps), unix, 0)
    assert abs(taken - unix // 30) <= 1


@given(st.integers(900, 2**33), st.sampled_from([-20, -3, -2, 2, 3, 20]))
def test_a_code_further_off_is_refused(unix: int, steps: int) -> None:
    typed = code(SECRET, unix + 30 * steps)
    if typed not in {code(SECRET, unix + 30 * near) for near in (-1, 0, 1)}:  # one in 300,000
        with pytest.raises(Refused):
            verify(SECRET, typed, unix, 0)


def test_a_code_is_taken_once() -> None:
    # Given an officer who signed in with a code
    step = verify(SECRET, code(SECRET, NOW), NOW, 0)
    # When somebody who saw it types it again, at once or within the window, then it is refused
    for later in (NOW, NOW + 29, NOW + 30):
        with pytest.raises(Refused):
            verify(SECRET, code(SECRET, NOW), later, step)
    # And so is the code before it, while the next one is taken
    with pytest.raises(Refused):
        verify(SECRET, code(SECRET, NOW - 30), NOW, step)
    assert verify(SECRET, code(SECRET, NOW + 30), NOW + 30, step) == step + 1


def test_a_code_may_be_typed_with_spaces() -> None:
    typed = code(SECRET, NOW)
    assert verify(SECRET, f" {typed[:3]} {typed[3:]}\n", NOW, 0) == NOW // 30


@pytest.mark.parametrize("typed", ["", "0", "12345", "1234567", "abcdef", "-00001", "٠٠٠٠٠٠", "\ud800", "0" * 10_000])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        verify(SECRET, typed, NOW, 0)


def test_another_officers_code_is_refused() -> None:
    with pytest.raises(Refused):
        verify(b"09876543210987654321", code(SECRET, NOW), NOW, 0)


def test_a_new_secret_is_160_random_bits() -> None:
    assert len(new_secret()) == 20
    assert new_secret() != new_secret()


def test_the_address_for_the_app_holds_secret_name_and_issuer() -> None:
    address = urlsplit(provisioning_uri(SECRET, "siti.rahma", "Peluit Banjarmasin"))
    query = parse_qs(address.query)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path.endswith("siti.rahma")
    assert query["issuer"] == ["Peluit Banjarmasin"]
    assert query["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert (query["digits"], query["period"]) == (["6"], ["30"])
