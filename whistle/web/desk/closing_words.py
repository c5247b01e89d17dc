"""A closing in words: for the person who is to approve it, and in the file afterwards."""

from dataclasses import dataclass
from datetime import date

from whistle.domain.money import format_rupiah
from whistle.domain.results import CAUSES, EMPLOYMENT, REFERRALS, RESULTS
from whistle.domain.sanctions import SANCTIONS
from whistle.services.views import Closing
from whistle.web.desk.choices import level_words, words
from whistle.web.desk.say import _
from whistle.web.i18n import day


@dataclass(frozen=True)
class Row:
    """One line: what was asked, what was answered; "" reads as not filled in. ``own``: free text with line breaks."""

    name: str
    text: str
    own: bool = False


def closing_words(closing: Closing) -> list[Row]:
    """Every field of the closing, also the empty ones: the approver must see what is missing."""
    due = day_words(closing.recommendation_due)
    return [
        Row(_("Hasil"), words(RESULTS, closing.result)),
        Row(_("Ringkasan"), closing.summary, own=True),
        Row(_("Nomor dan tanggal LHP"), joined(closing.lhp_number, day_words(closing.lhp_date))),
        Row(_("Status kepegawaian terlapor"), words(EMPLOYMENT, closing.employment)),
        Row(_("Sanksi"), _sanction(closing)),
        Row(_("Nilai pungli"), _money(closing.value)),
        Row(_("Nilai dikembalikan"), joined(_money(closing.returned), day_words(closing.returned_date))),
        Row(_("Jumlah korban"), "" if closing.victims is None else str(closing.victims)),
        Row(_("Akar masalah"), ", ".join(words(CAUSES, cause) for cause in closing.causes)),
        Row(_("Rekomendasi"), closing.recommendation, own=True),
        Row(_("Penanggung jawab dan tenggat"), joined(closing.recommendation_owner, due)),
        Row(_("Rujukan ke lembaga lain"), words(REFERRALS, closing.referral)),
        Row(_("Jawaban untuk pelapor"), closing.answer, own=True),
    ]


def day_words(iso: str) -> str:
    """An ISO day as "Selasa, 17 Maret 2026"; "" for none."""
    return day(date.fromisoformat(iso)) if iso else ""


def _sanction(closing: Closing) -> str:
    said = words(SANCTIONS, closing.sanction)
    graded = closing.sanction_level not in ("", "tanpa")
    return f"{level_words(closing.sanction_level)}: {said}" if graded else said


def _money(amount: int | None) -> str:
    return "" if amount is None else format_rupiah(amount)


def joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
