"""What a signer chose, on its way from the page that asks to the page that signs: one hidden field of JSON."""

import json
from datetime import date
from typing import Any

from whistle.casefile.manifest import Acting
from whistle.services.proposal import Choices, Delegate
from whistle.services.refusals import Refusal


def packed(choices: Choices) -> str:
    """``choices`` as text."""
    return json.dumps(
        {
            "admit": [id_.hex() for id_ in choices.admit],
            "remove": [id_.hex() for id_ in choices.remove],
            "act": [_acting(acting) for acting in choices.act],
            "end_acting": [_acting(acting) for acting in choices.end_acting],
            "delegate": [[d.officer.hex(), list(d.tracks), d.until.isoformat()] for d in choices.delegate],
            "undelegate": [id_.hex() for id_ in choices.undelegate],
        },
        separators=(",", ":"),
    )


def unpacked(text: str) -> Choices:
    """The reverse of `packed`. Raises Refusal "gone" for anything else: it comes from a browser."""
    try:
        data = json.loads(text)
        return Choices(
            admit=_ids(data["admit"]),
            remove=_ids(data["remove"]),
            act=tuple(_to_acting(item) for item in data["act"]),
            end_acting=tuple(_to_acting(item) for item in data["end_acting"]),
            delegate=tuple(
                Delegate(bytes.fromhex(officer), tuple(str(track) for track in tracks), date.fromisoformat(until))
                for officer, tracks, until in data["delegate"]
            ),
            undelegate=_ids(data["undelegate"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refusal("gone") from error


def _ids(data: Any) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(id_) for id_ in data)


def _acting(acting: Acting) -> list[str]:
    days = (acting.first.isoformat(), acting.last.isoformat())
    return [acting.officer.hex(), acting.unit, acting.kind, *days, acting.letter]


def _to_acting(item: Any) -> Acting:
    officer, unit, kind, first, last, letter = (str(value) for value in item)
    return Acting(bytes.fromhex(officer), unit, kind, date.fromisoformat(first), date.fromisoformat(last), letter)
