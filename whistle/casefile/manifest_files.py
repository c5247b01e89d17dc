"""How manifests travel: as files between the server and the machine, without a network, on which the root key lies.

A request holds the manifest to be signed and the whole signed chain before it, so that whoever signs can see what it
changes without believing the server.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle.casefile import canon
from whistle.casefile.chain_rules import check_inside, check_link
from whistle.casefile.manifest import Manifest, ManifestRefused, SignedManifest, verify_chain

VERSION = 1
REQUEST, SIGNED = "manifest-request", "signed-manifest"
SIGNED_FIELDS = ("body", "signature", "signer", "names")


@dataclass(frozen=True)
class Request:
    """A manifest that waits for a signature, and the signed manifests before it in their order."""

    manifest: Manifest
    chain: tuple[SignedManifest, ...]

    def to_bytes(self) -> bytes:
        """The file's contents."""
        told = {"body": _b64(self.manifest.to_bytes()), "names": _b64(self.manifest.names())}
        return _file(REQUEST, {**told, "chain": [_packed(one) for one in self.chain]})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Request":
        """The reverse of `to_bytes`. Raises ManifestRefused for anything else, and for a body in another spelling."""
        value = _value(REQUEST, data)
        try:
            body = _unb64(value["body"])
            waiting = Manifest.from_bytes(body, _unb64(value["names"]))
            request = cls(waiting, tuple(_unpacked(item) for item in value["chain"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ManifestRefused("the file cannot be read: it was damaged on its way") from error
        if request.manifest.to_bytes() != body:
            raise ManifestRefused("the manifest in the file has a spelling of its own")
        return request

    def previous(self, root: bytes) -> Manifest | None:
        """The manifest before, None for the first, after the chain was verified against ``root``.

        Raises ManifestRefused, also when the manifest that waits does not follow it, or could not hold by itself.
        """
        before = verify_chain(self.chain, root, 1).current if self.chain else None
        check_link(self.manifest, before, hash_of_last(self.chain))
        check_inside(self.manifest)
        return before


def hash_of_last(chain: tuple[SignedManifest, ...]) -> bytes:
    """What the next manifest names as the one before: 32 zero bytes when there is none."""
    return hashlib.sha256(chain[-1].body).digest() if chain else bytes(32)


def signed_to_bytes(signed: SignedManifest) -> bytes:
    """The file of a signed manifest."""
    return _file(SIGNED, _packed(signed))


def signed_from_bytes(data: bytes) -> SignedManifest:
    """The reverse of `signed_to_bytes`. Raises ManifestRefused for anything else."""
    try:
        return _unpacked(_value(SIGNED, data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestRefused("the file cannot be read: it was damaged on its way") from error


def _packed(signed: SignedManifest) -> dict[str, str]:
    return {name: _b64(getattr(signed, name)) for name in SIGNED_FIELDS}


def _unpacked(value: Mapping[str, str]) -> SignedManifest:
    return SignedManifest(*(_unb64(value[name]) for name in SIGNED_FIELDS))


def _file(kind: str, value: Mapping[str, Any]) -> bytes:
    return canon.dumps({"v": VERSION, "kind": kind, **value}) + b"\n"


def _value(kind: str, data: bytes) -> dict[str, Any]:
    names = {REQUEST: "a request", SIGNED: "a signed manifest"}
    try:
        value = canon.loads(data)
    except canon.UNREADABLE as error:
        raise ManifestRefused(f"this file is not {names[kind]}") from error
    if value.get("v") != VERSION or value.get("kind") != kind:
        other = names.get(str(value.get("kind")), "something else")
        raise ManifestRefused(f"this file is {other}, not {names[kind]}")
    return value


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
