"""Find what in a reporter's own text may give the reporter away, so that a page can ask before anything is sent.

This is a helper's glance, not a guarantee: it asks a kind question beside the place and removes nothing. It leans to
silence on sums, dates, years, clock times, office names and letter numbers, since who is warned too often stops reading.

Each rule is a pattern with bounded repeats, so the time is linear in the text, also for a hostile one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from whistle.domain.given_names import GIVEN_NAMES, NO_NAMES

Kind = Literal["phone", "nik", "queue", "name", "email", "plate", "address", "account"]


@dataclass(frozen=True)
class Finding:
    """``text[start:end]`` is ``excerpt`` and may identify the reporter."""

    kind: Kind
    excerpt: str
    start: int
    end: int


def find_identifying(text: str) -> list[Finding]:
    """What may identify the reporter, in the text's order; findings do not overlap."""
    quiet = _quiet(text)
    hits = [(start, end, kind) for rule in _RULES for kind, start, end in rule(text, quiet)]
    findings: list[Finding] = []
    for start, end, kind in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if not findings or start >= findings[-1].end:
            findings.append(Finding(kind, text[start:end], start, end))
        elif end > findings[-1].end:  # they overlap: one longer place of the kind that begins first
            first = findings.pop()
            findings.append(Finding(first.kind, text[first.start : end], first.start, end))
    return findings


Hits = Iterator[tuple[Kind, int, int]]
ANY = re.IGNORECASE

# What looks like an identifying number and is none: sums, dates, clock times, numbers of laws and letters.
_HARMLESS = re.compile(
    r"\b(?:rp|idr)\.?\s{0,2}[0-9][0-9.,]{0,20}"
    r"|(?<![\d.+])[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}(?:,[0-9]{1,2}|,-)?(?![\d.]?\d)"
    r"|(?<!\d)[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?(?:19|20)[0-9]{2}(?!\d)"
    r"|(?<!\d)(?:19|20)[0-9]{2}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}(?!\d)"
    r"|(?<!\d)[0-2]?[0-9][.:][0-5][0-9](?:\s?[-–]\s?[0-2]?[0-9][.:][0-5][0-9])?(?:\s?(?:wita|wib|wit))?(?![\d.:]?\d)"
    r"|(?<!\d)(?:19|20)[0-9]{2}\s?[-/–]\s?(?:19|20)[0-9]{2}(?!\d)"
    r"|(?:nomor|no\.?)\s{0,2}[0-9]{1,4}\s{0,2}(?:/|tahun|thn|th\.?)\s{0,2}(?:tahun\s{0,2})?[0-9]{2,4}",
    ANY,
)


def _quiet(text: str) -> str:
    """The text with harmless numbers blotted out, place for place."""
    return _HARMLESS.sub(lambda found: found[0] if _PHONE_LIKE.match(found[0]) else "#" * len(found[0]), text)


_PHONE_LIKE = re.compile(r"62\.8[0-9]{2}\.[0-9]{3}\.[0-9]{3}")
_RUN = re.compile(r"(?<![\w.,/-])[(+]{0,2}[0-9Oo](?:[ .\-–/()\u00a0]{0,2}[0-9]){6,19}(?![\w])")
_SPOKEN = "(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan)"
_SPOKEN_RUN = re.compile(rf"\b(?:nol|kosong)(?:[\s,.-]{{1,2}}{_SPOKEN}\b){{7,14}}", ANY)
_PHONE_WORD = re.compile(
    r"\b(?:hp|wa|whatsapp|telp|telepon|telpon|tlp|ponsel|handphone|kontak|hubungi|phone)\b[^\d\n]{0,25}$", ANY
)
_NIK_WORD = re.compile(r"\b(?:nik|ktp|kk|nkk|nip|nisn|kartu keluarga|npwp|bpjs)\b[^\d\n]{0,25}$", ANY)
_ACCOUNT_WORD = re.compile(
    r"\b(?:rekening|rek|norek|bri|bca|bni|btn|bsi|mandiri|bank|dana|ovo|gopay|go-pay|shopeepay|linkaja|briva|virtual"
    r" account|va)\b[^\d\n]{0,25}$",
    ANY,
)


def _numbers(text: str, quiet: str) -> Hits:
    """Runs of digits, by their length, their beginning and the word before them."""
    for run in _RUN.finditer(quiet):
        digits = "".join("0" if char in "Oo" else char for char in run[0] if char.isalnum())
        kind = _kind_of_number(digits, text[max(0, run.start() - 40) : run.start()])
        if kind:
            yield kind, run.start(), run.end()
    for run in _SPOKEN_RUN.finditer(text):
        yield "phone", run.start(), run.end()


def _kind_of_number(digits: str, before: str) -> Kind | None:
    size = len(digits)
    if size >= 8 and _ACCOUNT_WORD.search(before):
        return "account"
    if size in (16, 18) or (size >= 8 and _NIK_WORD.search(before)):
        return "nik"
    if re.match(r"(?:62|0062|0)8", digits) and 10 <= size <= 15:
        return "phone"
    if re.match(r"(?:62|0)[2-79]", digits) and 9 <= size <= 13:
        return "phone"
    if size >= 7 and _PHONE_WORD.search(before):
        return "phone"
    return None


_NO = r"(?:no(?:mor|mer|\.)?|nmr)"
_QUEUE_THING = r"(?:antrean|antrian|antre|antri|urut|urutan|berkas|registrasi|pendaftaran|permohonan|resi)"
_COUNTED = (
    r"(?!\d|[.,]\d|\s{0,2}(?:orang|org|jam|menit|mnt|hari|minggu|bulan|bln|tahun|thn|kali|x\b|meter|m\b|km|lembar|lbr|rangkap|ribu|rb|"
    r"juta|jt|k\b|rupiah|persen|%|map|bundel|kendaraan|mobil|motor|loket|pintu|antrean|pasien|warga|nama))"
)
_FILLER = r"(?:\s{0,2}(?:saya|sy|aku|ulun|kami|adalah|yaitu|itu|ke|nya|:|=|-|\.|no(?:mor|mer)?\.?|nmr)){0,4}"
_CODE = r"(?:[A-Z]{1,3}\s?[-./]?\s?)?[0-9]{1,6}(?:[-/][A-Z0-9]{1,6}){0,4}"
_QUEUE = (
    re.compile(rf"\b(?:{_NO}\s{{0,2}})?{_QUEUE_THING}(?:nya)?\b{_FILLER}\s{{0,2}}(?:{_CODE}){_COUNTED}", ANY),
    re.compile(
        rf"\b(?:dapat|dapet|dpt|ambil|mengambil|dipanggil|panggilan|giliran|pegang)\s{{1,2}}{_NO}{_FILLER}\s{{0,2}}{_CODE}"
        rf"{_COUNTED}",
        ANY,
    ),
    re.compile(rf"\b{_NO}\s{{0,2}}(?:tiket|karcis|surat pengantar){_FILLER}\s{{0,2}}{_CODE}{_COUNTED}", ANY),
    re.compile(rf"\b{_NO}\s{{1,2}}(?:saya|sy|aku|ulun)\s{{0,2}}[:=]?\s{{0,2}}{_CODE}{_COUNTED}", ANY),
    re.compile(rf"\b(?:queue|ticket)\s{{1,2}}(?:number|no\.?)?\s{{0,2}}(?:was|is|:)?\s{{0,2}}{_CODE}{_COUNTED}", ANY),
    re.compile(rf"\b{_NO}\s{{1,2}}(?-i:[A-Z])\s?-?\s?[0-9]{{2,4}}\b", ANY),
)


def _queue(text: str, quiet: str) -> Hits:
    for pattern in _QUEUE:
        for found in pattern.finditer(quiet):
            yield "queue", found.start(), found.end()


_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s{0,2}(?:@|\(at\)|\[at\])\s{0,2}[\w-]{1,63}(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]{2,63}){1,4}", ANY
)
_HANDLE = re.compile(
    r"\b(?:akun|ig|instagram|fb|facebook|tiktok|twitter|telegram)\s{1,2}(?:saya|sy|aku|ulun)\s{0,2}[:=]?\s{0,2}@?"
    r"[\w.]{3,30}",
    ANY,
)


def _online(text: str, quiet: str) -> Hits:
    for found in _EMAIL.finditer(text):
        yield "email", found.start(), found.end()
    for found in _HANDLE.finditer(text):
        yield "name", found.start(), found.end()


# Region codes of number plates. Two digits and more: "D 3" is a diploma.
_REGIONS = (
    "A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNRST]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[AB]?|R|S|T|W|Z"
)  # fmt: skip
_NO_SUFFIX = r"(?!(?:RB|JT|JAM|RP|ORG|BLN|THN|KG|KM|K|M|X|HR|MNT|DAN|DI|KE|YG|DR|ITU|INI|ADA|TH|WITA|WIB)\b)"
_PLATE = (
    re.compile(rf"\b(?:{_REGIONS})[ .-]?[0-9]{{2,4}}[ .-]?{_NO_SUFFIX}[A-Z]{{1,3}}\b"),
    re.compile(rf"\b(?:da|kh|kt)[ .-]?[0-9]{{3,4}}[ .-]?{_NO_SUFFIX}[a-z]{{1,3}}\b", ANY),
    re.compile(r"\b(?:plat|nopol|no\.?\s?pol(?:isi)?)\.?\s{1,2}[a-z]{1,2}[ .-]?[0-9]{1,4}[ .-]?[a-z]{0,3}\b", ANY),
)


def _plates(text: str, quiet: str) -> Hits:
    for pattern in _PLATE:
        for found in pattern.finditer(quiet):
            yield "plate", found.start(), found.end()


_ADDRESS = (
    re.compile(
        r"\b(?:jl|jln|jalan)\b\.?\s{0,2}[a-z0-9][\w.' -]{0,50}?[ ,.]{1,2}(?:no(?:mor|\.)?|nmr|#)\s{0,2}[0-9]{1,4}\s?[a-z]?\b",
        ANY,
    ),
    re.compile(
        r"\brt\b\.?\s{0,2}(?:[:/-]\s?)?[0-9]{1,3}\b(?:\s{0,2}[/,.-]?\s{0,2}(?:rw\b\.?\s{0,2}[:/-]?\s?)?[0-9]{1,3}\b)?"
        rf"{_COUNTED}",
        ANY,
    ),
    re.compile(rf"\brw\b\.?\s{{0,2}}[0-9]{{1,3}}\b{_COUNTED}", ANY),
    re.compile(r"\b(?:gg\b\.?|gang(?=\s{1,2}(?-i:[A-Z])))\s{0,2}(?-i:[A-Z])\w{1,20}(?:\s(?-i:[A-Z0-9])\w{0,20}){0,3}", ANY),
    re.compile(r"\bgg\b\.?\s{0,2}[a-z0-9]\w{0,20}", ANY),
    re.compile(r"\bblok\s{1,2}[a-z]{1,2}\s?[-./]?\s?[0-9]{1,3}[a-z]?\b", ANY),
    re.compile(
        r"\b(?:komp|komplek|kompleks|perum|perumahan)\b\.?\s{1,2}(?-i:[A-Z])[\w.' -]{0,40}?\s(?:no(?:mor|\.)?|blok)\s{0,2}\w{1,4}\b",
        ANY,
    ),
    re.compile(
        r"\b(?:alamat|rumah)(?:nya)?\s{1,2}(?:saya|sy|aku|ulun|kami)\s{0,2}(?:adalah\s|yaitu\s|ada\s)?(?:di\s|:|nomor|no\.?)[^.,;\n]{2,60}",
        ANY,
    ),
    re.compile(r"\b(?:saya|sy|aku|ulun|kami)\s{1,2}(?:tinggal|berdomisili|beralamat)\s{1,2}di\s{1,2}[^.,;\n]{3,60}", ANY),
    re.compile(r"\b(?:i live (?:at|on|in)|my address is)\s{1,2}[^.,;\n]{3,60}", ANY),
)


def _addresses(text: str, quiet: str) -> Hits:
    for pattern in _ADDRESS:
        for found in pattern.finditer(quiet):
            yield "address", found.start(), found.end()


_I = r"(?:saya|sy|aku|ulun|unda)"
_WORD = r"[^\W\d_][\w'’.-]{1,24}"
_NAME = rf"(?P<name>{_WORD}(?:\s{_WORD}){{0,3}})"
_KIN = (
    r"(?:anak|suami|istri|isteri|ibu|ayah|bapak|mama|abah|adik|kakak|mertua|keponakan|cucu|nenek|kakek|paman|bibi|tante|om)"
)
# (pattern, what stands for a name after it): "said" takes any words, "shown" a capital or a known given name.
_NAMED: tuple[tuple[re.Pattern[str], bool], ...] = (
    (re.compile(rf"\bnama\s{{1,2}}(?:lengkap\s{{1,2}}|asli\s{{1,2}})?{_I}\s{{0,2}}(?:adalah\b|ialah\b|itu\b|[:=,])?\s{{0,2}}{_NAME}", ANY), True),
    (re.compile(rf"\b{_I}\s{{1,2}}(?:yang\s{{1,2}})?bernama\s{{1,2}}{_NAME}", ANY), True),
    (re.compile(rf"\bnama\s{{0,2}}[:=]\s{{0,2}}{_NAME}", ANY), True),
    (re.compile(rf"\b(?:panggil\s{{1,2}}(?:saja\s{{1,2}})?{_I}|{_I}\s{{1,2}}(?:biasa\s{{1,2}})?dipanggil)\s{{1,2}}{_NAME}", ANY), False),
    (re.compile(rf"\b(?:perkenalkan|kenalkan)[\s,.:]{{1,3}}(?:{_I}[\s,]{{1,2}})?{_NAME}", ANY), False),
    (re.compile(rf"\b{_I}\s{{0,1}},?\s{{1,2}}(?:ini\s{{1,2}})?(?:(?:ibu|bapak|bpk|pak|bu|h|hj)\b\.?\s{{1,2}})?{_NAME}", ANY), False),
    (re.compile(rf"\b{_KIN}\s{{1,2}}(?:{_I}|kami)\s{{0,1}},?\s{{0,2}}(?:(?:yang\s{{1,2}})?bernama\s{{1,2}}|atas\s{{1,2}}nama\s{{1,2}})?{_NAME}", ANY), False),
    (re.compile(rf"(?:\ba\.?\s?n\.\s{{0,2}}|\ba/n\.?\s{{1,2}}|\ban\.\s{{0,2}}|\batas\s{{1,2}}nama\s{{1,2}}){_NAME}", ANY), False),
    (re.compile(rf"\b(?:ttd|tertanda|hormat\s{{1,2}}(?:saya|kami))[\s,.:]{{1,3}}{_NAME}\.?\s{{0,9}}\Z", ANY), False),
    (re.compile(rf"\b(?:terima\s?kasih|salam|wassalam|makasih)[\s,.:]{{1,4}}{_NAME}\.?\s{{0,9}}\Z", ANY), False),
    (re.compile(rf"\b(?:my\s{{1,2}}name(?:\s{{1,2}}is|'s)|call\s{{1,2}}me)\s{{1,2}}{_NAME}", ANY), True),
    (re.compile(rf"\b(?:i\s{{1,2}}am|i'm|this\s{{1,2}}is)\s{{1,2}}{_NAME}", ANY), False),
)  # fmt: skip


def _names(text: str, quiet: str) -> Hits:
    """Names that the writer gives as their own or their family's; of other people's names nothing is said."""
    shouted = _is_shouted(text)
    for pattern, said in _NAMED:
        for found in pattern.finditer(text):
            size = _name_size(found["name"], said, shouted)
            if size:
                yield "name", found.start(), found.start("name") + size


def _is_shouted(text: str) -> bool:
    """Whether so many words begin with a capital that a capital says nothing."""
    words = re.findall(r"[^\W\d_]{2,40}", text[:5_000])
    return len(words) > 8 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _name_size(words: str, said: bool, shouted: bool) -> int:
    """How much of ``words`` is a name; 0 when it begins with none."""
    size = 0
    for word in re.finditer(r"\S+", words):
        bare = word[0].strip(".,'’-").casefold()
        known = bare in GIVEN_NAMES
        looks = known or (word[0][0].isupper() and not shouted and bare not in NO_NAMES and not _AFFIXED.match(bare))
        if not looks and not (said and size == 0 and bare not in NO_NAMES and not _AFFIXED.match(bare)):
            break
        size = word.start() + len(word[0].rstrip(".,'’-"))
        if word[0][-1] in ".,":
            break
    return size


_AFFIXED = re.compile(r"(?:di|me|men|mem|meng|ber|ter|pe|peng|ke|se)[a-z]{3,}(?:kan|i|an|nya|$)")

_RULES: tuple[Callable[[str, str], Hits], ...] = (_numbers, _queue, _online, _plates, _addresses, _names)
