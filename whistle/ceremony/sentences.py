"""What a manifest changes, in sentences for the person who is asked to sign it."""

from collections.abc import Iterable, Iterator, Sequence

from whistle.casefile.manifest_changes import Changes, changes
from whistle.casefile.recipients import Acting, Delegation, Manifest, Reader
from whistle.crypto.fingerprint import fingerprint
from whistle.domain.roles import ROLES, UNITS
from whistle.domain.tracks import TRACKS

ACTING = {"plt": "Plt, the post is vacant", "plh": "Plh, during an absence"}


def told(before: Manifest | None, after: Manifest) -> list[str]:
    """Everything that ``after`` changes against ``before`` (None: it is the first), a line each, and what it leaves."""
    step = changes(before, after)
    names = {**(before.by_id if before else {}), **after.by_id}
    lines = [
        f"Manifest {after.sequence} of installation {after.installation.hex()[:8]}, "
        f"issued {after.issued}, expires {after.expires}.",
        "It is the first: nobody can read anything before it." if before is None else "",
        *_people(step),
        *_tracks(step, names),
        *_others(step, names),
    ]
    if before and not any((*_people(step), *_tracks(step, names), *_others(step, names))):
        lines.append(f"Nobody joins or leaves. Only the last day moves, from {before.expires} to {after.expires}.")
    return [line for line in [*lines, *_after(after)] if line]


def known_otherwise(chain: Sequence[Manifest], after: Manifest) -> list[str]:
    """A warning for each officer of ``after`` who has the id of an earlier one with another login or name.

    ``chain``: all manifests before it. Whoever the last of these has under the same login and name is no news.
    """
    before = chain[-1].by_id if chain else {}
    lines = []
    for reader in after.readers:
        now = _who(reader)
        if reader.id in before and _who(before[reader.id]) == now:
            continue
        others = {_who(manifest.by_id[reader.id]) for manifest in chain if reader.id in manifest.by_id} - {now}
        meant = "cases and signatures of then count as theirs"
        lines += [f"CAREFUL  {now} has the id of {other}: {meant}" for other in sorted(others)]
    return lines


def _people(step: Changes) -> Iterator[str]:
    for reader in step.joins:
        yield f"JOINS    {_who(reader)}\n         {_where(reader)}\n         matching words: {_words(reader)}"
    for reader in step.rekeyed:
        yield f"NEW KEYS {_who(reader)}: the old keys read nothing new\n         matching words: {_words(reader)}"
    for old, new in step.moved:
        yield f"CHANGES  {_who(old)}, {_where(old)}\n         becomes {_who(new)}, {_where(new)}"
    for reader in step.leaves:
        yield f"LEAVES   {_who(reader)}, {_where(reader)}"


def _tracks(step: Changes, names: dict[bytes, Reader]) -> Iterator[str]:
    for what, per_track in (("READS", step.reads), ("IDENTITY", step.holds)):
        for track, (joined, left) in per_track.items():
            title = TRACKS[track].label.en if track in TRACKS else track
            subject = "reports" if what == "READS" else "the names that reporters gave"
            if joined:
                yield f"{what:8} on {title}: from now on {_names(joined, names)} read {subject}"
            if left:
                yield f"{what:8} on {title}: no longer {_names(left, names)}"


def _others(step: Changes, names: dict[bytes, Reader]) -> Iterator[str]:
    for delegation in step.delegated:
        yield f"SIGNS    {_delegation(delegation, names)}"
    for delegation in step.redelegated:
        yield f"SIGNS    still: {_delegation(delegation, names)}, now with the new keys"
    for delegation in step.undelegated:
        yield f"SIGNS    no longer: {_delegation(delegation, names)}"
    for acting in step.acting:
        yield f"ACTS     {_acting(acting, names)}"
    for acting in step.no_longer_acting:
        yield f"ACTS     no longer: {_acting(acting, names)}"
    for log in step.recovery:
        yield f"RECOVERY the recovery key of the {log} log is set: compare it with what the ceremony made"


def _after(manifest: Manifest) -> Iterator[str]:
    yield f"Afterwards {len(manifest.readers)} officers are admitted:"
    for reader in sorted(manifest.readers, key=lambda one: (one.unit, one.login)):
        yield f"         {_who(reader)}, {_where(reader)}"


def _who(reader: Reader) -> str:
    return f"{reader.name} ({reader.login})"


def _where(reader: Reader) -> str:
    role = ROLES[reader.role].label.en if reader.role in ROLES else reader.role
    unit = UNITS[reader.unit].label.en if reader.unit in UNITS else "no unit"
    return f"{role}, {unit}"


def _words(reader: Reader) -> str:
    return " ".join(fingerprint(reader.hpke, reader.sign, reader.dual))


def _names(ids: Iterable[bytes], names: dict[bytes, Reader]) -> str:
    return ", ".join(sorted(names[id_].name if id_ in names else id_.hex()[:8] for id_ in ids))


def _delegation(delegation: Delegation, names: dict[bytes, Reader]) -> str:
    tracks = ", ".join(TRACKS[track].label.en if track in TRACKS else track for track in delegation.tracks)
    return f"{_names([delegation.officer], names)} may sign who reads {tracks}, until {delegation.until}"


def _acting(acting: Acting, names: dict[bytes, Reader]) -> str:
    unit = UNITS[acting.unit].label.en if acting.unit in UNITS else acting.unit
    who = _names([acting.officer], names)
    return f"{who} for {unit} from {acting.first} to {acting.last} ({ACTING[acting.kind]}; letter {acting.letter})"
