import pytest

from whistle.domain.passwords import LEAST, MOST, fault


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        ("empat belas hur", None),
        ("empat belas hu", "short"),
        ("x" * MOST + "y", "long"),
        ("abababababababab", "simple"),
        ("rahmaRAHMArahma12", "own_name"),
        ("kayuh sungai martapura", None),
        ("日本語の合言葉はとても長いです", None),
    ],
)
def test_a_password_is_long_enough_and_more_than_a_pattern(new, wrong):
    assert len("empat belas hur") == LEAST
    assert fault(new, "rahma") == wrong


def test_the_old_password_is_no_new_one_however_it_was_typed():
    assert fault("café di tepi sungai", "rahma", "cafe\u0301 di tepi sungai") == "same"
    assert fault("café di tepi sungai", "rahma", "kafe di tepi sungai") is None


def test_nobody_without_a_login_trips_the_rule_on_logins():
    assert fault("kayuh sungai martapura", "") is None
