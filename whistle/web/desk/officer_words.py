"""What the pages about officers say: refusals, states, and what a manifest changes, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from whistle.casefile.manifest import Acting, Delegation, Manifest, Reader
from whistle.casefile.manifest_changes import Changes
from whistle.domain.roles import ROLES
from whistle.domain.tracks import TRACKS
from whistle.services.refusals import Refusal
from whistle.web.desk import choices
from whistle.web.desk.account_forms import password_fault
from whistle.web.desk.say import _
from whistle.web.i18n import day


@dataclass(frozen=True)
class Change:
    """One line of what will be (or was) changed. ``sign`` is "+", "−" or "=" for colour and a word for the ear."""

    sign: str
    text: str
    more: str = ""


def sentence(refusal: Refusal) -> str:
    """A refusal of a use case about officers."""
    values = refusal.values
    if refusal.code == "password":
        return password_fault(values["fault"])
    name, track = values.get("name", ""), choices.words(TRACKS, values.get("track", ""))
    first, last = (day(values[key]) if key in values else "" for key in ("first", "last"))
    known = {
        "role": _("Peran Anda tidak mengizinkan ini."),
        "login": _("Nama masuk hanya huruf kecil, angka, titik, dan garis, tanpa spasi."),
        "name": _("Tulis nama lengkapnya, paling banyak 100 huruf."),
        "role_unknown": _("Pilih unitnya."),
        "unit_of_role": _("Peran dan unit ini tidak cocok."),
        "keeps_root": _(
            "Petugas ini menyimpan kunci akar dalam kuncinya sendiri. Kunci baru akan menghapusnya, jadi tidak dapat "
            "dibuat dari sini: ikuti tata cara pemulihan."
        ),
        "taken": _("Rekan Anda baru saja mengundang nama masuk yang sama. Muat ulang daftar petugas."),
        "login_taken": _("Nama masuk ini sudah dipakai petugas lain dalam daftar penerima."),
        "no_invitation": _("Undangan ini sudah tidak ada. Mungkin sudah diterima atau dibatalkan."),
        "code": _("Kode ini tidak cocok. Periksa jam ponsel Anda, lalu tulis kode berikutnya."),
        "self": _("Ini tidak dapat Anda lakukan pada diri Anda sendiri. Minta rekan yang berwenang."),
        "gone": _("Yang Anda pilih sudah tidak ada. Muat ulang halaman, lalu pilih lagi."),
        "both": _(
            "Untuk %(name)s Anda memilih “Terima” dan “Keluarkan” sekaligus. Keduanya bertentangan: pilih salah satu.",
            name=name,
        ),
        "no_power": _("Anda tidak memegang kunci untuk menandatangani daftar penerima."),
        "bad_keys": _("Kunci %(name)s rusak dan tidak dapat dipakai. Minta tautan baru untuknya.", name=name),
        "changed_list": _(
            "Daftar ini berubah sejak halaman dibuka: rekan Anda sudah menandatangani, atau ada kunci yang diganti. "
            "Belum ada yang ditandatangani. Periksa lagi, cocokkan kata-katanya, lalu tanda tangani bila masih tepat."
        ),
        "two_readers": _(
            "Jalur “%(track)s” akan tinggal kurang dari dua pembaca. Terima penggantinya dulu, atau sekaligus.",
            track=track,
        ),
        "no_custodian": _(
            "Jalur “%(track)s” akan tanpa pemegang data identitas. Terima penggantinya dulu, atau sekaligus.",
            track=track,
        ),
        "beyond": _("Ini mengubah lebih dari jalur yang didelegasikan kepada Anda. Minta pemegang kunci akar."),
        "root_only": _("Hanya pemegang kunci akar yang dapat memberi atau mencabut delegasi."),
        "acting_days": _("Hari terakhir mendahului hari pertama."),
        "acting_over": _("Masa itu sudah lewat. Periksa lagi tanggalnya."),
        "acting_long": _(
            "Terlalu lama: paling banyak %(days)s hari, lalu diputuskan lagi.", days=values.get("days", "")
        ),
        "acting_role": _("%(name)s berperan tanpa akses laporan, dan tetap demikian.", name=name),
        "acting_own": _("%(name)s sudah bertugas di unit itu.", name=name),
        "acting_twice": _(
            "%(name)s sudah bertugas sementara di unit itu dari %(first)s sampai dengan %(last)s. Pilih tanggal di "
            "luar masa itu, atau akhiri dulu yang lama.",
            name=name, first=first, last=last,
        ),
        "acting_logs": _(
            "%(name)s membaca laporan di sisi lain: yang menilai pimpinan tidak boleh sekaligus menggantikannya.",
            name=name,
        ),
        "suspended": _("%(name)s ditangguhkan. Cabut dulu penangguhannya, atau pilih petugas lain.", name=name),
        "delegate_role": _("Hanya pimpinan dan pembaca luar yang dapat diberi delegasi."),
        "delegate_keys": _("Kunci %(name)s di basis data bukan yang diterima dalam daftar penerima.", name=name),
        "delegate_days": _("Tanggalnya harus mulai hari ini, paling lama %(days)s hari.", days=values.get("days", "")),
        "delegate_tracks": _("Pilih paling sedikit satu jalur."),
    }  # fmt: skip
    return known.get(refusal.code) or _("Aturan meja tidak mengizinkan ini sekarang.")


def post(role: str, unit: str) -> str:
    """Unit and role of somebody: "Tim Telaah – Penelaah"."""
    words = choices.words(ROLES, role)
    return f"{choices.unit_name(unit)} – {words}" if unit else words


def reads(unit: str) -> list[str]:
    """The tracks whose new reports an officer of ``unit`` will read, in words."""
    return [choices.words(TRACKS, code) for code, track in TRACKS.items() if unit in track.reader_units]


def acting_words(acting: Acting, who: str) -> str:
    """"Gunawan, Plh Pimpinan Inspektorat, 9 sampai 20 November"."""
    kind = {"plt": _("Plt"), "plh": _("Plh")}.get(acting.kind, acting.kind)
    return _(
        "%(who)s sebagai %(kind)s %(unit)s, %(first)s sampai dengan %(last)s (surat %(letter)s)",
        who=who, kind=kind, unit=choices.unit_name(acting.unit), first=day(acting.first), last=day(acting.last),
        letter=acting.letter,
    )  # fmt: skip


def acting_reads(acting: Acting) -> str:
    """What an acting officer reads within the days, and what stays with them afterwards."""
    tracks, unit, last = ", ".join(reads(acting.unit)), choices.unit_name(acting.unit), day(acting.last)
    holds = any(track.custodian == acting.unit for track in TRACKS.values())
    said = []
    if tracks:
        said.append(_("Sampai dengan %(last)s membaca laporan baru pada jalur: %(tracks)s.", last=last, tracks=tracks))
    if holds:
        said.append(_("Memegang data identitas pelapornya."))
    sent = _(
        "Sampai dengan %(last)s membaca kasus yang dikirim ke %(unit)s. Rekan dapat memberinya kunci kasus unit itu "
        "yang sudah ada, dan kunci yang sudah diberikan tidak dapat ditarik.",
        unit=unit, last=last,
    )  # fmt: skip
    return " ".join([*said, sent])


def delegation_words(delegation: Delegation, who: str) -> str:
    tracks, until = ", ".join(choices.words(TRACKS, code) for code in delegation.tracks), day(delegation.until)
    return _("%(who)s untuk jalur %(tracks)s, sampai dengan %(until)s", who=who, tracks=tracks, until=until)


def lines(found: Changes, before: Manifest | None, after: Manifest) -> list[Change]:
    """Everything that a step changes, a line each, the people first."""
    known = {**(before.by_id if before else {}), **after.by_id}
    people = [Change("+", r.name, _more(r)) for r in found.joins]
    people += [Change("−", r.name, _("tidak lagi dalam daftar penerima")) for r in found.leaves]
    people += [Change("=", r.name, _("kunci baru menggantikan yang lama")) for r in found.rekeyed]
    people += [Change("=", new.name, _moved(old, new)) for old, new in found.moved]
    return [*people, *_tracks(found, known), *_powers(found, known), *_others(found, before, after)]


def _more(reader: Reader) -> str:
    return f"{reader.login}, {post(reader.role, reader.unit)}"


def _moved(old: Reader, new: Reader) -> str:
    return _(
        "dari %(old)s menjadi %(new)s",
        old=f"{old.name}, {post(old.role, old.unit)}", new=f"{new.name}, {post(new.role, new.unit)}",
    )  # fmt: skip


def _tracks(found: Changes, known: dict[bytes, Reader]) -> list[Change]:
    told = []
    for places, joins, leaves in (
        (found.reads, _("membaca laporan baru"), _("tidak lagi membaca laporan baru")),
        (found.holds, _("memegang data identitas pelapor"), _("tidak lagi memegang data identitas pelapor")),
    ):
        for track, (more, fewer) in places.items():
            where = _("Jalur %(track)s", track=choices.words(TRACKS, track))
            told += [Change("+", f"{where}: {_names(more, known)}", joins)] if more else []
            told += [Change("−", f"{where}: {_names(fewer, known)}", leaves)] if fewer else []
    return told


def _powers(found: Changes, known: dict[bytes, Reader]) -> list[Change]:
    def who(officer: bytes) -> str:
        return known[officer].name if officer in known else officer.hex()[:8]

    ends = _("tugas sementara berakhir")
    told = [Change("+", acting_words(one, who(one.officer)), acting_reads(one)) for one in found.acting]
    told += [Change("−", acting_words(acting, who(acting.officer)), ends) for acting in found.no_longer_acting]
    given, taken = _("boleh menandatangani"), _("tidak lagi boleh menandatangani")
    told += [Change("+", delegation_words(one, who(one.officer)), given) for one in found.delegated]
    same = _("tetap boleh menandatangani, dengan kunci yang baru")
    told += [Change("=", delegation_words(one, who(one.officer)), same) for one in found.redelegated]
    return told + [Change("−", delegation_words(one, who(one.officer)), taken) for one in found.undelegated]


def _others(found: Changes, before: Manifest | None, after: Manifest) -> list[Change]:
    logs = {"inner": _("dalam"), "outer": _("luar")}
    told = []
    for log in found.recovery:
        where = logs.get(log, log)
        first = before is None or log not in before.recovery
        said = _("Kunci pemulihan jalur %(log)s ditetapkan", log=where) if first else ""
        told.append(Change("=", said or _("Kunci pemulihan jalur %(log)s diganti", log=where)))
    if before is None or before.expires != after.expires:
        told.append(Change("=", _("Berlaku sampai dengan %(day)s", day=day(after.expires))))
    return told


def _names(ids: Iterable[bytes], known: dict[bytes, Reader]) -> str:
    return ", ".join(sorted(known[id_].name if id_ in known else id_.hex()[:8] for id_ in ids))


def days_left(until: date, today: date) -> int:
    """Calendar days from ``today`` up to and including ``until``; negative once it is over."""
    return (until - today).days
