"""Numbers written out in Indonesian: ``dua ratus lima puluh ribu`` is 250000."""

import re

_ONES = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
}  # fmt: skip
_SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "milyar": 10**9, "triliun": 10**12}
_ONE = "(?:" + "|".join(_ONES) + ")"
_GROUP = re.compile(  # up to 999
    rf"(?:(?P<hundreds>{_ONE}) ratus ?)?"
    rf"(?:(?P<teens>{_ONE}) belas|(?P<tens>{_ONE}) puluh(?: (?P<after>{_ONE}))?|(?P<ones>{_ONE}))?"
)
_WHOLE = {
    "sepuluh": "satu puluh", "sebelas": "satu belas", "seratus": "satu ratus", "seribu": "satu ribu",
    "sejuta": "satu juta", "semiliar": "satu miliar", "semilyar": "satu miliar",
}  # fmt: skip


def number_of_words(text: str) -> int | None:
    """The number, 0 or more; None when the words do not make one. ``satu setengah juta`` is 1500000."""
    words = " ".join(_WHOLE.get(word, word) for word in text.replace("-", " ").split()).split()
    if words == ["nol"]:
        return 0
    total, group, last = 0, list[str](), 10**15
    for word in words:
        if word not in _SCALES:
            group.append(word)
            continue
        scale = _SCALES[word]
        number = _scaled(group, scale)
        if number is None or scale >= last:
            return None
        total, group, last = total + number, [], scale
    rest = _below_thousand(group) if group else 0
    return None if rest is None or not words else total + rest


def _scaled(group: list[str], scale: int) -> int | None:
    half = group[-1:] == ["setengah"]
    whole = _below_thousand(group[:-1] if half else group)
    if whole is None:
        return scale // 2 if group == ["setengah"] else None
    return whole * scale + (scale // 2 if half else 0)


def _below_thousand(group: list[str]) -> int | None:
    found = _GROUP.fullmatch(" ".join(group))
    if not group or found is None:
        return None
    values = {name: _ONES.get(word or "", 0) for name, word in found.groupdict().items()}
    teens = 10 + values["teens"] if values["teens"] else 0
    return values["hundreds"] * 100 + values["tens"] * 10 + teens + values["after"] + values["ones"]
