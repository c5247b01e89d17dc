"""The words of the monthly report's tables."""

from collections.abc import Mapping
from datetime import date

from whistle.domain.labels import Label
from whistle.domain.month import Month

MONTHS = (
    Label("Januari", "January"), Label("Februari", "February"), Label("Maret", "March"), Label("April", "April"),
    Label("Mei", "May"), Label("Juni", "June"), Label("Juli", "July"), Label("Agustus", "August"),
    Label("September", "September"), Label("Oktober", "October"), Label("November", "November"),
    Label("Desember", "December"),
)  # fmt: skip

TOTAL = Label("Jumlah", "Total")
UNSAID = Label("Belum ditentukan", "Not determined")
UNKNOWN_OFFICE = Label("Belum diketahui / kantor lain", "Not known / another office")
UNDONE = Label("Dibuka kembali kemudian", "Opened again later")
REPORT = Label("Laporan integritas bulanan", "Monthly integrity report")
LINE = Label("Uraian", "Item")
CASES = Label("Laporan", "Reports")
RUPIAH = Label("Rupiah", "Rupiah")
YEAR = Label("Masuk 12 bulan", "Received in 12 months")
WORKING_DAYS = Label("hari kerja", "working days")
CALENDAR_DAYS = Label("hari kalender", "calendar days")

REKAP = (
    Label("Saldo awal", "Open at the start"),
    Label("Masuk (+)", "Received (+)"),
    Label("Dibuka kembali (+)", "Opened again (+)"),
    Label("Selesai (−)", "Closed (−)"),
    Label("Saldo akhir (=)", "Open at the end (=)"),
)
FLOW = (
    Label("Saldo awal", "Open at start"),
    Label("Masuk", "Received"),
    Label("Dibuka kembali", "Opened again"),
    Label("Selesai", "Closed"),
    Label("Saldo akhir", "Open at end"),
    Label("Terlambat", "Overdue"),
    Label("Masuk bulan lalu", "Received last month"),
)
KEPT = (
    Label("Jatuh tempo", "Fell due"),
    Label("Tepat waktu", "Met in time"),
    Label("Dipenuhi terlambat", "Met late"),
    Label("Terlewat", "Missed"),
    Label("Masih berjalan", "Still running"),
)
PERCENT = (Label("Ketepatan", "Kept"), Label("Bulan lalu", "Last month"))
AGEING = (
    Label("Laporan", "Reports"),
    Label("Menunggu pelapor", "Waiting for reporter"),
    Label("Bulan lalu", "Last month"),
)
SUMS: Mapping[str, Label] = {
    "asked": Label("Diminta, menurut laporan yang masuk", "Asked, in reports received"),
    "paid": Label("Dibayar, menurut laporan yang masuk", "Paid, in reports received"),
    "settled": Label("Dibayar, pada laporan yang selesai", "Paid, in reports closed"),
    "returned": Label("Dikembalikan, pada laporan yang selesai", "Returned, in reports closed"),
}

HEADS: Mapping[str, Label] = {
    "channels": Label("Kanal", "Channel"),
    "ill": Label("Masalah", "Ill"),
    "category": Label("Jenis", "Category"),
    "office": Label("Kantor", "Office"),
    "service": Label("Layanan", "Service"),
    "unit": Label("Unit", "Unit"),
    "priority": Label("Prioritas", "Priority"),
    "stages": Label("Tahap", "Stage"),
    "results": Label("Hasil", "Result"),
    "deadlines": Label("Tenggat", "Deadline"),
    "ages": Label("Umur sejak diterima", "Age since received"),
    "sanctions": Label("Sanksi", "Sanction"),
    "referrals": Label("Dirujuk ke", "Referred to"),
    "causes": Label("Akar masalah", "Root cause"),
    "trend": Label("Bulan", "Month"),
}

_KNOWN_NOW = Label(
    "Cara membaca tabel ini dan lima tabel berikutnya: tiap baris seimbang seperti rekap. Terlambat: masih terbuka "
    "pada akhir bulan dan ada tenggat yang lewat. Pengelompokan menurut yang diketahui sekarang.",
    "How to read this table and the next five: every row balances like the sum above. Overdue: still open at the "
    "month's end with a deadline that has passed. Grouped by what is known now.",
)
_CLOSINGS = Label(
    "Laporan yang selesai dalam bulan itu. Yang kemudian dibuka kembali dihitung sendiri.",
    "Reports closed in that month. Those opened again later are counted on a line of their own.",
)

# title, note
TABLES: Mapping[str, tuple[Label, Label | None]] = {
    "rekap": (
        Label("Rekap laporan", "Reports in sum"),
        Label(
            "Saldo awal + masuk + dibuka kembali − selesai = saldo akhir. Laporan yang dibuka kembali tidak masuk "
            "dua kali, karena itu punya baris sendiri. Selesai termasuk yang digabung dengan laporan lain.",
            "Open at the start + received + opened again − closed = open at the end. A report that is opened again is "
            "not received twice, so it has a line of its own. Closed includes reports merged into another one.",
        ),
    ),
    "channels": (Label("Kanal", "Channels"), Label("Laporan yang masuk.", "Reports received.")),
    "ill": (Label("Tiga masalah birokrasi dan integritas", "Three ills, and integrity"), _KNOWN_NOW),
    "category": (Label("Jenis laporan", "Categories"), None),
    "office": (
        Label("Kantor", "Offices"),
        Label(
            "Yang paling sering dilaporkan dalam dua belas bulan ada di atas.",
            "The offices reported most often in twelve months stand on top.",
        ),
    ),
    "service": (Label("Layanan", "Services"), None),
    "unit": (Label("Unit yang menangani", "Units in charge"), None),
    "priority": (Label("Prioritas", "Priorities"), None),
    "stages": (
        Label("Tahap pada akhir bulan", "Stages at the month's end"),
        Label(
            "Laporan yang masih terbuka; jumlahnya sama dengan saldo akhir.",
            "Open reports; the total is what is open at the end.",
        ),
    ),
    "results": (Label("Hasil", "Results"), _CLOSINGS),
    "deadlines": (
        Label("Ketepatan waktu", "Deadlines kept"),
        Label(
            "Tenggat yang jatuh dalam bulan itu, menurut keadaan pada akhir bulan. Ketepatan: yang tepat waktu dari "
            "yang sudah pasti. Selama menunggu jawaban pelapor, hitungan putusan berhenti.",
            "Deadlines that fell in that month, as they stood at its end. Kept: met in time, of those that are "
            "settled. While a case waits for its reporter, the clock of the decision stands still.",
        ),
    ),
    "ages": (
        Label("Umur tunggakan", "Age of open reports"),
        Label("Laporan yang masih terbuka pada akhir bulan.", "Reports still open at the month's end."),
    ),
    "sums": (
        Label("Nilai uang", "Money"),
        Label(
            "Hanya laporan yang menyebut nilainya. Tidak dijumlahkan: uang yang sama bisa ada di beberapa baris.",
            "Only reports that name an amount. Not added up: the same money can stand on several lines.",
        ),
    ),
    "sanctions": (Label("Sanksi", "Sanctions"), _CLOSINGS),
    "referrals": (
        Label("Rujukan ke lembaga lain", "Referrals to other bodies"),
        Label("Laporan yang selesai dengan rujukan.", "Reports closed with a referral."),
    ),
    "causes": (
        Label("Akar masalah", "Root causes"),
        Label(
            "Menurut laporan yang selesai; satu laporan bisa punya beberapa.",
            "Of closed reports; one can have several.",
        ),
    ),
    "trend": (
        Label("Dua belas bulan", "Twelve months"),
        Label(
            "Saldo akhir tiap bulan adalah saldo awal bulan berikutnya.",
            "What is open at a month's end is open at the next one's start.",
        ),
    ),
}  # fmt: skip


def month(value: Month, lang: str) -> str:
    """ "Oktober 2026"."""
    return f"{MONTHS[value.month - 1].text(lang)} {value.year}"


def day(value: date, lang: str) -> str:
    """ "17 Oktober 2026"."""
    return f"{value.day} {month(Month.of(value), lang)}"


def workbook_title(value: Month, lang: str) -> str:
    """ "Laporan integritas bulanan: Oktober 2026"."""
    return f"{REPORT.text(lang)}: {month(value, lang)}"


def age(least: int, most: int | None) -> Label:
    """ "0–14 hari"; "lebih dari 90 hari" for the last."""
    if most is None:
        return Label(f"lebih dari {least - 1} hari", f"more than {least - 1} days")
    return Label(f"{least}–{most} hari", f"{least}–{most} days")
