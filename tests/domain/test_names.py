import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.names import find_identifying

HARMLESS = [
    line for line in (Path(__file__).parent / "harmless_stories.txt").read_text().splitlines() if line[0] != "#"
]

# (text, kind, what of it is found)
TELLING = [
    ("Hubungi saya di 0812-3456-7890 saja", "phone", "0812-3456-7890"),
    ("wa saya 081234567890", "phone", "081234567890"),
    ("WA: 0812 3456 7890.", "phone", "0812 3456 7890"),
    ("hp 0812.3456.7890", "phone", "0812.3456.7890"),
    ("+62 812-3456-7890", "phone", "+62 812-3456-7890"),
    ("+6281234567890", "phone", "+6281234567890"),
    ("(+62) 812 3456 7890", "phone", "(+62) 812 3456 7890"),
    ("6281234567890", "phone", "6281234567890"),
    ("nomor 62.812.345.6789 ya", "phone", "62.812.345.6789"),
    ("O812 3456 7890", "phone", "O812 3456 7890"),
    ("0812/3456/7890", "phone", "0812/3456/7890"),
    ("08 12 34 56 78 90", "phone", "08 12 34 56 78 90"),
    ("telepon rumah (0511) 3365123", "phone", "(0511) 3365123"),
    ("0511-336 5123", "phone", "0511-336 5123"),
    ("telp 3365123", "phone", "3365123"),
    ("nol delapan satu dua tiga empat lima enam tujuh delapan", "phone", None),
    ("0812—3456—7890", "phone", "0812—3456—7890"),
    ("NIK 6371012345670001", "nik", "6371012345670001"),
    ("NIK saya 6371 0123 4567 0001", "nik", "6371 0123 4567 0001"),
    ("no KK 6371-0123-4567-0001", "nik", "6371-0123-4567-0001"),
    ("6371.0123.4567.0001", "nik", "6371.0123.4567.0001"),
    ("NIP 19790312 200604 1 002", "nik", "19790312 200604 1 002"),
    ("NIP. 197903122006041002", "nik", "197903122006041002"),
    ("kartu BPJS 0001234567890", "nik", "0001234567890"),
    ("nomor antrean A-023", "queue", "nomor antrean A-023"),
    ("Nomor saya 081234567890", "phone", "Nomor saya 081234567890"),
    ("nomor saya 6371012345670001", "nik", "6371012345670001"),
    ("No. antrian saya B 12", "queue", "No. antrian saya B 12"),
    ("waktu itu antrian 45, lama sekali", "queue", "antrian 45"),
    ("saya no urut 12", "queue", "no urut 12"),
    ("nomor urut saya adalah 117", "queue", "nomor urut saya adalah 117"),
    ("antrean ke-45", "queue", "antrean ke-45"),
    ("saya dapat nomor 45", "queue", "dapat nomor 45"),
    ("dipanggil nomor C-117", "queue", "dipanggil nomor C-117"),
    ("nomor saya A021", "queue", "nomor saya A021"),
    ("nomor berkas 470/1234/2025", "queue", "nomor berkas 470/1234/2025"),
    ("no registrasi REG-2025-00123", "queue", "no registrasi REG-2025-00123"),
    ("nomor permohonan: 20250312001", "queue", "nomor permohonan: 20250312001"),
    ("My queue number was A-023.", "queue", "queue number was A-023"),
    ("email saya siti.aminah@gmail.com ya", "email", "siti.aminah@gmail.com"),
    ("siti (at) gmail (dot) com", "email", "siti (at) gmail (dot) com"),
    ("budi @ yahoo.co.id", "email", "budi @ yahoo.co.id"),
    ("motor saya DA 1234 XY", "plate", "DA 1234 XY"),
    ("truk DA1234XY ditahan", "plate", "DA1234XY"),
    ("mobil da 1234 xy", "plate", "da 1234 xy"),
    ("B 1234 ABC", "plate", "B 1234 ABC"),
    ("KH-4321-AB", "plate", "KH-4321-AB"),
    ("plat da 77 x", "plate", "plat da 77 x"),
    ("rekening BRI 1234-01-000123-53-4", "account", "1234-01-000123-53-4"),
    ("transfer ke BCA 8735012345", "account", "8735012345"),
    ("no rek saya: 021 345 6789", "account", "021 345 6789"),
    ("dana 081234567890", "account", "081234567890"),
    ("OVO saya 0812-3456-7890", "account", "0812-3456-7890"),
    ("rumah di Jl. Pramuka No. 12", "address", "Jl. Pramuka No. 12"),
    ("Jl Sultan Adam Komplek Mandiri Lestari no 7", "address", None),
    ("jalan kelayan a nomor 45", "address", "jalan kelayan a nomor 45"),
    ("warga RT 05 RW 02", "address", "RT 05 RW 02"),
    ("RT.05/RW.02", "address", "RT.05/RW.02"),
    ("rt 12", "address", "rt 12"),
    ("masuk Gg. Mawar", "address", "Gg. Mawar"),
    ("gg mufakat", "address", "gg mufakat"),
    ("di Gang Sampurna II", "address", "Gang Sampurna II"),
    ("lapak saya blok B-12", "address", "blok B-12"),
    ("Komplek Bunga Mas blok C", "address", "Komplek Bunga Mas blok C"),
    ("rumah saya di belakang mesjid Jami, dekat siring", "address", "rumah saya di belakang mesjid Jami"),
    ("Saya tinggal di Kelayan Dalam ujung.", "address", "Saya tinggal di Kelayan Dalam ujung"),
    ("alamat saya: Sungai Miai", "address", "alamat saya: Sungai Miai"),
    ("nama saya Siti Aminah", "name", "nama saya Siti Aminah"),
    ("nama saya siti aminah mau lapor", "name", "nama saya siti aminah"),
    ("Nama lengkap saya adalah Muhammad Ridho", "name", "Nama lengkap saya adalah Muhammad Ridho"),
    ("nama saya zulham", "name", "nama saya zulham"),
    ("nama sy: Ahmad", "name", "nama sy: Ahmad"),
    ("Nama: Rahmawati", "name", "Nama: Rahmawati"),
    ("saya Budi, pedagang", "name", "saya Budi"),
    ("saya budi mau mengadu", "name", "saya budi"),
    ("Saya Supriansyah dari pasar", "name", "Saya Supriansyah"),
    ("Saya, Hendra Gunawan, melapor", "name", "Saya, Hendra Gunawan"),
    ("saya ibu Fatimah", "name", "saya ibu Fatimah"),
    ("ulun Aluh handak malapor", "name", "ulun Aluh"),
    ("perkenalkan saya Wahyu", "name", "perkenalkan saya Wahyu"),
    ("Perkenalkan, nama saya Rudi", "name", "nama saya Rudi"),
    ("panggil saja saya Iwan", "name", "panggil saja saya Iwan"),
    ("anak saya Rizky sakit", "name", "anak saya Rizky"),
    ("suami saya yang bernama Anwar", "name", "suami saya yang bernama Anwar"),
    ("berkas a.n. Budi Santoso", "name", "a.n. Budi Santoso"),
    ("KTP atas nama Siti Rahmah", "name", "atas nama Siti Rahmah"),
    ("a/n Kartini", "name", "a/n Kartini"),
    ("Demikian laporan saya. Hormat saya, Budi Santoso", "name", "Hormat saya, Budi Santoso"),
    ("Mohon ditindak.\nTerima kasih.\n\nBudi Santoso", "name", "Terima kasih.\n\nBudi Santoso"),
    ("My name is Siti Aminah and I", "name", "My name is Siti Aminah"),
    ("I am Budi from the market", "name", "I am Budi"),
    ("NAMA SAYA SITI AMINAH, SAYA DIMINTA UANG OLEH PETUGAS LOKET DUA", "name", "NAMA SAYA SITI AMINAH"),
    ("ig saya @siti_cantik", "name", "ig saya @siti_cantik"),
]  # fmt: skip

SIGNED = ("Demikian", "Mohon")  # a signature is one only at the end

HOSTILE = [
    "1", "1 ", "0", "0-", "saya ", "Saya Aa ", "nama saya ", "Jl. a", "jl x ", "a", "@", "a@", "a.", "no ", "antrian ",
    "-", " ", "\n", "A1 ", "(+", "rumah saya di ", "DA 1", "rt 1 ", "nol satu ", "a.n. A ", "Rp1.", "1.000.", "é",
    "\x00", "\u202e", "terima kasih ", "nomor 1/", "komplek A b ", "😀",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "excerpt"), TELLING)
def test_what_gives_a_reporter_away_is_found(text, kind, excerpt):
    findings = find_identifying(text)
    assert (kind, excerpt) in [(finding.kind, excerpt and finding.excerpt) for finding in findings], findings


@pytest.mark.parametrize(("text", "kind", "excerpt"), [case for case in TELLING if not case[0].startswith(SIGNED)])
def test_it_is_also_found_in_the_middle_of_a_story(text, kind, excerpt):
    story = f"Kemarin saya mengurus surat di kelurahan. {text}. Petugas minta Rp 50.000 supaya cepat."
    assert (kind, excerpt) in [(finding.kind, excerpt and finding.excerpt) for finding in find_identifying(story)]


@pytest.mark.parametrize("story", HARMLESS)
def test_sums_dates_offices_and_the_accused_are_let_be(story):
    assert find_identifying(story) == []


def test_a_story_may_tell_several_things_and_they_come_in_order():
    found = find_identifying("Saya Budi, HP 0812-3456-7890, antrean A-023, tinggal di Gg. Mawar, motor DA 1234 XY.")
    assert [finding.kind for finding in found] == ["name", "phone", "queue", "address", "plate"]


@given(st.text(st.sampled_from("0123456789 .-+aAbBnNoO@/\nsayjlrtDX")) | st.text())
def test_findings_are_places_of_the_text_in_order_and_apart(text):
    place = 0
    for finding in find_identifying(text):
        assert place <= finding.start < finding.end <= len(text)
        assert finding.excerpt == text[finding.start : finding.end]
        place = finding.end


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_with_a_hostile_text_and_not_with_its_square(piece):
    def seconds(size):
        text = (piece * size)[:size]
        started = time.process_time()
        find_identifying(text)
        return time.process_time() - started

    # Four times the text: linear time is four times as long, quadratic sixteen. The floor keeps the clock's grain out.
    assert min(seconds(20_000) for _ in range(2)) < 9 * min(seconds(5_000) for _ in range(2)) + 0.1
