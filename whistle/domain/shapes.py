"""Whether a dataclass that was made of somebody else's JSON holds what its annotations say."""

from collections.abc import Mapping
from datetime import date
from typing import Any

LARGEST = 10**15  # of any number that people mean; a longer one is there to do harm

_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "int | None": (int, type(None)),
    "date": (date,),
    "date | None": (date, type(None)),
    "tuple[str, ...]": (tuple,),
}


Shapes = Mapping[str, tuple[type, ...]]


def shapes_of(cls: type) -> Shapes:
    """The fields of ``cls`` with the types that they may hold; those of kinds not listed above are left out."""
    names = {name: kind if isinstance(kind, str) else _name(kind) for name, kind in cls.__annotations__.items()}
    return {name: _KINDS[kind] for name, kind in names.items() if kind in _KINDS}


def check_shapes(values: Mapping[str, Any], shapes: Shapes) -> None:
    """Raises TypeError for a value of another type than its field's, ValueError for an absurd number."""
    for name, held in values.items():
        types, kind = shapes.get(name), type(held)
        if types is None:
            continue
        if kind not in types:
            raise TypeError(f"{name} is of another kind")
        if kind is int and abs(held) > LARGEST:
            raise ValueError(f"{name} is absurd")
        if kind is tuple and not all(type(item) is str for item in held):
            raise TypeError(f"{name} holds what is no text")


def _name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)
