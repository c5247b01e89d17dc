"""The audit log for the overseer: what it shows, how it is narrowed, checked, printed and compared."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from tests.attaching import opened, with_files
from tests.clean.making import picture
from tests.inspectorate import STORY, Inspectorate
from tests.security.administrator import database
from tests.services import staff
from tests.web.desk.conftest import Browser
from whistle.services import audit_point, founding, recovery
from whistle.services.invitations import Person
from whistle.services.setup import NewOfficer
from whistle.store import audit

Sit = Callable[[str], Browser]


def checked(browser: Browser) -> str:
    """The page after a press of the button that checks the whole chain."""
    page = browser.get("/meja/audit")
    answer = browser.post("/meja/audit/periksa", browser.fill(page, "/meja/audit/periksa"))
    assert answer.status_code == 303
    return browser.get("/meja/audit").text


def printed(browser: Browser) -> tuple[str, str]:
    """The number and the hash of a printed head."""
    page = browser.get("/meja/audit/cetak").text
    digest = re.search(r'class="digest">(.*?)</p>', page, re.S)
    number = re.search(r'class="big-number">(\d+)<', page)
    assert digest and number
    return number[1], " ".join(re.findall(r"<span>([0-9a-f]{4})</span>", digest[1]))


def test_the_auditor_sees_who_opened_what_and_no_contents(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    sit("rahma").get(f"/meja/kasus/{case.hex()}")
    page = sit("auditor").get("/meja/audit").text
    assert "Rahma Yuliani" in page and "Membuka kasus" in page and case.hex()[:8] in page
    assert case.hex() not in page and STORY not in page and "Uang untuk KTP" not in page
    assert "baris di halaman ini utuh" in page


def test_a_look_at_the_log_is_in_the_log(office: Inspectorate, sit: Sit) -> None:
    sit("auditor").get("/meja/audit")
    with office.ctx.store.read() as tx:
        assert audit.page(tx, 1)[0].action == "audit"


def test_filters_narrow_to_officer_act_day_and_case(office: Inspectorate, sit: Sit) -> None:
    _, _, one = office.triaged()
    _, _, two = office.triaged("yusuf")
    office.clock.advance(timedelta(days=3))
    auditor = sit("auditor")
    rahma = office.officer("rahma").id.hex()

    def rows(query: str) -> list[str]:
        page = auditor.get(f"/meja/audit?{query}").text
        return [unescape(re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r'<tr id="baris-.*?</tr>', page, re.S)]

    assert len(rows(f"petugas={rahma}")) == 3 and all("Rahma" in row for row in rows(f"petugas={rahma}"))
    assert len(rows("perbuatan=declare")) == 2
    assert all(one.hex()[:8] in row for row in rows(f"kasus={one.hex()[:6]}")) and len(rows(f"kasus={one.hex()}")) == 2
    assert {two.hex()[:8]} == {
        word for row in rows("perbuatan=declare&kasus=" + two.hex()[:8]) for word in row.split()
    } & {
        one.hex()[:8],
        two.hex()[:8],
    }
    assert not any("declare" in row or "Menyatakan" in row for row in rows("dari=2026-11-04"))
    assert len(rows("sampai=2026-11-02&perbuatan=declare")) == 2
    assert len(rows("petugas=-")) == 1, "that it was set up"
    assert rows("kasus=ffffffffffffffff") == []


@pytest.mark.parametrize("query", ["sebelum=x", "sebelum=99999999999999999", "petugas=zz", "dari=kemarin", "kasus=%00"])
def test_no_address_is_refused(query: str, sit: Sit) -> None:
    assert sit("auditor").get(f"/meja/audit?{query}").status_code == 200


@pytest.mark.parametrize(
    ("login", "query", "said", "kept"),
    [
        ("auditor", "kasus=xyz", "Ini bukan awal nomor kasus atau tanda berkas", "xyz"),
        ("auditor", "kasus=001/11/2026", "Ini nomor register, dan catatan audit tidak mengenalnya", "001/11/2026"),
        ("inspektur", "kasus=009l/11/2026", "Tidak ada laporan dengan register 009L/11/2026", "009l/11/2026"),
        ("auditor", "dari=kemarin", "Tulis tanggal seperti", "kemarin"),
        ("auditor", "dari=2026-11-02&sampai=2026-11-01", "lebih awal daripada “Dari tanggal”", "2026-11-01"),
        ("auditor", "sampai=9999-12-31", "terlalu jauh ke depan", "9999-12-31"),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_at_its_field(
    login: str, query: str, said: str, kept: str, office: Inspectorate, sit: Sit
) -> None:
    office.triaged()
    page = sit(login).get(f"/meja/audit?{query}")
    assert page.status_code == 200
    field = re.search(rf'<div class="field wrong">(?:(?!</div>).)*{re.escape(said)}.*?</div>', page.text, re.S)
    assert field and f'value="{kept}"' in field[0]
    assert "<details open>" in page.text and "saringan yang perlu diperbaiki belum dipakai" in page.text


def test_what_was_typed_as_a_day_stands_in_a_field_that_can_hold_it(sit: Sit) -> None:
    page = sit("auditor").get("/meja/audit?dari=kemarin&sampai=2026-11-02").text
    assert re.search(r'<input id="dari" [^>]*value="kemarin"[^>]* type="text"', page)
    assert re.search(r'<input id="sampai" [^>]*value="2026-11-02"[^>]* type="date"', page)


def test_a_register_number_finds_the_case_for_who_can_read_it(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    office.triaged()
    page = sit("inspektur").get("/meja/audit?kasus=001/11/2026").text
    assert set(re.findall(r"<code>(.*?)</code>", page)) == {case.hex()[:8]}
    assert 'value="001/11/2026"' in page


def test_the_mark_of_a_file_finds_what_was_done_with_it_and_with_nothing_else(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), picture("PNG"))
    first, second = (opened(office, case, at) for at in range(2))
    mark, auditor = first.mark.hex()[:8], sit("auditor")
    # Given a row on the file, which leads to all rows on it
    found = re.search(rf'<a href="([^"]+)"><code>{mark}</code>', auditor.get("/meja/audit").text)
    assert found
    # Then these are shown and no others, for the mark as it is printed and for capitals
    for address in (unescape(found[1]), f"/meja/audit?kasus={mark.upper()}"):
        page = auditor.get(address).text
        assert set(re.findall(r"<code>(.*?)</code>", page)) == {mark, case.hex()[:8]} and "1 baris cocok" in page
    # And the first digits of it are no mark: they would find what nobody looked for
    assert auditor.get(f"/meja/audit?kasus={mark[:6]}").text.count("<code>") == 0
    # And the officer whom a row concerns is not looked for by these digits
    staff.made(office, Person("budi", "Budi Santoso", "penelaah", "triase"))
    with office.ctx.store.read() as tx:
        invited = next(row.detail for row in audit.page(tx, 100) if row.action == "invite")
    assert "Budi" not in auditor.get(f"/meja/audit?kasus={invited[:8]}").text
    assert second.mark.hex()[:8] != mark


def test_the_page_says_how_many_rows_fit(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    for _ in range(55):
        auditor.get("/meja/audit")
    page = auditor.get("/meja/audit?perbuatan=audit")
    total = re.search(r"(\d+) baris cocok, dari (\d+) yang tercatat", page.text)
    assert total and int(total[1]) == 56 < int(total[2])
    older = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert older and "57 baris cocok" in auditor.get(unescape(older[1])).text, "on every page, with the look at it"


def test_rows_without_a_signature_are_explained(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    auditor = sit("auditor")
    assert "terjadi di server atau sebelum" not in auditor.get("/meja/audit?perbuatan=audit").text
    nobody.sign_in("rahma", password="bukan ini")
    assert "terjadi di server atau sebelum" in auditor.get("/meja/audit?perbuatan=sign-in-refused").text


def test_older_rows_are_a_page_away_though_each_look_adds_one(office: Inspectorate, sit: Sit) -> None:
    auditor = sit("auditor")
    for _ in range(60):
        page = auditor.get("/meja/audit").text
    shown = [int(seq) for seq in re.findall(r'id="baris-(\d+)"', page)]
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None and len(shown) == 50
    rest = [int(seq) for seq in re.findall(r'id="baris-(\d+)"', auditor.get(unescape(older[1])).text)]
    assert rest[0] == shown[-1] - 1


def test_the_whole_chain_is_checked_on_request_and_the_page_says_when(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    assert "belum pernah diperiksa" in auditor.get("/meja/audit").text
    page = checked(auditor)
    assert "Seluruh rantai utuh" in page and "2 Nov 2026" in page
    office.triaged()
    assert "baris sesudahnya belum ikut diperiksa" in auditor.get("/meja/audit").text


def test_a_long_log_is_checked_in_pieces(office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    office.triaged()
    auditor = sit("auditor")
    for _ in range(5):
        auditor.get("/meja/audit")
    monkeypatch.setattr(audit_point, "BATCH", 4)
    monkeypatch.setattr(audit_point, "PIECE", 0)
    page = checked(auditor)
    assert "Pemeriksaan berjalan: sampai baris 4" in page
    for _ in range(20):
        page = checked(auditor)
        if "Seluruh rantai utuh" in page:
            return
    pytest.fail("the check never came to the end")


def test_a_changed_row_is_shown_where_it_stands(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    with database(office) as db:
        db.execute("UPDATE audit SET action = 'note' WHERE action = 'declare'")
    for page in (auditor.get("/meja/audit").text, checked(auditor)):
        assert "Rantai catatan putus" in page and "Isinya diubah sesudah dicatat" in page


def test_rows_that_were_checked_and_are_gone_are_missed(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    checked(auditor)
    with database(office) as db:
        db.execute("DELETE FROM audit WHERE seq > 4")
    page = auditor.get("/meja/audit").text
    assert "Rantai catatan putus" in page


def test_a_point_that_somebody_wrote_is_not_believed(office: Inspectorate, sit: Sit) -> None:
    auditor = sit("auditor")
    checked(auditor)
    path = office.ctx.settings.data_dir / audit_point.NAME
    path.write_bytes(path.read_bytes().replace(b'"number":0', b'"number":7'))
    assert "belum pernah diperiksa" in auditor.get("/meja/audit").text


def test_a_printed_head_fits_the_log_that_goes_on(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    seq, digest = printed(auditor)
    office.triaged()
    for query in (f"nomor={seq}&sidik={digest}", f"nomor=&sidik=PELUIT AUDIT {seq}:{digest.replace(' ', '').upper()}"):
        page = auditor.get(f"/meja/audit/banding?{query}")
        assert page.status_code == 200 and "Cocok" in page.text and "masih seperti saat dicetak" in page.text


def test_a_printed_head_convicts_a_log_that_was_cut_or_written_anew(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    seq, digest = printed(auditor)
    with database(office) as db:
        db.execute("DELETE FROM audit WHERE seq >= :seq", {"seq": int(seq) - 1})
    page = auditor.get(f"/meja/audit/banding?nomor={int(seq) + 40}&sidik={digest}").text
    assert "Tidak cocok" in page and f"Catatan sekarang berakhir di baris {int(seq) - 1}." in page
    assert "akhir catatan dibuang" in page and "Tanda tangan semua baris" not in page
    page = auditor.get(f"/meja/audit/banding?nomor={seq}&sidik={digest}").text
    assert "Tidak cocok" in page and f"Baris {seq}, atau salah satu baris sebelumnya" in page


def test_a_wrong_hash_says_that_no_row_can_be_named(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    seq, _ = printed(auditor)
    page = auditor.get(f"/meja/audit/banding?nomor={seq}&sidik={'0' * 64}").text
    assert f"Tanda tangan semua baris sampai baris {seq} benar, jadi baris mana yang diubah" in page


@pytest.mark.parametrize(
    ("nomor", "sidik", "said"),
    [
        ("", "", "Tulis nomor baris"),
        ("12", "", "Tulis sidik yang tercetak"),
        ("", "ab", "Tulis nomor baris"),
        ("12", "abcd", "yang Anda tulis 4"),
        ("x", "0" * 64, "Tulis nomor baris"),
    ],
)
def test_what_was_mistyped_is_said_and_kept(nomor: str, sidik: str, said: str, sit: Sit) -> None:
    page = sit("auditor").get(f"/meja/audit/banding?nomor={nomor}&sidik={sidik}")
    assert page.status_code == 422 and said in page.text and f'value="{sidik}"' in page.text


def test_the_english_page_is_english(sit: Sit) -> None:
    auditor = sit("auditor")
    for address in ("/en/meja/audit", "/en/meja/audit/cetak", "/en/meja/audit/banding"):
        assert 'lang="en"' in auditor.get(address).text


def test_recovery_is_told_with_its_log_for_whom_and_how_much(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    key = recovery.unlock(office.ctx, "inner", office.recovery["inner"][:3])
    done = list(recovery.run(office.ctx, key, ("yusuf",)))[-1]
    page = unescape(re.sub(r"<[^>]+>", "", sit("auditor").get("/meja/audit").text))
    assert "Kunci cadangan (jalur dalam)" in page and "Memulihkan kunci kasus untuk petugas: Yusuf Maulana" in page
    assert f"kunci cadangan: 1 kasus dijalani, {done.grants} kunci diberikan" in page


def test_an_invitation_names_whom_also_before_the_signature(office: Inspectorate, sit: Sit) -> None:
    founding.invite(office.ctx, [NewOfficer("siti", "Siti Aminah", "penelaah", "triase")])
    page = unescape(re.sub(r"<[^>]+>", "", sit("auditor").get("/meja/audit").text))
    assert "Mengundang petugas dari server: Siti Aminah" in page
    staff.made(office, Person("budi", "Budi Santoso", "penelaah", "triase"))
    page = unescape(re.sub(r"<[^>]+>", "", sit("auditor").get("/meja/audit").text))
    assert "Mengundang petugas: Budi Santoso" in page
