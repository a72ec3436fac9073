"""Bytes to Unicode: which charset a page is in, and why we think so.

The order is the one that served best on wrongly declared pages: byte order mark, strict UTF-8, the declared label if
the bytes do not contradict it, detection on the bytes outside ASCII.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Browsers read these labels as the superset that pages really are in (https://encoding.spec.whatwg.org/#names-and-labels).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}

_META_CHARSET = re.compile(rb"""<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:.\-]{2,40})["']""")
_HEADER_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_META_WINDOW = 16_384  # browsers look at 1,024 bytes; pages with long scripts ahead of the tag are common
_DETECTION_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset that gave it, and how that was found: bom, utf-8, header, meta, xml, detected or fallback."""

    text: str
    charset: str
    source: str


def decode(body: bytes, media_type: str = "") -> Decoded:
    """Return the text of `body`; `media_type` is the Content-Type as served. Never raises: undecodable bytes become U+FFFD."""
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return Decoded(body[len(bom) :].decode(charset, "replace"), charset, "bom")
    wide = _wide_charset(body)
    if wide:
        return Decoded(body.decode(wide, "replace"), wide, "detected")
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "utf-8")
    except UnicodeDecodeError:
        pass
    if _is_nearly_utf8(body):
        return Decoded(body.decode("utf-8", "replace"), "utf-8", "utf-8")
    for label, source in _declared(body, media_type):
        charset = known_charset(label)
        if charset and charset != "utf-8":
            text = _decode_strictly(body, charset)
            if text is not None:
                return Decoded(text, charset, source)
    charset = _detect(body)
    if charset:
        return Decoded(body.decode(charset, "replace"), charset, "detected")
    return Decoded(body.decode("cp1252", "replace"), "cp1252", "fallback")


def known_charset(label: str) -> str:
    """Return Python's codec for a declared label, widened to the superset that browsers use; "" for an unknown one.

    >>> known_charset("ISO-8859-1"), known_charset("x-unheard-of")
    ('cp1252', '')
    """
    try:
        info = codecs.lookup(label.strip().lower())
    except (LookupError, ValueError):
        return ""
    if not getattr(info, "_is_text_encoding", True) or info.name.startswith(("utf-16", "utf-32", "utf-7", "idna", "punycode")):
        return ""  # a page whose label can be read as ASCII is in none of these
    return _SUPERSETS.get(info.name, info.name)


def _declared(body: bytes, media_type: str) -> list[tuple[str, str]]:
    """Return the labels that a page states, the HTTP header's first, each with where it was stated."""
    found = []
    if header := _HEADER_CHARSET.search(media_type):
        found.append((header[1], "header"))
    head = body[:_META_WINDOW]
    if xml := _XML_ENCODING.search(head):
        found.append((xml[1].decode("ascii"), "xml"))
    if meta := _META_CHARSET.search(head):
        found.append((meta[1].decode("ascii"), "meta"))
    return found


def _decode_strictly(body: bytes, charset: str) -> str | None:
    """Return the text if nearly every byte fits the charset and no C1 control comes out, else None."""
    text = body.decode(charset, "replace")
    odd = text.count("\ufffd") + sum(map(text.count, _C1))
    return text if odd * 1000 <= len(text) else None


_C1 = tuple(map(chr, range(0x80, 0xA0)))


def _wide_charset(body: bytes) -> str:
    """Return utf-16-le or utf-16-be if NULs stand at every other place, as they do in ASCII-rich text; else ""."""
    head = body[:4096]
    if len(head) < 8 or head.count(0) * 4 < len(head):
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 10 > len(head) * 4 and even * 20 < len(head):
        return "utf-16-le"
    if even * 10 > len(head) * 4 and odd * 20 < len(head):
        return "utf-16-be"
    return ""


def _is_nearly_utf8(body: bytes) -> bool:
    """Return whether a few bad bytes stand in a page whose other bytes outside ASCII are good UTF-8."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - bad
    return good >= 10 * bad


def _detect(body: bytes) -> str:
    """Return the charset that charset-normalizer finds most likely, looking at lines beyond ASCII alone; "" for none."""
    from charset_normalizer import from_bytes

    lines = [line for line in re.split(rb"[\r\n]+|<[^>]{0,1000}>", body) if not line.isascii()]
    sample = b"\n".join(lines)[:_DETECTION_BYTES]
    best = from_bytes(sample).best()
    return known_charset(best.encoding) if best else ""
