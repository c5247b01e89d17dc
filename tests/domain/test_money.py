import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.complaint import AMOUNT_LIMIT
from whistle.domain.money import AmountError, format_rupiah, parse_rupiah
from whistle.domain.number_words import number_of_words

AMOUNTS = st.integers(0, AMOUNT_LIMIT)
READ = {
    "50000": 50_000,
    "50.000": 50_000,
    "Rp 50.000,-": 50_000,
    "Rp50.000.-": 50_000,
    "Rp 50.000,--": 50_000,
    "Rp. 1.250.000,00": 1_250_000,
    "1,250,000.00": 1_250_000,
    "1 250 000": 1_250_000,
    "1'250'000": 1_250_000,
    "1250000,00": 1_250_000,
    "IDR 100,000": 100_000,
    "50rb": 50_000,
    "50 RB": 50_000,
    "50k": 50_000,
    "50 ribu": 50_000,
    "50 ribu rupiah": 50_000,
    "Rp 50rb": 50_000,
    "50rban": 50_000,
    "50 ribuan": 50_000,
    "sekitar 50rb": 50_000,
    "kurang lebih 50.000": 50_000,
    "kira-kira Rp50.000": 50_000,
    "±50rb": 50_000,
    "+/- 50rb": 50_000,
    "1,5 juta": 1_500_000,
    "1.5 jt": 1_500_000,
    "5 juta": 5_000_000,
    "1,25jt": 1_250_000,
    "1 juta 250 ribu": 1_250_000,
    "1jt250rb": 1_250_000,
    "2 miliar": 2_000_000_000,
    "1 triliun": AMOUNT_LIMIT,
    "0": 0,
    "Rp0": 0,
    "５０.０００": 50_000,
    "\u202a50.000\u202c": 50_000,
    "  50\u00a0000 ": 50_000,
    "lima puluh ribu": 50_000,
    "dua ratus ribu": 200_000,
    "Seratus Lima Puluh Ribu Rupiah": 150_000,
    "sejuta": 1_000_000,
    "satu setengah juta": 1_500_000,
    "setengah juta": 500_000,
    "satu juta dua ratus lima puluh ribu tiga ratus dua puluh satu": 1_250_321,
    "sebelas ribu": 11_000,
}
UNREADABLE = [
    "abc", "banyak", "1.250 juta", "1,250 juta", "50,00", "12.50", "50.000.00", "1.25.000", "50-100rb", "50rb/orang",
    "1e5", "0x50", "٥٠", "$50", "50%", "10 juta 10 juta", "250 ribu 1 juta", "rb", "ribu", "dua dua", "juta dua",
    "empat puluh sebelas", "1,5", "50.000 dan 20.000", "🤑", "50 ribu lebih sedikit", "<b>50</b>", "50\x000", "NaN",
    "inf", "x" * 200_000, "1 ribu" * 20,
]  # fmt: skip


@pytest.mark.parametrize(("typed", "amount"), READ.items())
def test_amounts_are_read_as_people_type_them(typed, amount):
    assert parse_rupiah(typed) == amount


@pytest.mark.parametrize("typed", ["", " ", "\n\t", "\u200b", "Rp", "rp.", "-", "Rp ,-"])
def test_nothing_typed_is_no_amount(typed):
    assert parse_rupiah(typed) is None


@pytest.mark.parametrize("typed", UNREADABLE, ids=lambda typed: typed[:20])
def test_what_could_mean_two_things_or_nothing_is_refused(typed):
    with pytest.raises(AmountError) as refused:
        parse_rupiah(typed)
    assert refused.value.kind == "unreadable"


@pytest.mark.parametrize("typed", ["-50000", "- 50rb", "Rp -50.000", "−1", "(50.000)", "minus 5", "Rp-5"])
def test_a_negative_amount_is_refused_as_such(typed):
    with pytest.raises(AmountError) as refused:
        parse_rupiah(typed)
    assert refused.value.kind == "negative"


@pytest.mark.parametrize("typed", ["2 triliun", "1000000000001", "9" * 60, "9" * 90, "999999 triliun"])
def test_an_absurd_amount_is_refused_as_such(typed):
    with pytest.raises(AmountError) as refused:
        parse_rupiah(typed)
    assert refused.value.kind == "absurd"


def test_an_amount_is_printed_with_dots_between_thousands():
    assert [format_rupiah(n) for n in (0, 999, 1_000, 1_250_000)] == ["Rp0", "Rp999", "Rp1.000", "Rp1.250.000"]


@given(AMOUNTS)
def test_what_is_printed_is_read_back(amount):
    printed = format_rupiah(amount)
    assert parse_rupiah(printed) == amount
    assert parse_rupiah(printed.removeprefix("Rp")) == amount
    assert parse_rupiah(f"{printed},-") == amount
    assert parse_rupiah(str(amount)) == amount


@given(st.integers(0, 999), st.integers(0, 99), st.sampled_from(["juta", "jt", "JUTA"]), st.sampled_from(".,"))
def test_a_decimal_of_a_million_is_exact(whole, hundredths, scale, mark):
    assert parse_rupiah(f"{whole}{mark}{hundredths:02d} {scale}") == whole * 10**6 + hundredths * 10**4


WORDS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
SCALES = [(10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"), (100, "ratus"), (10, "puluh")]


def spoken(number):
    """The number in Indonesian words, the way they are taught."""
    if number < 12:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or WORDS[number]
    if number < 20:
        return f"{WORDS[number - 10]} belas"
    scale, word = next(pair for pair in SCALES if number >= pair[0])
    many, rest = divmod(number, scale)
    head = f"se{word}" if many == 1 and scale in (100, 1_000) else f"{spoken(many)} {word}"
    return f"{head} {spoken(rest)}" if rest else head


@given(AMOUNTS.filter(lambda n: n < 10**12))
def test_amounts_in_words_are_read_back(amount):
    assert number_of_words(spoken(amount)) == amount


@given(st.text(max_size=100) | st.text("0123456789.,-+ rbjutRp'()kx", max_size=40))
def test_whatever_is_typed_gives_a_whole_number_from_zero_to_the_limit_or_a_kind_refusal(typed):
    try:
        amount = parse_rupiah(typed)
    except AmountError as refused:
        assert refused.kind in ("negative", "absurd", "unreadable")
    else:
        assert amount is None or (type(amount) is int and 0 <= amount <= AMOUNT_LIMIT)
