"""Numbers that may give a reporter away: telephone, NIK and its like, account, number plate, place in a queue."""

import re

from whistle.domain.patterns import ME, NOT_COUNTED, NUMBER_SIGN, Kind, Places, any_case, places

# What looks like an identifying number and is none.
_HARMLESS = any_case(
    r"""
      \b(?:rp|idr)\.?\s{0,2}[0-9][0-9.,]{0,20}                                      # Rp 50.000
    | (?<![\d.+])[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}(?:,[0-9]{1,2}|,-)?(?![\d.]?\d)  # 1.250.000
    | (?<!\d)[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?(?:19|20)[0-9]{2}(?!\d)      # 12-03-2025
    | (?<!\d)(?:19|20)[0-9]{2}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}(?!\d)      # 2025-03-12
    | (?<!\d)[0-2]?[0-9][.:][0-5][0-9](?:\s?[-–]\s?[0-2]?[0-9][.:][0-5][0-9])?(?![\d.:]?\d)  # 08.30-10.00
    | (?<!\d)(?:(?:19|20)[0-9]{2}[\s,/–-]{1,3}){1,9}(?:19|20)[0-9]{2}(?!\d)         # 2025/2026, 2019 2020 2021
    | (?:nomor|no\.?)\s{0,2}[0-9]{1,4}\s{0,2}(?:/|tahun|thn|th\.?)\s{0,2}(?:tahun\s{0,2})?[0-9]{2,4}  # no. 25/2009
    """
)
_PHONE_LIKE = re.compile(r"62\.8[0-9]{2}\.[0-9]{3}\.[0-9]{3}")  # sixty-two thousand million, or a telephone


def without_harmless(text: str) -> str:
    """The text with sums, dates, clock times and numbers of laws blotted out, place for place."""
    return _HARMLESS.sub(lambda found: found[0] if _PHONE_LIKE.match(found[0]) else "#" * len(found[0]), text)


_DIGIT = "(?: nol | kosong | satu | dua | tiga | empat | lima | enam | tujuh | delapan | lapan | sembilan )"
_SPOKEN = any_case(rf"\b (?:nol|kosong) (?: [\s,.-]{{1,2}} {_DIGIT}\b ){{7,14}}")
_RUN = any_case(r"(?<![\w.,/-]) [(+]{0,2} [0-9O] (?: [ .\-‐‑–—/()\u00a0]{0,2} [0-9] ){6,19} (?!\w)")


def _after(words: str) -> re.Pattern[str]:
    """One of the words shortly before where the text is cut off."""
    return any_case(rf"\b(?: {words} )\b [^\d\n]{{0,25}} $")


_PHONE_WORD = _after(
    "hp | wa | whatsapp | telp | telepon | telpon | tlp | ponsel | handphone | kontak | hubungi | phone"
)
_NIK_WORD = _after(r"nik | ktp | kk | nkk | nip | nisn | kartu\ keluarga | npwp | bpjs | kis")
_ACCOUNT_WORD = _after(
    r"""rekening | rek | norek | bri | bca | bni | btn | bsi | mandiri | bank | dana | ovo | gopay | go-pay | shopeepay
      | linkaja | briva | virtual\ account | va"""
)
_BEFORE = 40  # characters in which such a word is looked for


def numbers(text: str, quiet: str) -> Places:
    """Runs of digits, told apart by their length, their beginning and the word before them."""
    for run in _RUN.finditer(quiet):
        digits = "".join("0" if char in "Oo" else char for char in run[0] if char.isalnum())
        kind = _kind(digits, text[max(0, run.start() - _BEFORE) : run.start()])
        if kind:
            yield kind, run.start(), run.end()
    yield from places("phone", (_SPOKEN,), text)


def _kind(digits: str, before: str) -> Kind | None:
    size = len(digits)
    if size >= 8 and _ACCOUNT_WORD.search(before):
        return "account"
    if size in (16, 18) or (size >= 8 and _NIK_WORD.search(before)):  # NIK and KK have 16 digits, NIP 18
        return "nik"
    mobile = re.match(r"(?:62|0062|0)8", digits) and 10 <= size <= 15
    landline = re.match(r"(?:62|0)[2-79]", digits) and 9 <= size <= 13
    return "phone" if mobile or landline or (size >= 7 and _PHONE_WORD.search(before)) else None


_CODE = r"(?: (?:[A-Z]{1,3}\s?[-./]?\s?)? [0-9]{1,12} (?:[-/][A-Z0-9]{1,6}){0,4} )"
_BETWEEN = (
    rf"(?: \s{{0,2}} (?: {ME} | kami | adalah | yaitu | itu | ke | nya | [:=.-] | {NUMBER_SIGN} ) ){{0,4}} \s{{0,2}}"
)
_QUEUE_WORD = (
    "(?: antrean | antrian | antre | antri | urut | urutan | berkas | registrasi | pendaftaran | permohonan | resi )"
)
_CALLED = r"(?: dapat | dapet | dpt | ambil | mengambil | dipanggil | panggilan | giliran | pegang )"
_QUEUE = tuple(
    any_case(rf"\b {pattern}")
    for pattern in (
        rf"(?: {NUMBER_SIGN}\s{{0,2}} )? {_QUEUE_WORD}(?:nya)?\b {_BETWEEN} {_CODE} {NOT_COUNTED}",
        rf"{_CALLED}\s{{1,2}} {NUMBER_SIGN} {_BETWEEN} {_CODE} {NOT_COUNTED}",
        rf"{NUMBER_SIGN}\s{{0,2}} (?: tiket | karcis | surat\ pengantar ) {_BETWEEN} {_CODE} {NOT_COUNTED}",
        rf"{NUMBER_SIGN}\s{{1,2}} {ME}\s{{0,2}} [:=]?\s{{0,2}} {_CODE} {NOT_COUNTED}",
        rf"(?:queue|ticket)\s{{1,2}} (?:number|no\.?)?\s{{0,2}} (?:was|is|:)?\s{{0,2}} {_CODE} {NOT_COUNTED}",
        rf"{NUMBER_SIGN}\s{{1,2}} (?-i:[A-Z])\s?-?\s?[0-9]{{2,4}}\b",
    )
)


def queue_numbers(text: str, quiet: str) -> Places:
    """Places in a queue and numbers of the reporter's own file."""
    return places("queue", _QUEUE, quiet)


# Region codes. In free text two digits at least: "D 3" is a diploma.
_REGION = """(?: A[ABDEG]? | B[ABDEGHKLMNP]? | D[ABCDEGHKLMNRST]? | E[ABD]? | F | G | H | K[BHTU]? | L | M | N | P[AB]?
  | R | S | T | W | Z )"""
_NO_SERIES = r"(?! (?: RB|JT|JAM|RP|ORG|BLN|THN|KG|KM|K|M|X|HR|MNT|DAN|DI|KE|YG|DR|ITU|INI|ADA|TH|WIB ) \b )"
_PLATES = (
    re.compile(rf"\b {_REGION} [ .-]?[0-9]{{2,4}}[ .-]? {_NO_SERIES} [A-Z]{{1,3}} \b", re.VERBOSE),
    any_case(rf"\b (?:da|kh|kt) [ .-]?[0-9]{{3,4}}[ .-]? {_NO_SERIES} [a-z]{{1,3}} \b"),
    any_case(r"\b (?: plat | nopol | no\.?\s?pol(?:isi)? )\.?\s{1,2} [a-z]{1,2}[ .-]?[0-9]{1,4}[ .-]?[a-z]{0,3} \b"),
)


def plates(text: str, quiet: str) -> Places:
    """Number plates of vehicles."""
    return places("plate", _PLATES, quiet)
