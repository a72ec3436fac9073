"""What a body is: HTML, text, or no page at all; decided by its bytes, then by its declared type, then by its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pipeline.errors import Reject
from pipeline.model import Media
from pipeline.text.wide import wide_charset

_MAGIC = (
    (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"%PDF", "pdf"), (b"PK\x03\x04", "zip"), (b"OggS", "ogg"),
    (b"ID3", "mp3"), (b"\x7fELF", "elf"), (b"MZ\x90", "exe"), (b"wOFF", "woff"), (b"wOF2", "woff2"), (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"7z\xbc\xaf", "7z"), (b"Rar!", "rar"), (b"\x1f\x8b\x08", "gzip"),
    (b"PAR1", "parquet"), (b"SQLite format 3", "sqlite"), (b"\x00\x00\x01\x00", "ico"), (b"RIFF", "riff"), (b"WARC/", "warc"),
)  # fmt: skip
_NO_PAGE_NAMES = frozenset(
    (
        "css js mjs json map xml rss atom svg png jpg jpeg gif webp ico bmp avif pdf zip tar gz mp3 mp4 webm ogg "
        "woff woff2 ttf otf eot py toml yaml yml ini cfg csv tsv log sqlite db"
    ).split()
)
_PACKED_NAMES = frozenset(("gz", "gzip", "br", "zst", "zstd", "zz", "deflate"))
_HTML_NAMES = frozenset(("html", "htm", "xhtml", "shtml", "mhtml", "php", "asp", "aspx", "jsp"))
# Once a comment is passed, it is passed: going back over them all takes time without end.
_HTML_START = re.compile(
    rb"\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?:(?><!--.{0,4000}?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAGS = re.compile(
    rb"</?(?:html|head|body|title|div|p|a|span|ul|ol|li|table|tr|td|br|h[1-6]|article|section|nav|script|meta|link|img)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_SNIFF_BYTES = 16_384


def media_of(body: bytes, path: str, media_type: str = "", is_html: bool | None = None) -> Media:
    """Return what `body` is; `is_html` is what a record's field said. Raises Reject(`not-a-page`, what it is) for all else."""
    for magic, name in _MAGIC:
        if body.startswith(magic) and (not magic.isalnum() or _is_binary(body[:_SNIFF_BYTES])):
            raise Reject("not-a-page", name)  # "ID3 tags explained" is a text; a real one has controls
    head = body[:_SNIFF_BYTES]
    if _is_binary(head):
        raise Reject("not-a-page", "binary data")
    if is_html is not None:
        return Media.HTML if is_html else Media.TEXT
    head = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    name = _ending(path)
    if _HTML_START.match(head):
        return Media.HTML
    if name in _NO_PAGE_NAMES:
        raise Reject("not-a-page", f"a .{name} file")
    declared = media_type.partition(";")[0].strip().lower()
    if declared in ("text/html", "application/xhtml+xml"):
        return Media.HTML
    if declared == "text/plain":
        return Media.TEXT
    tags = len(_HTML_TAGS.findall(head))
    if name in _HTML_NAMES:
        return Media.HTML if tags else Media.TEXT
    # A text may quote tags; markup begins with one, or has one every few words.
    starts = 400 if head.lstrip().startswith(b"<") else 25
    return Media.HTML if tags >= 5 and tags * starts >= len(head) else Media.TEXT


def _ending(path: str) -> str:
    """Return the last name ending of a path in lower case, that of compression aside."""
    endings = [ending[1:].lower() for ending in PurePosixPath(path).suffixes]
    while endings and endings[-1] in _PACKED_NAMES:
        endings.pop()
    return endings[-1] if endings else ""


def _is_binary(head: bytes) -> bool:
    """Return whether bytes are neither text in an ASCII-like charset nor UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or wide_charset(head):
        return False
    nuls = head.count(0)
    controls = sum(head.count(code) for code in range(1, 32) if code not in (9, 10, 12, 13, 27))
    if controls * 20 > len(head):
        return True
    return nuls * 100 > len(head)
