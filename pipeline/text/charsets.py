"""Bytes to Unicode: which charset a page is in, and why we think so.

The order is the one that served best on wrongly declared pages: byte order mark, strict UTF-8, the declared label if
the bytes do not contradict it, detection on the bytes outside ASCII.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
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
_LABELS = {  # what the Web says and Python does not know
    "windows-31j": "cp932",
    "sjis": "cp932",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "windows-949": "cp949",
    "ks_c_5601": "cp949",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "macintosh": "mac-roman",
    "mac": "mac-roman",
    "mac-cyrillic": "mac-cyrillic",
    "user-defined": "cp1252",
}
# Python knows codecs that are no charsets of pages: rot13, unicode_escape, undefined, idna; nor can UTF-16 be read as a label.
_CHARSETS = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp125\d|cp874|cp932|cp949|cp866|cp850|cp437|koi8-[rut]|mac-(?:roman|cyrillic|latin2|greek|turkish)|"
    r"gb2312|gbk|gb18030|hz|big5(?:hkscs)?|shift_jis(?:_2004|x0213)?|euc_(?:jp|kr|jis_2004|jisx0213)|iso2022_(?:jp(?:_\w+)?|kr)|johab|tis-620"
)

_META_CHARSET = re.compile(rb"""<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:.\-]{2,40})["']""")
_HEADER_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_WIDE_SIGNS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
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
    wide = wide_charset(body)
    if wide:
        return Decoded(body.decode(wide, "replace"), wide, "detected")
    declared = _declared(body, media_type)
    if b"\x1b$" in body or b"\x1b(" in body:
        for charset, source in declared:  # ISO-2022 is ASCII bytes; only its escapes say that it is no ASCII text
            if charset.startswith("iso2022") and (text := _decode_strictly(body, charset)) is not None:
                return Decoded(text, charset, source)
    text = _as_utf8(body)
    if text is not None:
        return Decoded(text, "utf-8", "utf-8")
    for charset, source in declared:
        if charset != "utf-8" and (text := _decode_strictly(body, charset)) is not None:
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
    name = label.strip().lower()
    for candidate in (name, name.removeprefix("x-")):
        try:
            codec = codecs.lookup(_LABELS.get(candidate, candidate)).name
        except (LookupError, ValueError):
            continue
        if _CHARSETS.fullmatch(codec):
            return _SUPERSETS.get(codec, codec)
    return ""


def _declared(body: bytes, media_type: str) -> list[tuple[str, str]]:
    """Return the charsets that a page states and that are known, in the order of trust, each with where it was stated.

    The HTTP header comes first, unless it says latin-1, which servers say of any page, and the page itself says something else.
    """
    found = []
    if header := _HEADER_CHARSET.search(media_type):
        found.append((known_charset(header[1]), "header"))
    head = body[:_META_WINDOW]
    if xml := _XML_ENCODING.search(head):
        found.append((known_charset(xml[1].decode("ascii")), "xml"))
    if meta := _META_CHARSET.search(head):
        found.append((known_charset(meta[1].decode("ascii")), "meta"))
    known = [(charset, source) for charset, source in found if charset]
    return sorted(known, key=lambda pair: pair == ("cp1252", "header"))


def _decode_strictly(body: bytes, charset: str) -> str | None:
    """Return the text if nearly every byte fits the charset and no C1 control comes out, else None."""
    text = body.decode(charset, "replace")
    odd = text.count("\ufffd") + sum(map(text.count, _C1))
    return text if odd * 1000 <= len(text) else None


_C1 = tuple(map(chr, range(0x80, 0xA0)))


def wide_charset(body: bytes) -> str:
    """Return utf-16-le or utf-16-be if every other byte takes but a few values, as the high bytes of an alphabet do; else ""."""
    head = body[:4096]
    if len(head) < 20 or not _WIDE_SIGNS.search(head):
        return ""  # the high bytes of alphabets below U+0E00 are controls, which no other charset has in a text
    even, odd = _top_share(head[0::2]), _top_share(head[1::2])
    for narrow, wide, charset in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if narrow > 0.85 and wide < 0.65:
            text = head[: len(head) // 2 * 2].decode(charset, "replace")
            if sum(char.isalpha() or char.isspace() for char in text) > 0.8 * len(text):
                return charset
    return ""


def _top_share(values: bytes) -> float:
    """Return the share that the three most frequent bytes have."""
    return sum(count for _, count in Counter(values).most_common(3)) / len(values)


def _as_utf8(body: bytes) -> str | None:
    """Return the text if the page is UTF-8: wholly, cut off in a letter, with some bad bytes or foreign lines; else None."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data" and error.start >= len(body) - 3
        if is_cut and not body[: error.start].isascii():
            return body.decode("utf-8", "replace")
    lines = body.split(b"\n")
    foreign = [line for line in lines if not line.isascii() and not _is_utf8(line)]
    own = sum(not line.isascii() for line in lines) - len(foreign)
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - bad
    if good < 3 * bad and own < max(1, len(foreign)):
        return None
    return "\n".join(_utf8_or_legacy(line) for line in lines)


def _utf8_or_legacy(line: bytes) -> str:
    """Return a line of a UTF-8 page: one whose bytes are mostly no UTF-8 was pasted in from a Windows editor."""
    text = line.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - bad
    return text if good >= 3 * bad else line.decode("cp1252", "replace")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _detect(body: bytes) -> str:
    """Return the charset that charset-normalizer finds most likely, looking at lines beyond ASCII alone; "" for none."""
    from charset_normalizer import from_bytes

    lines = [line for line in re.split(rb"[\r\n]+|<[^>]{0,1000}>", body) if not line.isascii()]
    sample = b"\n".join(lines)[:_DETECTION_BYTES]
    best = from_bytes(sample).best()
    return known_charset(best.encoding) if best else ""
