"""The entries of a case in words: a heading that says what was done, and what belongs to it."""

from dataclasses import dataclass, field
from typing import Any

from whistle.domain.money import format_rupiah
from whistle.domain.results import RESULTS
from whistle.domain.stages import STAGES
from whistle.services.views import Closing, FileItem, ThreadItem
from whistle.web.desk import choices
from whistle.web.desk.closing_words import Row, closing_words, day_words, joined
from whistle.web.desk.say import _
from whistle.web.desk.words import stage_words
from whistle.web.i18n import lang


@dataclass(frozen=True)
class Entry:
    """An internal entry as the page shows it: heading, own words, and lines of name and value.

    ``folded``: the lines are many (a closing) and stay folded until asked for.
    """

    heading: str
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    folded: bool = False


def entry_words(item: FileItem) -> Entry:
    """One internal entry. A kind of a later version is shown by its name, with its text."""
    data = item.data
    match item.kind:
        case "opened":
            return Entry(_("Membuka laporan pertama kali"))
        case "declared":
            return Entry(_("Menyatakan tidak punya konflik kepentingan"))
        case "regranted":
            return Entry(_("Memberi kunci kepada pembaca baru di jalur ini"))
        case "triage":
            return Entry(_("Telaah: register %(number)s", number=data.get("register", "")), rows=_triage(data))
        case "note":
            return Entry(_("Catatan"), item.text)
        case "attached":
            return Entry(_("Melampirkan berkas"), item.text)
        case "held":
            return Entry(_("Menahan penghapusan"), item.text)
        case "released":
            return Entry(_("Melepas penahanan penghapusan"), item.text)
        case "prepared":
            return _prepared(item)
        case "route":
            return Entry(_("Mengirim ke %(unit)s", unit=choices.unit_name(data.get("unit", ""))), item.text)
        case "asked":
            return Entry(_("Mengirim pertanyaan kepada pelapor"), item.text)
        case "replied":
            return Entry(_("Menulis kepada pelapor"), item.text)
        case "move":
            return Entry(_("Memindahkan ke tahap %(stage)s", stage=stage_words(data["to"])), item.text, _move(data))
        case "close_proposed":
            return _closing(_("Mengusulkan penutupan"), data)
        case "close_returned":
            return Entry(_("Mengembalikan usulan penutupan"), item.text)
        case "closed" if data.get("proposal"):
            return Entry(_("Menyetujui penutupan"), item.text)
        case "closed":
            return _closing(_("Menutup laporan"), data)
    return Entry(item.kind, item.text)


def thread_heading(item: ThreadItem) -> str:
    """What kind of word this is in the conversation."""
    if item.kind == "stage":
        return _("Pelapor diberi tahu: %(stage)s", stage=_public(item.data.get("stage", "")))
    if item.kind == "closing":
        return _("Hasil: %(result)s", result=choices.words(RESULTS, item.data.get("result", "")))
    return {
        "complaint": _("Laporan masuk"),
        "message": _("Pesan dari pelapor"),
        "answer": _("Jawaban pelapor"),
        "detail": _("Tambahan keterangan dari pelapor"),
        "question": _("Pertanyaan kepada pelapor"),
        "reply": _("Pesan kepada pelapor"),
    }.get(item.kind, item.kind)


def _prepared(item: FileItem) -> Entry:
    if item.data.get("clean"):
        return Entry(_("Membuka %(label)s dan membersihkannya", label=item.label))
    return Entry(_("Membuka %(label)s: belum dapat dibersihkan", label=item.label))


def _public(stage: str) -> str:
    return STAGES[stage].public.text(lang()) if stage in STAGES else stage


def _triage(data: Any) -> list[Row]:
    rows = [
        Row(_("Judul"), data.get("title", "")),
        Row(_("Jenis"), choices.category_name(data.get("category", ""))),
        Row(_("Kantor"), choices.office_name(data.get("office", ""))),
        Row(_("Siapa yang dilaporkan"), data.get("people") or ""),
        Row(_("Nilai diminta"), _money(data.get("amount_asked"))),
        Row(_("Nilai dibayar"), _money(data.get("amount_paid"))),
        Row(_("Prioritas"), choices.priority_name(data.get("priority", ""))),
    ]
    return [row for row in rows if row.text]


def _move(data: Any) -> list[Row]:
    handed = {"kepala_kantor": _("Kepala kantor yang bersangkutan"), "lembaga": _("Lembaga lain")}
    rows = [
        Row(_("Surat tugas"), joined(data.get("letter_number", ""), day_words(data.get("letter_date", "")))),
        Row(_("Tim pemeriksa"), data.get("team", ""), own=True),
        Row(_("Dilimpahkan ke"), joined(handed.get(data.get("handed_to", ""), ""), data.get("handed_name", ""))),
        Row(_("Register laporan induk"), data.get("merged_into", "")),
        Row(_("Kalimat untuk pelapor"), data.get("public_text", ""), own=True),
    ]
    return [row for row in rows if row.text]


def _closing(heading: str, data: Any) -> Entry:
    closing = Closing(**data["closing"])
    return Entry(
        f"{heading}: {choices.words(RESULTS, closing.result)}",
        rows=[row for row in closing_words(closing) if row.text],
        folded=True,
    )


def _money(amount: int | None) -> str:
    return "" if amount is None else format_rupiah(amount)
