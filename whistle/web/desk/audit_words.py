"""The audit log's faults and hashes as the desk says them."""

from collections.abc import Sequence

from whistle.web.desk.say import _


def fault_words(code: str) -> str:
    """What is wrong with a row, in a plain sentence."""
    return {
        "audit-gap": _("Baris sebelumnya tidak ada: ada yang dibuang."),
        "audit-link": _("Tidak bersambung dengan baris sebelumnya: salah satunya diubah atau disisipkan."),
        "audit-changed": _("Isinya diubah sesudah dicatat."),
        "audit-unsigned": _("Tanda tangannya dihapus."),
        "audit-signature": _("Tanda tangannya bukan milik petugas ini: baris ini atau yang sebelumnya ditulis ulang."),
        "audit-head-differs": _("Baris yang sudah pernah diperiksa sekarang lain isinya."),
        "audit-shortened": _("Catatan sekarang lebih pendek daripada saat diperiksa: baris terakhir dibuang."),
    }.get(code, code)


def log_words(log: str) -> str:
    """Which recovery key it was that did something."""
    return {"inner": _("(jalur dalam)"), "outer": _("(jalur luar)")}.get(log, log)


def counts_words(counts: Sequence[int]) -> str:
    """What a run of recovery did: cases, keys, cases that did not open."""
    cases, keys, broken = counts
    said = _("%(cases)s kasus dijalani, %(keys)s kunci diberikan", cases=cases, keys=keys)
    return f"{said}, {_('%(n)s kasus tidak dapat dibuka', n=broken)}" if broken else said


def grouped(digest: bytes) -> list[str]:
    """A hash as sixteen groups of four digits, for reading aloud and typing."""
    text = digest.hex()
    return [text[at : at + 4] for at in range(0, len(text), 4)]
