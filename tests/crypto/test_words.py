"""The words of the receipt: every rule of whistle/crypto/data/README.md, checked on the list as it is installed."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.resources import files

from whistle.crypto.receipt import word_list

WORDS = word_list()

# Insults, slurs and indecent words, so that they stand in no file: the first ten digits of their SHA-256.
OFFENSIVE = frozenset(
    """
    0033728f0f 003a02344f 00c5eadc47 02a0f0a9db 043d6c5097 048f0d5ee5 0508a63444 058897cd32 0b483f69c9 0c0452c0ba
    0e226449d9 10ec31ec89 132ed456d1 1ab2c64b9f 1b7093290e 2796820cb1 2a6764566d 3175bf0638 404eb17df6 4077902c11
    43cbec95b5 448b6ebec0 48fab7a564 4a08722114 4ac4012678 4be1edd738 4d262fbd01 4eebb8d524 568746072a 5953a824eb
    5b4fb714fa 5f1779fe8f 64d362d2e4 65f9f09845 6843bbec56 6ad747eac3 6c44d33a81 6c471d2d41 6d2147f0bc 6fa15c8082
    70aafb4266 737dd1bca2 79a923df45 7bb625c83c 7bff06a600 7fb1d81b12 82a34bb01e 85b7efde64 8a513a39e2 90297d4dae
    916e949a2b 982fa638f5 98c0112b96 994ae49b9c a0b7bdbef4 a2a3ef75a9 a8370b4956 af06b0fc49 b7d65e6e2f b86f986f25
    bc3550d16a be9261f646 bf6f2e23ae c187fe762c c1fae187cf dab94e0890 dbc20dcb56 dbd35b54eb e2d0be1fc2 e79e695c18
    f091178b12 f16ba75786 f6952d6eef f91e2b5219 fa68fd1633 fb078ec3d1 fc1defdf8e fee2df80a8
    """.split()
)
# What would frighten a worried person, hint at what the receipt is for, or be taken for a side.
UNFIT = frozenset(
    """
    adzan agama ajal amis ancam aniaya antre arwah ayat azab bahaya bakar bangkai banjir bantai benci bencana bidik
    bohong bom borgol bukti bunuh calo camat camar copot curi curiga darah demo denda dendam dinas doa dosa duka fitnah
    fraksi gagal gempa gereja gugat hajat haji hakim hantu hilang hukum ibadah imam intai izin jabat jahat jaksa jebak
    jenazah jerat kafan karcis kasus kejam komite korban korup korupsi kubur kudeta lapor luka lurah makam maling malang
    masjid mati mayat mayit musibah musnah najis neraka nisan nyeri pajak paksa partai parpol pecat pedang perang
    peluru penjara pidana pilkada pistol pocong polisi politik presiden pungut pungli racun rahasia rampas rampok razia
    rusuh saksi sakit salat sandera sanksi sedih semir senjata seram serang setor siksa sita sogok suap suku sumpah
    surga tahanan takut tangis tangkap tarif tembak teror tewas tikam tipu tuduh tuntut uang upeti usir wabah walikota
    """.split()
)
SPELLINGS = (("kh", "k"), ("sy", "s"), ("dh", "d"), ("oe", "u"), ("v", "f"), ("p", "f"), ("z", "j"), ("q", "k"))
SPELLINGS_OF_VOWELS = (("ai", "e"), ("au", "o"))
BEFORE = ("ber", "ter", "per", "mem", "men", "meng", "meny", "me", "pem", "pen", "peng", "peny", "pe", "se", "ke", "di")
UNRELATED = {("kemeja", "meja"), ("penjuru", "juru"), ("permata", "mata")}


def test_there_are_2048_words_of_which_each_stands_once() -> None:
    assert len(WORDS) == 2048
    assert len(set(WORDS)) == 2048


def test_the_file_holds_one_word_a_line_and_nothing_else() -> None:
    text = files("whistle.crypto").joinpath("data/words.txt").read_bytes()
    assert text == b"".join(word.encode() + b"\n" for word in WORDS)


def test_the_words_are_sorted() -> None:
    assert list(WORDS) == sorted(WORDS)


def test_a_word_has_four_to_seven_plain_letters() -> None:
    assert [word for word in WORDS if not re.fullmatch("[a-z]{4,7}", word)] == []


def test_four_letters_decide_a_word() -> None:
    assert len({word[:4] for word in WORDS}) == len(WORDS)


def test_one_slip_never_turns_a_word_into_another() -> None:
    """A letter wrong, missing or too many, or two neighbours changed over."""
    assert list(_shared(WORDS, _slipped)) == []


def test_no_two_words_sound_alike() -> None:
    assert list(_shared(WORDS, lambda word: {_sound(word)})) == []


def test_no_word_is_another_with_a_prefix() -> None:
    roots = {(word, root) for word in WORDS for root in _roots(word) if root in set(WORDS)}
    assert roots - UNRELATED == set()


def test_no_word_and_no_beginning_of_one_is_offensive() -> None:
    parts = {part for word in WORDS for part in (word, word[:4])}
    assert {part for part in parts if hashlib.sha256(part.encode()).hexdigest()[:10] in OFFENSIVE} == set()


def test_no_word_frightens_or_takes_sides() -> None:
    assert {word for word in WORDS if word in UNFIT} == set()


def test_the_checks_would_notice() -> None:
    assert list(_shared(("batik", "baik", "sungai"), _slipped)) == [("baik", "batik")]
    assert list(_shared(("batik", "batki"), _slipped)) == [("batik", "batki")]
    assert list(_shared(("akhir", "akir"), lambda word: {_sound(word)})) == [("akhir", "akir")]
    assert "tani" in _roots("petani")
    assert "tulis" in _roots("penulis")


def _shared(words: tuple[str, ...], marks: Callable[[str], set[str]]) -> Iterator[tuple[str, ...]]:
    """The groups of words that have a mark in common."""
    groups: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for mark in marks(word):
            groups[mark].add(word)
    yield from sorted({tuple(sorted(group)) for group in groups.values() if len(group) > 1})


def _slipped(word: str) -> set[str]:
    """Marks that two words share when at most one slip lies between them."""
    marks = {word}
    for at in range(len(word)):
        marks.add(word[:at] + "+" + word[at + 1 :])  # a letter wrong, or the one that the other word lacks
        if at:
            marks.add(word[: at - 1] + "".join(sorted(word[at - 1 : at + 1])) + "~" + word[at + 1 :])
    marks |= {word[:at] + "+" + word[at:] for at in range(len(word) + 1)}
    return marks


def _sound(word: str) -> str:
    for old, new in SPELLINGS:
        word = word.replace(old, new)
    word = re.sub(r"(.)\1", r"\1", word)
    for old, new in SPELLINGS_OF_VOWELS:
        word = word.replace(old, new)
    return word.removesuffix("h")


def _roots(word: str) -> set[str]:
    """What ``word`` may have been made of by a prefix; a nasal swallows p, t, k or s ("penulis": tulis)."""
    rests = {(prefix, word[len(prefix) :]) for prefix in BEFORE if word.startswith(prefix)}
    swallowed = {letter + rest for prefix, rest in rests if prefix[-1] in "mngy" for letter in "ptks"}
    return {rest for _, rest in rests} | swallowed
