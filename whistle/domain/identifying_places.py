"""Where a reporter can be found: a house, a lane, a stall; an address or an account on the net."""

from whistle.domain.patterns import ME, NOT_COUNTED, NUMBER_SIGN, Places, any_case, places

_WE = f"(?: {ME} | kami )"
_REST = r"[^.,;\n]"  # up to the end of the clause
_AT_LARGE = r"(?! (?: kota | daerah | wilayah | banjarmasin | kalsel | kalimantan | indonesia | sini )\b )"
_ADDRESSES = tuple(
    any_case(rf"\b {pattern}")
    for pattern in (
        rf"(?: jl | jln | jalan )\b\.?\s{{0,2}} [a-z0-9][\w.'\ -]{{0,50}}? [\ ,.]{{1,2}} (?: {NUMBER_SIGN} | \# )"
        r" \s{0,2} [0-9]{1,4} \s?[a-z]?\b",
        rf"rt\b\.?\s{{0,2}} (?:[:/-]\s?)? [0-9]{{1,3}}\b"
        rf" (?: \s{{0,2}}[/,.-]?\s{{0,2}} (?: rw\b\.?\s{{0,2}}[:/-]?\s? )? [0-9]{{1,3}}\b )? {NOT_COUNTED}",
        rf"rw\b\.?\s{{0,2}} [0-9]{{1,3}}\b {NOT_COUNTED}",
        # "gang sempit" is no address, "Gang Sampurna II" is one
        r"gang\s{1,2} (?-i:[A-Z])\w{1,20} (?: \s(?-i:[A-Z0-9])\w{0,20} ){0,3}",
        r"gg\b\.?\s{0,2} [a-z0-9]\w{0,20} (?: \s(?-i:[A-Z0-9])\w{0,20} ){0,3}",
        r"blok\s{1,2} [a-z]{1,2}\s?[-./]?\s?[0-9]{1,3}[a-z]?\b",
        rf"(?: komp | komplek | kompleks | perum | perumahan )\b\.?\s{{1,2}} (?-i:[A-Z])[\w.'\ -]{{0,40}}?"
        rf" \s (?: {NUMBER_SIGN} | blok )\s{{0,2}} \w{{1,4}}\b",
        rf"(?: alamat | rumah )(?:nya)?\s{{1,2}} {_WE}\s{{0,2}} (?: adalah\s | yaitu\s | ada\s )?"
        rf" (?: di\s | : | {NUMBER_SIGN} ) {_REST}{{2,60}}",
        rf"{_WE}\s{{1,2}} (?: tinggal | berdomisili | beralamat )\s{{1,2}} di\s{{1,2}} {_AT_LARGE} {_REST}{{3,60}}",
        rf"(?: i\ live\ (?:at|on|in) | my\ address\ is )\s{{1,2}} {_REST}{{3,60}}",
    )
)
_EMAIL = any_case(
    r"""(?<![\w.+-]) [\w.+-]{1,64} \s{0,2}(?: @ | \(at\) | \[at\] )\s{0,2}
        [\w-]{1,63} (?: (?: \. | \s?\(dot\)\s? | \s?\[dot\]\s? ) [\w-]{2,63} ){1,4}"""
)
_HANDLE = any_case(
    rf"""\b (?: akun | ig | instagram | fb | facebook | tiktok | twitter | telegram )\s{{1,2}} {ME}\s{{0,2}}
         [:=]?\s{{0,2}} @?[\w.]{{2,29}}\w"""
)


def addresses(text: str, quiet: str) -> Places:
    """Where somebody lives or has a stall; an office's street without a number is let be."""
    return places("address", _ADDRESSES, quiet)


def online(text: str, quiet: str) -> Places:
    """Mail addresses, and accounts that are called one's own."""
    yield from places("email", (_EMAIL,), text)
    yield from places("name", (_HANDLE,), text)
