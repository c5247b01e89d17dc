"""Sealed files in an S3-compatible object store, by boto3, which takes endpoint and credentials from AWS_* variables.

A store's answer is its promise that the object is durable (Amazon S3, CompleteMultipartUpload and PutObject). Objects
carry nothing of ours but their name and a type that says nothing.
"""

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import cached_property
from typing import Any, Final

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from whistle.store.blobs import BlobMissing, Blobs, BlobWriter, broke_off
from whistle.store.errors import Conflict, FilesUnavailable

PART: Final = 8 << 20  # what a writer holds in memory; a store takes 10,000 parts of 5 MiB and more
_TYPE: Final = "application/octet-stream"  # some stores would guess one from the content
_ONCE: Final = "*"  # If-None-Match: refused when there is an object of that name

# A reporter is told after some ten seconds at the most that a file was not stored.
_CONNECT, _ANSWER = 3, 5  # seconds
_TRIES: Final = 2


class BlobBucket(Blobs):
    """The files below ``prefix`` in ``bucket``, which is there. Nothing else in it is looked at or touched."""

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self.bucket, self.prefix = bucket, f"{prefix}/" if prefix else ""

    @cached_property
    def _s3(self) -> Any:
        """A client for all threads of this process, made after any fork: connections are not shared between two."""
        own = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        settings = Config(
            connect_timeout=_CONNECT,
            read_timeout=_ANSWER,
            retries={"mode": "standard", "total_max_attempts": _TRIES},
            max_pool_connections=64,
            s3={"addressing_style": "path"} if own else None,  # else each bucket would need a name in the DNS
            # Not all stores know the checksums that are boto3's default; all know the older one, see `_body`.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return Session().client("s3", config=settings)

    def _listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        with _answered():
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix + prefix)
            for page in pages:
                yield from ((self._name(found), found["Size"]) for found in page.get("Contents", ()))

    def _begin(self, name: str) -> BlobWriter:
        with _answered():
            return BucketWriter(self._s3, self._object(name))

    def _range(self, name: str, start: int, stop: int) -> bytes | None:
        try:
            with _answered():
                found = self._s3.get_object(**self._object(name), Range=f"bytes={start}-{stop - 1}")
                with closing(found["Body"]) as body:
                    data: bytes = body.read()
                    return data
        except _NoSuchKey:
            return None
        except _PastTheEnd:
            return b""

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with _answered(), closing(self._s3.get_object(**self._object(name))["Body"]) as body:
                yield from body.iter_chunks(PART)
        except _NoSuchKey as error:
            raise BlobMissing from error

    def _delete(self, name: str) -> None:
        with _answered():
            self._s3.delete_object(**self._object(name))

    def _sweep(self, before: date) -> int:
        with _answered():
            pages = self._s3.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=self.prefix)
            begun = [upload for page in pages for upload in page.get("Uploads", ())]
            over = [upload for upload in begun if broke_off(self._name(upload), before)]
            for upload in over:
                self._s3.abort_multipart_upload(**self._object(self._name(upload)), UploadId=upload["UploadId"])
        return len(over)

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + name}

    def _name(self, listed: dict[str, Any]) -> str:
        return str(listed["Key"]).removeprefix(self.prefix)


class BucketWriter(BlobWriter):
    """It sends a part whenever it holds one; the store makes an object of them when it is told that there are all."""

    def __init__(self, s3: Any, target: dict[str, str]) -> None:
        self._s3, self._target = s3, target
        self._held = bytearray()
        self._parts: list[dict[str, Any]] = []
        self._upload = ""  # the id of a multipart upload, once there is a first part
        self._over = False

    def write(self, data: bytes) -> None:
        with self._unless_over():
            rest = memoryview(data)
            while rest:
                room = PART - len(self._held)
                self._held += rest[:room]
                rest = rest[room:]
                if len(self._held) == PART:
                    self._send()
            self.size += len(data)

    def commit(self) -> None:
        with self._unless_over():
            if not self._upload:
                self._s3.put_object(**self._target, **_body(self._held), ContentType=_TYPE, IfNoneMatch=_ONCE)
            else:
                if self._held:
                    self._send()
                parts = {"Parts": self._parts}
                whole = {"UploadId": self._upload, "MultipartUpload": parts, "IfNoneMatch": _ONCE}
                self._s3.complete_multipart_upload(**self._target, **whole)
        self._over = True

    def abandon(self) -> None:
        if self._upload and not self._over:
            with suppress(FilesUnavailable), _answered():
                self._s3.abort_multipart_upload(**self._target, UploadId=self._upload)
        self._over = True
        self._held = bytearray()

    def _send(self) -> None:
        if not self._upload:
            self._upload = self._s3.create_multipart_upload(**self._target, ContentType=_TYPE)["UploadId"]
        part = {"UploadId": self._upload, "PartNumber": len(self._parts) + 1}
        sent = self._s3.upload_part(**self._target, **part, **_body(self._held))
        self._parts.append({"PartNumber": part["PartNumber"], "ETag": sent["ETag"]})
        self._held = bytearray()

    @contextmanager
    def _unless_over(self) -> Iterator[None]:
        """After a failure nothing more is sent: it would be half a file.

        Nor is the store asked to take the parts away, which might be waited for once more: that is left to `settle`.
        """
        if self._over:
            raise ValueError("this file is stored or was given up")
        try:
            with _answered():
                yield
        except FilesUnavailable:
            self._over = True
            raise


def _body(data: bytearray) -> dict[str, Any]:
    """Content, and what lets the store refuse it when it was changed on its way (RFC 1864)."""
    digest = hashlib.md5(data, usedforsecurity=False).digest()
    return {"Body": data, "ContentMD5": base64.b64encode(digest).decode()}


class _NoSuchKey(Exception):
    pass


class _PastTheEnd(Exception):
    pass


@contextmanager
def _answered() -> Iterator[None]:
    """Everything that a store or the way to it can say, in our words."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        tried_again = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
        if code == "NoSuchKey":
            raise _NoSuchKey from error
        if code == "InvalidRange":
            raise _PastTheEnd from error
        # After a second try it may be ours of the first, whose answer was lost: nobody knows what is in it.
        if code == "PreconditionFailed" and not tried_again:
            raise Conflict("there is a file of that id") from error
        raise FilesUnavailable(f"a file cannot be stored or read: the object store says {code}") from error
    except BotoCoreError as error:
        raise FilesUnavailable(f"a file cannot be stored or read: {type(error).__name__}") from error
