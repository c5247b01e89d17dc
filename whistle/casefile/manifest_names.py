"""The names of a manifest's officers, kept apart from its body, which anybody may ask for.

The body holds their SHA-256, so that they are signed with it. The salt keeps whoever has the body alone from trying
names against that hash; it goes on from manifest to manifest.
"""

import hashlib
from collections.abc import Mapping

from whistle.casefile import canon

SALT = 32  # bytes

Names = Mapping[bytes, tuple[str, str]]  # login and name, by the officer's id


def pack(salt: bytes, names: Names) -> bytes:
    """The one spelling that is hashed."""
    readers = {id_.hex(): {"login": login, "name": name} for id_, (login, name) in names.items()}
    return canon.dumps({"readers": readers, "salt": salt.hex()})


def unpack(data: bytes, digest: str) -> tuple[bytes, Names]:
    """Salt and names, if ``digest`` (SHA-256 in hexadecimal) is theirs. Raises ValueError, KeyError or TypeError."""
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("its officers' names are missing, or others than were signed")
    value = canon.loads(data)
    names = {bytes.fromhex(id_): (str(one["login"]), str(one["name"])) for id_, one in value["readers"].items()}
    salt = bytes.fromhex(value["salt"])
    if len(salt) != SALT or pack(salt, names) != data:
        raise ValueError("its officers' names have a spelling of their own")
    return salt, names
