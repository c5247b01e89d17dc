"""What a use case's refusal is called in sentences, with what is possible instead."""

from whistle.domain.roles import UNITS
from whistle.domain.stages import STAGES
from whistle.services.refusals import Refusal
from whistle.web.desk.say import _
from whistle.web.i18n import lang


def sentence(refusal: Refusal) -> str:
    """What stands on top of the page: who was first, if somebody was, and why it cannot be done."""
    who = ", ".join(name or _("pelapor") for name in refusal.values.get("who", ()))
    if refusal.code == "changed":
        return _(
            "Sementara halaman ini terbuka, ada yang baru dari %(who)s. Baca dulu. "
            "Yang Anda isi masih ada dan belum terkirim: kirim sekali lagi bila masih tepat.",
            who=who,
        )
    if who:
        return _(
            "Sementara halaman ini terbuka, ada yang baru dari %(who)s. Baca dulu. %(reason)s",
            who=who,
            reason=_reason(refusal),
        )
    return _reason(refusal)


def _reason(refusal: Refusal) -> str:
    if refusal.code == "move":
        return _move(refusal)
    unit = refusal.values.get("unit", "")
    name = UNITS[unit].label.text(lang()) if unit in UNITS else unit
    known = {
        "declare_first": _("Nyatakan dulu bahwa Anda tidak punya konflik kepentingan dalam kasus ini."),
        "closed": _("Laporan ini sudah selesai. Buka kembali dulu bila perlu diubah."),
        "own_form": _("Tahap ini punya formulir sendiri: bertanya ke pelapor atau menutup laporan."),
        "head_accused": _("Kepala kantor ini ikut dilaporkan, jadi laporan tidak boleh dilimpahkan kepadanya."),
        "unit": _("Laporan pada jalur ini tidak dapat dikirim ke %(unit)s.", unit=name),
        "empty_unit": _("Belum ada petugas di %(unit)s. Tidak ada yang dapat menerima laporan ini di sana.", unit=name),
        "same_unit": _("Laporan ini sudah berada di %(unit)s.", unit=name),
        "closing_waits": _("Penutupan laporan ini sudah menunggu persetujuan orang kedua."),
        "held": _("Penghapusan laporan ini sudah ditahan. Alasannya ada di atas."),
        "not_held": _("Penghapusan laporan ini tidak sedang ditahan."),
        "same_case": _("Itu nomor register laporan ini sendiri. Tulis nomor laporan induknya."),
        "unknown_register": _(
            "Tidak ada laporan dengan register %(register)s di daftar Anda. Periksa nomornya.",
            register=refusal.values.get("register", ""),
        ),
        "nothing_to_approve": _("Tidak ada penutupan yang menunggu. Mungkin rekan Anda sudah memutuskannya."),
        "second_person": _("Penutupan ini Anda sendiri yang menyusun. Orang lain yang harus menyetujuinya."),
    }
    return known.get(refusal.code) or _("Aturan meja tidak mengizinkan ini sekarang.")


def _move(refusal: Refusal) -> str:
    now, to = (STAGES[refusal.values[key]].label.text(lang()) for key in ("stage", "to"))
    possible = [STAGES[code].label.text(lang()) for code in refusal.values.get("possible", ())]
    if not possible:
        return _("Dari tahap “%(now)s” laporan tidak dapat dipindahkan.", now=now)
    return _(
        "Dari tahap “%(now)s” laporan tidak dapat pindah ke “%(to)s”. Yang bisa: %(possible)s.",
        now=now, to=to, possible=", ".join(possible),
    )  # fmt: skip
