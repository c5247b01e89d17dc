"""Names that a writer gives as their own or their family's; other people's names are let be."""

import re

from whistle.domain.given_names import GIVEN_NAMES, NO_NAMES
from whistle.domain.patterns import ME, Places, any_case

_WORD = r"[^\W\d_][\w'’.-]{1,24}"
_NAME = rf"(?P<name> {_WORD} (?: \s{_WORD} ){{0,3}} )"
_KIN = """(?: anak | suami | istri | isteri | ibu | ayah | bapak | mama | abah | adik | kakak | mertua | keponakan
            | cucu | nenek | kakek | paman | bibi | tante | om )"""
_CALLED = r"(?: yang\s{1,2} )? bernama\s{1,2}"
_TITLE = r"(?: (?: ibu | bapak | bpk | pak | bu | h | hj )\b\.?\s{1,2} )?"
_END = r"\.?\s{0,9}\Z"  # a signature stands at the end

# After these words whatever follows is a name, with or without a capital.
_SAID = tuple(
    any_case(pattern + _NAME)
    for pattern in (
        rf"\b nama\s{{1,2}} (?: (?:lengkap|asli)\s{{1,2}} )? {ME}\s{{0,2}} (?: (?:adalah|ialah|itu)\b | [:=,] )?"
        r"\s{0,2}",
        rf"\b {ME}\s{{1,2}} {_CALLED}",
        r"\b nama\s{0,2} [:=]\s{0,2}",
        r"\b (?: my\s{1,2}name(?:\s{1,2}is|'s) | call\s{1,2}me )\s{1,2}",
    )
)
# After these it is one when it looks like a name.
_SHOWN = (
    *(
        any_case(pattern + _NAME)
        for pattern in (
            rf"\b (?: panggil\s{{1,2}} (?: saja\s{{1,2}} )? {ME} | {ME}\s{{1,2}} (?: biasa\s{{1,2}} )? dipanggil )"
            r"\s{1,2}",
            rf"\b (?:per)?kenalkan [\s,.:]{{1,3}} (?: {ME}[\s,]{{1,2}} )?",
            rf"\b {ME},?\s{{1,2}} (?: ini\s{{1,2}} )? {_TITLE}",
            rf"\b {_KIN}\s{{1,2}} (?: {ME} | kami ),?\s{{0,2}} (?: {_CALLED} | atas\s{{1,2}}nama\s{{1,2}} )?",
            r"(?: \b a\.?\s?n\.\s{0,2} | \b a/n\.?\s{1,2} | \b an\.\s{0,2} | \b atas\s{1,2}nama\s{1,2} )",
            r"\b (?: i\s{1,2}am | i'm | this\s{1,2}is )\s{1,2}",
        )
    ),
    any_case(rf"\b (?: ttd | tertanda | hormat\s{{1,2}}(?:saya|kami) ) [\s,.:]{{1,3}} {_NAME} {_END}"),
    any_case(rf"\b (?: terima\s?kasih | salam | wassalam | makasih ) [\s,.:]{{1,4}} {_NAME} {_END}"),
)
_AFFIXED = re.compile(r"(?:di|me|men|mem|meng|ber|ter|pe|peng|ke|se)[a-z]{3,}(?:kan|i|an|nya|$)")  # a verb, not a name


def own_names(text: str, quiet: str) -> Places:
    """Where the writer says who they are."""
    shouted = _is_shouted(text)
    for patterns, said in ((_SAID, True), (_SHOWN, False)):
        for pattern in patterns:
            for found in pattern.finditer(text):
                size = _size(found["name"], said, shouted)
                if size:
                    yield "name", found.start(), found.start("name") + size


def _is_shouted(text: str) -> bool:
    """Whether so many words begin with a capital that a capital says nothing."""
    words = re.findall(r"[^\W\d_]{2,40}", text[:5_000])
    return len(words) > 8 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _size(words: str, said: bool, shouted: bool) -> int:
    """How many characters of ``words`` are a name; 0 when it begins with none."""
    size = 0
    for word in re.finditer(r"\S+", words):
        bare = word[0].strip(".,'’-")
        capital = bare[:1].isupper() and not shouted
        if not _may_be_name(bare.casefold(), capital or (said and size == 0)):
            break
        size = word.start() + len(word[0].rstrip(".,'’-"))
        if word[0][-1] in ".,":
            break
    return size


def _may_be_name(bare: str, likely: bool) -> bool:
    if bare in GIVEN_NAMES:
        return True
    return likely and len(bare) > 2 and bare not in NO_NAMES and not _AFFIXED.match(bare)
