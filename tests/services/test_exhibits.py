"""Files of a case at the desk: cleaned before they are seen, opened once, handed out on record, never believed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.attaching import UNKNOWN, believed, exhibits_of, opened, prepared_at_once, reported, uploaded, with_files
from tests.clean.making import CANARY, document, picture, saved
from tests.inspectorate import Inspectorate, act
from tests.services.verify.checking import codes
from whistle.casefile.attachments import Stored
from whistle.casefile.exhibits import Exhibit
from whistle.domain.summary import Summary
from whistle.services import casework, exhibit_making, exhibits, followup
from whistle.services.evidence import Vanished
from whistle.services.refusals import NotYours, Refusal
from whistle.store import audit
from whistle.store.rows import AuditRow


def content(office: Inspectorate, stored: Stored | None) -> bytes:
    assert stored is not None
    return exhibits.content(office.ctx, stored).read(0, stored.size)


def rows(office: Inspectorate) -> list[AuditRow]:
    """The audit log, newest first."""
    with office.ctx.store.read() as tx:
        return audit.page(tx, 1000)


def kinds(office: Inspectorate, case: bytes) -> list[str]:
    return [item.kind for item in casework.open_case(office.ctx, office.officer("rahma"), case).file]


def test_the_first_opening_cleans_the_file_and_makes_its_previews_in_a_signed_entry(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"))
    (before,) = exhibits_of(office, case)
    assert (before.label, before.made) == ("P-1", None)
    # When it is opened twice
    photo = opened(office, case)
    again = opened(office, case)
    # Then it was made ready once, by the officer who opened it
    assert photo.made and photo.made.clean and photo.made.pictures and photo.made == again.made
    assert photo.maker and photo.maker.author == office.officer("rahma").id
    assert kinds(office, case).count("prepared") == 1
    assert content(office, photo.made.clean)[:3] == content(office, photo.made.pictures[0])[:3] == b"\xff\xd8\xff"
    # And the reporter's word of yesterday is not news to answer: the summary is as it was
    assert codes(office, "rahma") == set()


def test_what_a_sender_calls_clean_is_cleaned_before_anybody_sees_it(office: Inspectorate) -> None:
    case = reported(office, [believed(office.ctx, picture("JPEG")), believed(office.ctx, b"<script>alert(1)</script>")])
    photo, page = opened(office, case, 0), opened(office, case, 1)
    assert photo.made and CANARY.encode() not in content(office, photo.made.clean)
    assert "place" in photo.made.removed and photo.raw is None
    assert page.made and (page.made.clean, page.made.why, page.made.pictures) == (None, "kind", ())


def test_a_document_shows_pages_at_once_and_the_others_when_they_are_asked_for(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhibit_making, "PAGES", 2)
    paper = document("Halaman satu")
    others = [document(word) for word in ("Halaman dua", "Halaman tiga")]
    for other in others:
        paper.pages.append(other.pages[0])
    case = with_files(office, saved(paper))
    pdf, rahma = opened(office, case), office.officer("rahma")
    assert pdf.made and pdf.made.clean and (len(pdf.made.pictures), pdf.made.pages) == (2, 3)
    ticket = exhibits.redeem(rahma, exhibits.ticket(rahma, pdf.made.clean, "nama", pdf.made.pages))
    third = exhibits.page(office.ctx, ticket, 3)
    assert third[:3] == b"\xff\xd8\xff" and third != content(office, pdf.made.pictures[1])
    for number in (0, 4):
        with pytest.raises(NotYours):
            exhibits.page(office.ctx, ticket, number)


def test_two_officers_who_open_a_file_at_the_same_moment_make_one_entry_and_leave_nothing_over(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, picture("PNG"))
    casework.declare(office.ctx, office.officer("yusuf"), case)
    (file,) = exhibits_of(office, case)
    # Given that both have the clean copy before either has said so
    prepared_at_once(office, monkeypatch, case, file.id, ("rahma", "yusuf"))
    # Then one of them is recorded, both see the same, and the other's copies are gone
    assert kinds(office, case).count("prepared") == 1
    assert [row.action for row in rows(office)].count("file-prepare") == 1
    mine, theirs = (exhibits_of(office, case, login)[0] for login in ("rahma", "yusuf"))
    assert mine.made and mine.made == theirs.made
    assert set(office.ctx.blobs.ids()) == {one.id for one in (*mine.attachment.stored, *mine.made.stored)}
    assert codes(office, "rahma") == set()


def test_what_cannot_be_cleaned_is_handed_out_only_as_what_it_is(office: Inspectorate) -> None:
    case = with_files(office, UNKNOWN)
    thing, rahma = opened(office, case), office.officer("rahma")
    assert thing.made and thing.made.clean is None and thing.made.why == "kind"
    with pytest.raises(NotYours):
        exhibits.hand_out(office.ctx, rahma, case, thing.id)
    _, stored = exhibits.hand_out(office.ctx, rahma, case, thing.id, raw=True)
    assert content(office, stored) == UNKNOWN
    assert [step.what for step in exhibits.show(office.ctx, rahma, case, thing.id).custody] == ["came", "failed"]


def test_nothing_unclean_is_handed_out_before_the_file_was_opened(office: Inspectorate) -> None:
    case = with_files(office, UNKNOWN)
    (thing,) = exhibits_of(office, case)
    with pytest.raises(NotYours):
        exhibits.hand_out(office.ctx, office.officer("rahma"), case, thing.id, raw=True)


def test_the_original_is_kept_beside_the_clean_copy_where_its_sender_wanted_it(office: Inspectorate) -> None:
    sent = picture("JPEG")
    case = with_files(office, sent, original=True)
    photo, rahma = opened(office, case), office.officer("rahma")
    _, clean = exhibits.hand_out(office.ctx, rahma, case, photo.id)
    shown, original = exhibits.hand_out(office.ctx, rahma, case, photo.id, raw=True)
    assert content(office, original) == sent and CANARY.encode() not in content(office, clean)
    assert [step.what for step in shown.custody] == ["kept", "came", "made"]
    assert shown.custody[0].at is None and shown.custody[2].by == "Rahma Yuliani"  # of a reporter there is a day alone


def test_every_look_and_every_download_is_a_signed_row_that_tells_no_stored_file(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"), original=True)
    photo, rahma = opened(office, case), office.officer("rahma")
    exhibits.show(office.ctx, rahma, case, photo.id)
    exhibits.hand_out(office.ctx, rahma, case, photo.id)
    exhibits.hand_out(office.ctx, rahma, case, photo.id, raw=True)
    mine = [row for row in rows(office) if row.action.startswith("file-")]
    assert [row.action for row in mine] == ["file-original", "file-download", "file-look", "file-prepare"]
    assert {row.detail for row in mine} == {photo.mark.hex()} and {row.case for row in mine} == {case}
    ids = {one.id.hex() for one in photo.attachment.stored}
    assert not ids & {row.detail for row in rows(office)}
    assert codes(office, "rahma") == set()


def test_a_look_that_cannot_be_recorded_is_no_look(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    case = with_files(office, picture("JPEG"))
    photo, rahma = opened(office, case), office.officer("rahma")

    def refuse(*_: object) -> None:
        raise RuntimeError("no row")

    monkeypatch.setattr(audit, "append", refuse)
    for ask in (exhibits.show, exhibits.hand_out):
        with pytest.raises(RuntimeError, match="no row"):
            ask(office.ctx, rahma, case, photo.id)


Ask = Callable[[Inspectorate, str, bytes, Exhibit], object]
ASKS: dict[str, Ask] = {
    "look": lambda office, who, case, file: exhibits.show(office.ctx, office.officer(who), case, file.id),
    "open": lambda office, who, case, file: exhibits.prepare(office.ctx, office.officer(who), case, file.id),
    "take": lambda office, who, case, file: exhibits.hand_out(office.ctx, office.officer(who), case, file.id),
    "attach": lambda office, who, case, _: exhibits.attach(office.ctx, office.officer(who), case, act(), "", []),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_who_holds_no_key_of_the_case_has_no_way_to_its_files(ask: Ask, office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"))
    (photo,) = exhibits_of(office, case)
    with pytest.raises(NotYours):
        ask(office, "hendra", case, photo)
    with pytest.raises(Refusal, match="declare_first"):
        ask(office, "yusuf", case, photo)


def test_a_file_of_another_case_is_not_found_in_this_one(office: Inspectorate) -> None:
    case, other = with_files(office, picture("JPEG")), with_files(office, picture("PNG"))
    (foreign,) = exhibits_of(office, other)
    for name, ask in ASKS.items():
        if name != "attach":
            with pytest.raises(NotYours):
                ask(office, "rahma", case, foreign)


def test_a_ticket_is_good_in_the_session_that_looked_and_nowhere_else(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"))
    (photo,), rahma = exhibits_of(office, case), office.officer("rahma")
    text = exhibits.ticket(rahma, photo.attachment.file, "nama")
    assert exhibits.redeem(rahma, text).stored == photo.attachment.file
    for who in (replace(rahma, session=b"another"), office.officer("yusuf")):
        with pytest.raises(NotYours):
            exhibits.redeem(who, text)
    for wrong in ("", "x", text[:-1], text[:-1] + ("A" if text[-1] != "A" else "B")):
        with pytest.raises(NotYours):
            exhibits.redeem(rahma, wrong)


def test_an_officers_files_are_kept_as_they_were_with_their_names_and_attached_once(office: Inspectorate) -> None:
    case, rahma, sent = with_files(office, picture("PNG")), office.officer("rahma"), saved(document("LHP"))
    before, deed = set(office.ctx.blobs.ids()), act()
    for _ in range(2):  # the second time is the same form, sent once more
        files = [uploaded(office.ctx, sent, "LHP 700.pdf"), uploaded(office.ctx, UNKNOWN, "catatan.bin")]
        exhibits.attach(office.ctx, rahma, case, deed, "LHP nomor 700/15", files)
    _, report, notes = exhibits_of(office, case)
    assert [one.label for one in (report, notes)] == ["I-1", "I-2"]
    assert (report.attachment.name, notes.attachment.name) == ("LHP 700.pdf", "catatan.bin")
    assert content(office, report.attachment.original) == sent and content(office, notes.attachment.file) == UNKNOWN
    assert kinds(office, case).count("attached") == 1
    kept = {one.id for exhibit in (report, notes) for one in exhibit.attachment.stored}
    assert set(office.ctx.blobs.ids()) - before == kept
    assert [row.action for row in rows(office)].count("attach") == 1
    assert codes(office, "rahma") == set()


def test_whoever_attaches_a_file_has_read_what_the_reporter_wrote(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada lagi.", None)
    assert summary(office, case).unread
    exhibits.attach(office.ctx, office.officer("rahma"), case, act(), "LHP", [uploaded(office.ctx, UNKNOWN)])
    assert not summary(office, case).unread


def summary(office: Inspectorate, case: bytes) -> Summary:
    found = casework.open_case(office.ctx, office.officer("rahma"), case).summary
    assert found is not None
    return found


def test_a_file_that_is_not_there_any_more_is_said_and_never_taken_for_one_that_cannot_be_cleaned(
    office: Inspectorate,
) -> None:
    case, rahma = with_files(office, picture("JPEG")), office.officer("rahma")
    (photo,) = exhibits_of(office, case)
    assert exhibits.show(office.ctx, rahma, case, photo.id).trouble == ""
    office.ctx.blobs.remove(photo.id)
    assert exhibits.show(office.ctx, rahma, case, photo.id).trouble == "gone"
    with pytest.raises(Vanished):
        exhibits.prepare(office.ctx, rahma, case, photo.id)
    assert "prepared" not in kinds(office, case)


def test_a_digest_that_its_sender_made_up_is_not_put_on_the_sheet(office: Inspectorate) -> None:
    told = believed(office.ctx, picture("JPEG"))
    case = reported(office, [replace(told, file=replace(told.file, sha256=bytes(32)))])
    (photo,) = exhibits_of(office, case)
    with pytest.raises(Vanished):
        exhibits.prepare(office.ctx, office.officer("rahma"), case, photo.id)
