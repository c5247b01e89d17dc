"""The audit log's faults and hashes as the desk says them."""

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


def grouped(digest: bytes) -> list[str]:
    """A hash as sixteen groups of four digits, for reading aloud and typing."""
    text = digest.hex()
    return [text[at : at + 4] for at in range(0, len(text), 4)]
