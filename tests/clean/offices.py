"""Office documents with planted words, made by the libraries that programs use for it."""

import io
import zipfile
from collections.abc import Mapping

import docx
import openpyxl
from openpyxl.comments import Comment

from tests.clean.making import CANARY, picture

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "Kwitansi lima puluh ribu"
CHANGED = (
    f'<w:p xmlns:w="{W}" w:rsidR="00AB12CD"><w:r><w:t xml:space="preserve">Dibayar </w:t></w:r>'
    f'<w:del w:id="7" w:author="{CANARY} pengubah" w:date="2026-10-05T08:15:00Z"><w:r><w:delText>{CANARY} dicoret'
    f'</w:delText></w:r></w:del><w:ins w:id="8" w:author="{CANARY} pengubah"><w:r><w:t>tunai</w:t></w:r></w:ins></w:p>'
)


def changed(package: bytes, parts: Mapping[str, bytes], out: str = "", into: str = "") -> bytes:
    """The package with more ``parts``, and with ``into`` for ``out`` in its XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if out and info.filename.endswith(".xml"):
                content = content.replace(out.encode(), into.encode())
            new.writestr(info.filename, content, zipfile.ZIP_STORED if info.filename == "mimetype" else None)
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def word() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.core_properties.author = f"{CANARY} pembuat"
    made.core_properties.comments = f"{CANARY} komentar"
    paragraph = made.add_paragraph(TEXT)
    made.add_comment(paragraph.runs, text=f"{CANARY} komentar", author=f"{CANARY} nama", initials="KN")
    made.add_paragraph("TANDA")
    made.add_picture(io.BytesIO(picture("JPEG")))
    table = made.add_table(1, 2)
    table.cell(0, 0).text = "Loket 3"
    made.save(out)
    body = out.getvalue()
    body = changed(body, {}, "<w:r><w:t>TANDA</w:t></w:r>", f"</w:p>{CHANGED}<w:p>")
    return changed(body, {"word/vbaProject.bin": CANARY.encode(), "customXml/item9.xml": f"<a>{CANARY}</a>".encode()})


def sheet() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.properties.creator = f"{CANARY} pembuat"
    page = made.active
    page["A1"], page["B1"], page["A2"] = TEXT, 50_000, "=B1*2"
    page["A1"].comment = Comment(f"{CANARY} komentar", f"{CANARY} nama")
    made.save(out)
    body = changed(
        out.getvalue(), {"xl/vbaProject.bin": CANARY.encode()}, "<f>B1*2</f><v/>", "<f>B1*2</f><v>100000</v>"
    )
    return changed(body, {}, "<f>B1*2</f><v></v>", "<f>B1*2</f><v>100000</v>")


def shared_sheet(index: int = 0) -> bytes:
    """The workbook as most programs write it, its texts in a part of their own; cell A1 shows the one at ``index``."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    words = (
        f'<sst xmlns="{space}"><si><r><t>Kwitansi </t></r><r><t>lima puluh ribu</t></r><rPh sb="0" eb="1"><t>{CANARY}'
        "</t></rPh></si></sst>"
    )
    inline, shared = f't="inlineStr"><is><t>{TEXT}</t></is>', f't="s"><v>{index}</v>'
    return changed(sheet(), {"xl/sharedStrings.xml": words.encode()}, inline, shared)


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
    "draw": f"{_OFFICE}drawing:1.0",
} | {name: f"{_OFFICE}{name}:1.0" for name in ("office", "text", "table", "meta")}
_SPACES = " ".join(f'xmlns:{name}="{space}"' for name, space in _NAMES.items())
_BODY = {
    "text": (
        f"<text:p>{TEXT}<office:annotation><dc:creator>{CANARY} nama</dc:creator><text:p>{CANARY} komentar</text:p>"
        f"</office:annotation></text:p><text:tracked-changes><text:changed-region><text:deletion><text:p>{CANARY}"
        f" dicoret</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>Loket 3 "
        f'<text:a xlink:href="https://{CANARY}.example">tautan</text:a></text:p>'
        '<text:p><draw:frame><draw:image xlink:href="Pictures/a.jpg"/></draw:frame></text:p>'
    ),
    "spreadsheet": (
        f'<table:table table:name="Buku"><table:table-row><table:table-cell><text:p>{TEXT}</text:p>'
        f"<office:annotation><text:p>{CANARY}</text:p></office:annotation></table:table-cell>"
        f'<table:table-cell table:formula="of:=WEBSERVICE(&quot;https://{CANARY}.example&quot;)" office:value="100000">'
        "<text:p>100000</text:p></table:table-cell></table:table-row></table:table>"
    ),
}


def open_document(kind: str) -> bytes:
    """An OpenDocument package, ``kind`` "text" or "spreadsheet"."""
    media = f"application/vnd.oasis.opendocument.{kind}"
    content = (
        f"<office:document-content {_SPACES}><office:body><office:{kind}>{_BODY[kind]}</office:{kind}></office:body>"
    )
    parts = {
        "content.xml": f"{content}</office:document-content>".encode(),
        "meta.xml": f"<office:document-meta {_SPACES}><meta:initial-creator>{CANARY}</meta:initial-creator>"
        "</office:document-meta>".encode(),
        "Thumbnails/thumbnail.png": picture("PNG"),
        "Pictures/a.jpg": picture("JPEG"),
        "Basic/Standard/Modul.xml": f"<a>{CANARY}</a>".encode(),
        "META-INF/manifest.xml": b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", media, zipfile.ZIP_STORED)
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()
