"""What pages say of files: what each is, how large, what was taken out of it, and why one could not be cleaned."""

from collections.abc import Iterable

from flask import Flask
from flask_babel import format_decimal

from whistle.clean.kinds import KINDS, MEDIA, Family, Kind
from whistle.web.i18n import gettext as _

KB = 1000  # as phones and people count


def init_app(app: Flask) -> None:
    """Give templates the words, and the settings' limits on files."""
    app.jinja_env.globals.update(
        kind_words=kind_words,
        size_words=size_words,
        removed_words=removed_words,
        why_words=why_words,
        trouble_words=trouble_words,
        kinds_taken=kinds_taken,
        file_limits=app.extensions["peluit"].settings,
    )


def kind_words(media: str) -> str:
    """What a file is, in a word that people use."""
    general = {"audio": _("Rekaman suara"), "video": _("Video")}.get(media.partition("/")[0])
    kind = MEDIA.get(media)
    return general or (_named(kind) if kind else _("Berkas lain"))


def _named(kind: Kind) -> str:
    families = {
        "photo": _("Foto (%(name)s)", name=kind.name),
        "picture": _("Gambar (%(name)s)", name=kind.name),
        "document": _("Dokumen %(name)s", name=kind.name),
        "sheet": _("Lembar %(name)s", name=kind.name),
    }
    return families[kind.family]


def size_words(size: int) -> str:
    """A size as people read it: "340 kB", "1,2 MB"."""
    if size < KB * KB:
        return f"{format_decimal(max(1, round(size / KB)))} kB"
    return f"{format_decimal(round(size / KB / KB, 1))} MB"


def removed_words(codes: Iterable[str]) -> str:
    """What was taken out of a file (codes of `REMOVED`), as a list in words; "" for nothing. KeyError for others."""
    names = {
        "place": _("lokasi"),
        "device": _("keterangan alat (HP, kamera, atau program)"),
        "author": _("nama pembuat"),
        "time": _("tanggal dan jam"),
        "thumbnail": _("gambar kecil di dalamnya"),
        "comment": _("judul dan komentar"),
        "history": _("riwayat perubahan"),
        "embedded": _("berkas lain di dalamnya"),
        "script": _("program (skrip atau makro)"),
        "other": _("keterangan tersembunyi lainnya"),
    }
    return ", ".join(names[code] for code in codes)


def why_words(code: str) -> str:
    """Why a file was not cleaned."""
    sentences = {
        "kind": _("Jenis berkas ini tidak kami kenal, jadi tidak bisa dibersihkan."),
        "damaged": _("Berkas ini rusak atau tidak lengkap, jadi tidak bisa dibersihkan."),
        "locked": _("Berkas ini dikunci dengan kata sandi, jadi tidak bisa dibersihkan."),
        "large": _("Isi berkas ini terlalu besar untuk dibersihkan di sini."),
    }
    return sentences.get(code) or _("Berkas ini belum bisa dibersihkan sekarang.")


def kinds_taken() -> str:
    """The kinds of files that can be cleaned, in words."""
    return _(
        "foto (%(photos)s), dokumen (%(documents)s), rekaman (%(sounds)s), video (%(films)s)",
        photos=_names("photo", "picture"),
        documents=_names("document", "sheet"),
        sounds=_names("sound"),
        films=_names("film"),
    )


def _names(*families: Family) -> str:
    return ", ".join(kind.name for kind in KINDS.values() if kind.family in families)


def trouble_words(why: str, name: str, most: int, mib: int) -> str:
    """Why a file does not go with a form, of which ``most`` are taken, each of ``mib`` MiB."""
    called = _("“%(name)s”", name=name) if name else _("Satu berkas")
    sentences = {
        "large": _(
            "%(file)s tidak ikut: lebih besar dari %(mib)s MB. Potong atau perkecil dulu.", file=called, mib=mib
        ),
        "many": _(
            "%(file)s tidak ikut: paling banyak %(most)s berkas. Sisanya bisa dikirim nanti dengan kode laporan.",
            file=called,
            most=most,
        ),
        "empty": _("%(file)s tidak ikut: berkasnya kosong. Pilih sekali lagi.", file=called),
        "twice": _("%(file)s sudah ada di daftar, jadi cukup satu yang ikut.", file=called),
        "expired": _("%(file)s terlalu lama menunggu dan sudah kami hapus. Pilih sekali lagi.", file=called),
    }
    return sentences.get(why) or _(
        "%(file)s tidak ikut: server kami sedang tidak bisa menyimpan berkas. Laporan tanpa berkas tetap bisa dikirim; "
        "berkasnya menyusul nanti dengan kode laporan.",
        file=called,
    )
