"""Files with planted secrets: each secret is a word that must not be found again, in whatever corner it was put."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageChops, ImageDraw, PngImagePlugin

from whistle.clean import sandbox
from whistle.clean.result import Look

CANARY = "KENARI"
_TAGS = {0x010E: "uraian", 0x010F: "pabrik", 0x0110: "telepon", 0x0131: "program", 0x013B: "pembuat", 0x8298: "hak"}
UPRIGHT = 6  # EXIF's orientation for a picture that has to be turned by 90 degrees to the right


def scene(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture whose corners can be told apart."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.rectangle((0, 0, width // 3, height // 3), fill="red")
    draw.rectangle((2 * width // 3, 0, width, height // 3), fill="green")
    draw.rectangle((0, 2 * height // 3, width // 3, height), fill="blue")
    draw.line((0, 0, width, height), fill="black", width=5)
    return picture


def exif(orientation: int = 1) -> Image.Exif:
    """Who, with what, where and when."""
    made = Image.Exif()
    for tag, word in _TAGS.items():
        made[tag] = f"{CANARY} {word}"
    made[0x0112] = orientation
    made[0x0132] = "2026:10:05 08:15:00"
    made[0x8825] = {1: "S", 2: (3.0, 19.0, 7.0), 3: "E", 4: (114.0, 35.0, 33.0)}
    made[0x8769] = {0x9003: "2026:10:05 08:15:00", 0xA430: f"{CANARY} pemilik", 0xA431: f"{CANARY} nomor seri"}
    return made


def picture(form: str, orientation: int = 1) -> bytes:
    """A picture of the Pillow format ``form`` with all the secrets that it can hold."""
    out, told = io.BytesIO(), exif(orientation)
    more: dict[str, Any] = {"exif": told}
    if form in ("JPEG", "WEBP", "PNG"):
        more["xmp"] = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY} xmp</x:xmpmeta>".encode()
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        for key in ("Author", "Comment", "Title"):
            notes.add_text(key, f"{CANARY} {key}", zip=key == "Title")
        more = {"exif": told, "pnginfo": notes}
    if form == "GIF":
        more = {"comment": f"{CANARY} komentar".encode()}
    if form == "JPEG":
        more["comment"] = f"{CANARY} komentar".encode()
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    scene().save(out, form, **more)
    return out.getvalue()


def with_thumbnail(jpeg: bytes, folder: Path) -> bytes:
    """The JPEG with a picture of its own inside, as cameras put it there."""
    file, small = folder / "besar.jpg", folder / "kecil.jpg"
    file.write_bytes(jpeg)
    scene((160, 120)).save(small, "JPEG", comment=f"{CANARY} gambar kecil".encode())
    subprocess.run(["exiftool", "-q", "-overwrite_original", f"-ThumbnailImage<={small}", file], check=True)
    return file.read_bytes()


def moving(form: str) -> bytes:
    """Three pictures one after the other."""
    out = io.BytesIO()
    first, *rest = [scene().rotate(angle) for angle in (0, 90, 180)]
    more: dict[str, Any] = {"comment": CANARY.encode()} if form == "GIF" else {"exif": exif()}
    first.save(out, form, save_all=True, append_images=rest, duration=[100, 200, 300], loop=0, **more)
    return out.getvalue()


def document(text: str = "Kwitansi lima puluh ribu") -> pikepdf.Pdf:
    """A page of text."""
    made = pikepdf.new()
    page = made.add_blank_page()
    page.Contents = made.make_stream(f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode())
    font = {"Type": pikepdf.Name.Font, "Subtype": pikepdf.Name.Type1, "BaseFont": pikepdf.Name.Helvetica}
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pikepdf.Dictionary(**font)))
    return made


def saved(made: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, **how)
    return out.getvalue()


def many_pages(number: int) -> bytes:
    """A document that shows its one page so many times."""
    made = document()
    made.Root.Pages.Kids, made.Root.Pages.Count = pikepdf.Array([made.pages[0].obj] * number), number
    return saved(made)


def telling_document() -> bytes:
    """A page of text with all that a document can hold besides."""
    made = document()
    page, word = made.pages[0], f"({CANARY})"
    with made.open_metadata(set_pikepdf_as_editor=False) as notes:
        notes["dc:creator"] = [f"{CANARY} pembuat"]
    made.trailer.Info = made.make_indirect(
        pikepdf.Dictionary(Author=f"{CANARY} pembuat", Producer=f"{CANARY} program", Title=f"{CANARY} judul")
    )
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{CANARY}')")
    made.Root.OpenAction = script
    page.AA = pikepdf.Dictionary(O=script)
    made.attachments[f"{CANARY}.txt"] = word.encode()
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents=f"{CANARY} catatan",
        T=f"{CANARY} nama",
    )  # fmt: skip
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[72, 690, 300, 720],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=f"https://{CANARY}.example"),
    )  # fmt: skip
    page.Annots = pikepdf.Array([made.make_indirect(note), link])
    page.Thumb = made.make_stream(CANARY.encode(), Width=1, Height=1, ColorSpace=pikepdf.Name.DeviceGray)
    page.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=f"{CANARY} riwayat"))
    photo = made.make_stream(picture("JPEG"))
    photo.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=640, Height=480, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode, Metadata=made.make_stream(CANARY.encode()),
    )  # fmt: skip
    page.Resources.XObject = pikepdf.Dictionary(Im1=photo)
    page.contents_add(b"q 200 0 0 150 72 400 cm /Im1 Do Q")
    return saved(made)


@dataclass(frozen=True)
class File:
    """A file in memory, to be read from any place."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int, stop: int) -> bytes:
        return self.data[start:stop]


@dataclass(frozen=True)
class Clean:
    """What came of a file."""

    data: bytes
    media: str
    removed: tuple[str, ...]


def cleaned(data: bytes) -> Clean:
    """Clean a file in the sandbox. Raises NotCleaned."""
    out = io.BytesIO()
    told = sandbox.clean(File(data), out.write)
    return Clean(out.getvalue(), told.media, told.removed)


def looked(data: bytes, first: int = 0, most: int = 20) -> Look:
    """Look at a file in the sandbox, cleaned or not. Raises NotCleaned."""
    return sandbox.look(File(data), first, most)


def opened(picture: bytes) -> Image.Image:
    """A picture to compare with another."""
    return Image.open(io.BytesIO(picture)).convert("RGB")


def like(one: Image.Image, other: Image.Image) -> bool:
    """Whether they are of one size and look the same, small errors of compression aside."""
    difference = ImageChops.difference(one, other).convert("L").resize((32, 32), Image.Resampling.BOX)
    return one.size == other.size and max(difference.tobytes()) < 32
