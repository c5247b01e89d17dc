"""The trust root, the chain of manifests, the floors; and the officers' rows against what was signed."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from whistle.casefile.manifest import Directory, Manifest, ManifestRefused, verify_chain
from whistle.casefile.recipients import dual_hash
from whistle.crypto import root_file
from whistle.crypto.fingerprint import WORDS
from whistle.crypto.receipt import word_list
from whistle.services import floor
from whistle.services.context import Context, NotSetUp, signed_rows
from whistle.services.verify import readable
from whistle.services.verify.findings import Findings
from whistle.store import examine, officers
from whistle.store.rows import OfficerRow


def named_root(text: str) -> str:
    """A printed fingerprint as it is compared: the number of 64 digits, or the six words. Raises ValueError."""
    parts = text.lower().replace("-", " ").replace(":", " ").split()
    if len(parts) == WORDS and set(parts) <= set(word_list()):
        return " ".join(parts)
    digits = "".join(parts)
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise ValueError("neither a number of 64 digits nor six words of the list")
    return digits


def check_trust(ctx: Context, findings: Findings, root: str | None, say: Callable[[str], None]) -> Directory | None:
    """The directory of the manifests if they verify. ``root``: what keys/root.pub must have, of `named_root`."""
    say("the manifests")
    _check_readable(ctx, findings)
    public = _root(ctx, findings, root)
    if public is None:
        return None
    with examine.examining(ctx.store) as tx:
        rows, people = officers.all_manifests(tx), officers.all_officers(tx)
    findings.count("manifests", len(rows))
    chain = signed_rows(rows)
    try:
        directory = verify_chain(chain, public, 1)
    except ManifestRefused as error:
        findings.fault("manifest-refused", "manifest", f"{len(rows)} rows", str(error))
        return None
    for row, signed in zip(rows, chain, strict=True):
        if row.sequence != signed.manifest().sequence:
            findings.fault(
                "manifest-refused", "manifest", f"sequence {row.sequence}", "its number is not the signed one"
            )
    _check_newest(ctx, findings, directory.current)
    for person in people:
        with findings.surviving("officer-differs", "officer", examine.show(person.id)):
            _check_officer(findings, directory.current, person)
    for reader in directory.current.readers:
        if reader.id not in {person.id for person in people}:
            findings.fault("officer-missing", "officer", reader.id.hex(), f"{reader.login} is signed and has no row")
    return directory


def _root(ctx: Context, findings: Findings, wanted: str | None) -> bytes | None:
    try:
        public = ctx.trust.root()
    except (NotSetUp, ManifestRefused, ValueError, OSError) as error:
        findings.fault("root-missing", "keys", "root.pub", str(error))
        return None
    words, number = root_file.fingerprint_of(public)
    findings.count("root keys")
    if wanted is None:  # what is found is not said here, where somebody would copy it instead of the paper's
        findings.leave("whether keys/root.pub is the city's", "give --root with the fingerprint in the minutes")
    elif wanted not in (number, " ".join(words)):
        findings.fault("root-differs", "keys", "root.pub", f"its fingerprint is {' '.join(words)}, {number}")
    return public


def _check_newest(ctx: Context, findings: Findings, manifest: Manifest) -> None:
    for folder in (ctx.settings.keys_dir, ctx.settings.data_dir):
        _check_floor(findings, manifest, folder / floor.NAME, must=folder == ctx.settings.keys_dir)
    if manifest.expires < ctx.clock.today():
        found = f"it expired on {manifest.expires.isoformat()}"
        findings.fault("manifest-expired", "manifest", f"sequence {manifest.sequence}", found)
    for log, key in manifest.recovery.items():
        kept = None
        with suppress(NotSetUp, ManifestRefused, ValueError, OSError):
            kept = ctx.trust.recovery(log)
        if kept != (key, manifest.recovery_sign.get(log)):
            findings.fault("recovery-key-differs", "keys", f"recovery-{log}.pub", f"the {log} key is another one")


def _check_readable(ctx: Context, findings: Findings) -> None:
    """Whoever owns the data folder serves: a trust file that is closed to them stops all that comes."""
    keys, data = ctx.settings.keys_dir, ctx.settings.data_dir
    server = readable.user(data.stat().st_uid)
    for path in (keys, *sorted(keys.glob("*.pub")), keys / floor.NAME, data / floor.NAME):
        if path.exists() and not readable.by(server, path):
            found = f"{server.name}, who owns {data} and so serves, cannot read it"
            findings.fault("trust-unreadable", "keys", str(path), found)


def _check_floor(findings: Findings, manifest: Manifest, path: Path, must: bool) -> None:
    """The one in keys/ must be there; the one beside the data is made anew by whoever reads a manifest."""
    if not path.exists() and not must:
        return
    try:
        lowest = int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        findings.fault("floor-missing", "floor", str(path), "it cannot be read")
        return
    findings.count("floors")
    if manifest.sequence < lowest:
        found = f"the newest manifest is {manifest.sequence}, the floor in {path} is {lowest}"
        findings.fault("manifest-below-floor", "manifest", f"sequence {manifest.sequence}", found)


def _check_officer(findings: Findings, manifest: Manifest, row: OfficerRow) -> None:
    findings.count("officers")
    reader, name = manifest.by_id.get(row.id), examine.show(row.id)
    if reader is None:
        if row.status == "active":
            findings.fault("officer-not-admitted", "officer", name, f"{row.login} is active and not in the manifest")
        return
    kept = (row.hpke_public, row.sign_public, dual_hash(row.dual_public))
    if kept != (reader.hpke, reader.sign, reader.dual):
        findings.fault("officer-keys-differ", "officer", name, f"{row.login} has other keys than were signed")
    for what in ("login", "name", "role", "unit"):
        if getattr(reader, what) != getattr(row, what):
            findings.fault("officer-differs", "officer", name, f"{reader.login}: the {what} is not the signed one")
