"""The desk's words for lists of what is to be deleted."""

from collections.abc import Sequence

from whistle.services.refusals import Refusal
from whistle.web.desk.say import _


def sentence(refusal: Refusal) -> str:
    """Why a list was not signed, taken back or stopped."""
    register, most = refusal.values.get("register", ""), refusal.values.get("most", "")
    known = {
        "list_empty": _("Pilih dulu laporan yang mau dihapus."),
        "list_long": _("Satu daftar paling banyak %(most)s laporan. Buat beberapa daftar.", most=most),
        "list_taken": _("Rekan Anda baru saja memasukkan salah satunya ke daftar lain. Pilih lagi."),
        "list_not_reader": _("Anda hanya dapat mengusulkan laporan dari jalur yang Anda baca."),
        "list_not_custodian": _("Tanda tangan kedua harus dari pimpinan, atau dari pembaca luar untuk jalur luar."),
        "second_person": _("Anda sudah menandatangani daftar ini. Tanda tangan kedua harus dari orang lain."),
        "list_gone": _("Daftar ini tidak menunggu tanda tangan lagi: sudah ditandatangani berdua, atau sudah ditarik."),
        "list_done": _("Daftar ini sudah dijalankan. Yang dihapus tidak dapat kembali."),
        "list_refused": _("Tanda tangan pertama daftar ini tidak sah, jadi tidak dapat disetujui. Beri tahu auditor."),
        "list_changed": _changed(refusal.values.get("registers", ())),
        "list_no_second": _(
            "Hanya Anda yang dapat memberi tanda tangan kedua, jadi tanda tangan pertama harus dari orang lain: "
            "mintalah Tim Telaah mengusulkannya."
        ),
        "files_away": _(
            "Tempat penyimpanan berkas sedang tidak menjawab, jadi daftar belum dapat ditandatangani. Coba lagi."
        ),
        "not_over": _("Laporan %(register)s belum habis waktu simpannya, atau dibuka kembali.", register=register),
        "is_held": _("Penghapusan laporan %(register)s sedang ditahan.", register=register),
    }
    return known.get(refusal.code, refusal.code)


def _changed(registers: Sequence[str]) -> str:
    """``registers``: the cases in which something happened; none where only a file was opened for the first time."""
    said = (
        _("Sejak diusulkan ada yang terjadi pada laporan %(registers)s.", registers=", ".join(registers))
        if registers
        else _("Sejak diusulkan ada berkas yang baru pertama kali dibuka.")
    )
    then = _("Belum ada yang ditandatangani. Tarik daftar ini, lalu usulkan lagi yang memang harus dihapus.")
    return f"{said} {then}"


def apart_words(why: str) -> str:
    """Why a list that two signed cannot be carried out; "" when it can."""
    return {
        "": "",
        "deleted": _("Satu laporan sudah dihapus oleh daftar lain."),
        "gone": _("Satu laporan tidak ada lagi seperti yang ditandatangani. Beri tahu auditor."),
        "open": _("Satu laporan dibuka kembali."),
        "held": _("Penghapusan satu laporan ditahan."),
        "moved": _("Ada tulisan baru pada satu laporan."),
        "keyless": _("Salah satu penanda tangan tidak memegang kunci satu laporan."),
    }.get(why, why)


def done_words(done: str) -> str:
    """What was just done."""
    return {
        "usul": _("Daftar diusulkan. Belum ada yang dihapus: orang kedua harus menandatanganinya dulu."),
        "setuju": _("Daftar ditandatangani. Belum ada yang dihapus; sampai saat itu daftar masih dapat dihentikan."),
        "tarik": _("Daftar ditarik. Tidak ada yang dihapus."),
        "henti": _("Daftar dihentikan. Tidak ada yang dihapus."),
    }.get(done, "")
