"""A folder and an object store for files, and a look at what really lies in them, halves too."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.store.s3 import BUCKET, ObjectServer
from whistle.store.blobs import Blobs, blob_store

MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)
MIB = 1 << 20
LARGE = 20 * MIB  # more than an object store gets at once


@dataclass
class Shelf:
    """``lying`` names what lies there: that of a file on its way ends in ".part"."""

    url: str
    lying: Callable[[], list[str]]
    put_there: Callable[[str, bytes], None]
    """Somebody else's hand: a file under a name."""

    def __post_init__(self) -> None:
        self.blobs: Blobs = blob_store(self.url, 0)


def in_folder(folder: Path) -> Shelf:
    def put_there(name: str, data: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    return Shelf(
        folder.as_uri(),
        lambda: sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()),
        put_there,
    )


def in_bucket(server: ObjectServer) -> Shelf:
    """Under a prefix of its own."""
    s3, prefix = server.client(), f"peluit-{os.urandom(6).hex()}/files"

    def lying() -> list[str]:
        found = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", ())
        begun = s3.list_multipart_uploads(Bucket=BUCKET, Prefix=prefix).get("Uploads", ())
        keys = [entry["Key"] for entry in found] + [f"{entry['Key']}.part" for entry in begun]
        return sorted(key.removeprefix(f"{prefix}/") for key in keys)

    def put_there(name: str, data: bytes) -> None:
        s3.put_object(Bucket=BUCKET, Key=f"{prefix}/{name}", Body=data)

    return Shelf(f"s3://{BUCKET}/{prefix}", lying, put_there)


def a_blob(blobs: Blobs, day: date = MONDAY, size: int = 3_000_000) -> tuple[bytes, bytes]:
    """Store a file of random bytes; its id and its content."""
    id_, data = os.urandom(16), os.urandom(size)
    blobs.put(id_, day, (data[at : at + MIB] for at in range(0, size, MIB)))
    return id_, data
