"""Recordings and films: sound and picture are put into a new container as they are, and nothing else.

They are not encoded anew, which would take minutes and cost quality. So what the encoder wrote between the pictures is
taken out by itself (H.264 and H.265: supplemental enhancement information, where some cameras write where they are).
Which way up a film is shown is kept. A film may be larger than the memory: it is read in ranges, and gone through twice
(`passes`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

import av
from av.bitstream import BitStreamFilterContext

from whistle.clean.kinds import Kind, Out
from whistle.clean.passes import Sink, in_two_passes
from whistle.clean.result import Cleaned, NotCleaned, Trace, ordered

_READ_AT_ONCE, _WRITTEN_AT_ONCE = 64 * 1024, 256 * 1024  # bytes; what was read ahead is lost with a seek
_OPTIONS: Final = {"fflags": "+bitexact", "id3v2_version": "0", "write_xing": "0"}  # nobody's name for itself, no tags
_SEI: Final = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}
_TOLD: Final[Mapping[Trace, tuple[str, ...]]] = {
    "place": ("location", "gps", "xyz", "loci"),
    "device": ("make", "model", "encoder", "software", "handler", "vendor", "android", "muxing", "writing", "brand"),
    "author": ("artist", "author", "composer", "album", "copyright", "performer", "owner", "publisher"),
    "time": ("time", "date", "year"),
    "comment": ("comment", "title", "description", "lyrics", "synopsis", "genre", "subject"),
}


def clean(file: BinaryIO, kind: Kind, write: Out) -> Cleaned:
    """The same sound and picture in a new container. Raises NotCleaned."""
    found, seen = in_two_passes(lambda out: _remuxed(file, kind, out), write)
    return Cleaned(_media(kind, seen), ordered(found))


def _media(kind: Kind, seen: bool) -> str:
    """The type of what was made: recorders put sound alone into a film's container as well."""
    what = "video/" if seen else "audio/"
    return next((media for media in kind.gives if media.startswith(what)), kind.media)


def opened(file: BinaryIO, kind: Kind) -> Any:
    """The container, read from the file's beginning.

    Of all formats it can only be the one that the kind says: a playlist, say, would name other files.
    """
    file.seek(0)
    return av.open(file, format=kind.reads, metadata_errors="replace", buffer_size=_READ_AT_ONCE)


def _remuxed(file: BinaryIO, kind: Kind, out: Sink) -> tuple[set[Trace], bool]:
    """What was told, and whether there is a picture."""
    with opened(file, kind) as source:
        found = _told(source)
        with av.open(out, "w", format=kind.writes, options=_OPTIONS, buffer_size=_WRITTEN_AT_ONCE) as target:
            found |= _copied(source, target)
            return found, bool(target.streams.video)


def _copied(source: Any, target: Any) -> set[Trace]:
    """Copy packet by packet. Raises NotCleaned when there is nothing to hear or to see."""
    found, ways = set[Trace](), dict[int, tuple[Any, BitStreamFilterContext | None]]()
    for stream in source.streams:
        attached = bool(stream.disposition & av.stream.Disposition.attached_pic)
        if stream.type not in ("audio", "video") or attached:
            found.add("embedded" if attached or stream.type == "attachment" else "other")
            continue
        made = target.add_stream_from_template(stream)
        made.metadata.clear()
        sei = _SEI.get(stream.codec_context.name)
        # What it hands on has start codes, not lengths: told of the stream, the muxer turns them back.
        ways[stream.index] = made, BitStreamFilterContext(sei, stream, made) if sei else None
    if not ways:
        raise NotCleaned("damaged")
    for packet in source.demux([source.streams[index] for index in ways]):
        made, filtering = ways[packet.stream.index]
        for one in _filtered(packet, filtering):
            one.stream = made
            target.mux_one(one)
    return found


def _filtered(packet: Any, filtering: BitStreamFilterContext | None) -> Iterator[Any]:
    if packet.dts is None:  # the demuxer's word that it is at the end
        yield from filtering.filter(None) if filtering else ()
    else:
        yield from filtering.filter(packet) if filtering else (packet,)


def _told(source: Any) -> set[Trace]:
    """What the container and its streams told by name."""
    keys = {key.lower() for key in source.metadata}
    keys |= {key.lower() for stream in source.streams for key in stream.metadata if key not in ("language", "rotate")}
    found = {code for code, words in _TOLD.items() if any(word in key for key in keys for word in words)}
    known = [word for words in _TOLD.values() for word in words]
    return found | ({"other"} if any(not any(word in key for word in known) for key in keys) else set())
