"""Bytes to Unicode: which charset a page is in, why we think so, and how sure that is.

The order is the one that served best on wrongly declared pages: byte order mark, UTF-16 by its zeros, strict UTF-8, UTF-8 with
foreign
bytes in it, the declared label if the bytes do not contradict it, detection on the bytes outside ASCII.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.text.detect import MULTIPLE, SINGLE, Guess, Sample, east_asian, rank, reads_well, sample_of, score, strict_text
from pipeline.text.labels import known_charset
from pipeline.text.mixed import mend_mixed
from pipeline.text.wide import wide_charset

__all__ = ["Decoded", "decode", "known_charset"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABEL = rb"""(?:"\s{0,9}([^"<>]{2,60})"|'\s{0,9}([^'<>]{2,60})'|([^\s"'<>;]{2,60}))"""
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s{0,9}=\s{0,9}" + _LABEL, re.IGNORECASE)
_META_IN_QUOTES = re.compile(rb"""<meta\b[^>]{0,500}?\bcharset\s{0,9}=\s{0,9}([A-Za-z0-9_:.\- ]{2,40})["'>;]""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([^"'<>]{2,60})["']""")
_HEADER_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([^"';]{2,60})""", re.IGNORECASE)
_ESCAPES = re.compile(rb"\x1b\$[@B]|\x1b\$\)C|\x1b\(J")
_META_WINDOW = 262_144  # browsers look at 1,024 bytes; pages with long scripts ahead of the tag are common
_LATIN_1 = ("cp1252", "header")  # what servers say of any page
# A declared charset stands until another reads as a language that we know, and better: by so many nats in all, and by so
# many for each byte outside ASCII. Of languages that we don't know, the declaration knows more.
_DOUBT = 9.0
_DOUBT_PER_BYTE = 0.3
_ABSURD_PER_BYTE = 5.0  # Latin words with a letter of another script inside them
_SURE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset that gave it, how that was found, why in words, and how sure it is (0 to 1).

    `source` is bom, utf-8, mixed, header, meta, xml, detected or fallback.
    """

    text: str
    charset: str
    source: str
    why: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Declared:
    """A charset that a page or its server states, and where."""

    charset: str
    source: str
    label: str


def decode(body: bytes, media_type: str = "") -> Decoded:
    """Return the text of `body`; `media_type` is the Content-Type as served. Never raises: undecodable bytes become U+FFFD."""
    for bom, charset in _BOMS:
        if body.startswith(bom) and (charset != "utf-8" or not _is_legacy_behind_bom(body)):
            return Decoded(body[len(bom) :].decode(charset, "replace"), charset, "bom", "byte order mark")
    body = body.removeprefix(codecs.BOM_UTF8)
    wide = wide_charset(body)
    if wide:
        return Decoded(body.decode(wide, "replace"), wide, "detected", "zero bytes where this charset has them", 0.95)
    escaped = _by_escapes(body, media_type)
    if escaped:
        return escaped
    try:
        text = body.decode("utf-8")
        return Decoded(text, "utf-8", "utf-8", "ASCII" if text.isascii() else "every byte is valid UTF-8")
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data" and error.start >= len(body) - 3
        # A page of ASCII that ends in "é" is latin-1; one that ends in "Ã" or "â€" was cut off.
        if is_cut and (not body[: error.start].isascii() or not body[error.start :].decode("latin-1").islower()):
            return Decoded(body.decode("utf-8", "replace"), "utf-8", "utf-8", "valid UTF-8, cut inside the last character", 0.99)
    declared = list(_declared(body, media_type))
    mended = mend_mixed(body, [one.charset for one in declared])
    if mended:
        return Decoded(mended.text, "utf-8", "mixed" if mended.foreign else "utf-8", mended.why, mended.confidence)
    return _legacy(body, declared)


def _by_plausibility(declared: Sequence[_Declared], sample: Sample) -> list[_Declared]:
    """Return declarations in their order, but those that read far better than the first of them ahead of it."""
    scores = {one.charset: guess.score for one in declared if (guess := score(sample, one.charset))}
    if len(scores) < 2:
        return list(declared)
    first = next(scores[one.charset] for one in declared if one.charset in scores)
    return sorted(declared, key=lambda one: scores.get(one.charset, first) <= first + _DOUBT)


def _is_legacy_behind_bom(body: bytes) -> bool:
    """Return whether an editor's UTF-8 mark stands before text in another charset."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return bad > 2 and sum(1 for char in text if char > "\x7f") < 2 * bad


def _by_escapes(body: bytes, media_type: str) -> Decoded | None:
    """Return ISO-2022 and HZ text: their bytes are ASCII, and only escapes say that the text is not."""
    if b"\x1b" in body and _ESCAPES.search(body):
        for charset in ("iso2022_kr",) if b"\x1b$)C" in body else ("iso2022_jp", "iso2022_jp_ext"):
            text = body.decode(charset, "replace")
            if text.count("\ufffd") * 100 <= len(text):
                return Decoded(text, charset, "detected", "escape sequences of this charset", 0.98)
    if body.isascii() and b"~{" in body:
        for one in _declared(body, media_type):
            text = body.decode("hz", "replace")
            if one.charset == "hz" and text.count("\ufffd") * 100 <= len(text):
                return Decoded(text, "hz", one.source, f"{one.source} says {one.label}", 0.98)
    return None


def _declared(body: bytes, media_type: str) -> Iterator[_Declared]:
    """Return the charsets that a page states and that are known, in the order of trust.

    The HTTP header comes first, unless it says latin-1, which servers say of any page, and the page itself says something else.
    """
    found: list[tuple[str, str]] = []
    if header := _HEADER_CHARSET.search(media_type):
        found.append((header[1], "header"))
    head = body[:_META_WINDOW]
    if xml := _XML_ENCODING.search(head):
        found.append((xml[1].decode("ascii", "replace"), "xml"))
    patterns = (_META_CHARSET, _META_IN_QUOTES) if b"charset" in head.lower() else ()
    metas = [meta for pattern in patterns if (meta := pattern.search(head))]
    found += [(next(filter(None, meta.groups())).decode("ascii", "replace"), "meta") for meta in metas]
    known = [_Declared(known_charset(label.strip()), source, label.strip()) for label, source in found]
    yield from sorted((one for one in known if one.charset), key=lambda one: (one.charset, one.source) == _LATIN_1)


def _legacy(body: bytes, declared: Sequence[_Declared]) -> Decoded:
    """Return the text of bytes that are no UTF-8: by the first declaration that they do not contradict, else as detected."""
    sample = sample_of(body)
    guesses = rank(sample)
    best = guesses[0] if guesses else None
    wide, share = east_asian(sample)
    for one in _by_plausibility(declared, sample):
        if one.charset == "utf-8" or (text := _as_declared(body, sample, one.charset, best, wide, share)) is None:
            continue
        return Decoded(text, one.charset, one.source, f"{one.source} says {one.label}, and the bytes agree", 0.97)
    denied = "".join(f"; {one.source} says {one.label}, which the bytes contradict" for one in declared)
    if wide and (share >= _SURE_SHARE or best is None or best.score < -9.0 * sample.high_count):
        text = strict_text(body, wide) or body.decode(wide, "replace")
        return Decoded(text, wide, "detected", f"characters usual in {MULTIPLE[wide]}{denied}", round(min(0.99, 0.4 + share), 2))
    if best is None:
        return Decoded(body.decode("cp1252", "replace"), "cp1252", "fallback", f"nothing fits{denied}", 0.1)
    best, text = _without_gaps(body, guesses)
    why = f"letter pairs of {best.language}" if best.language != "?" else "plausible letter pairs"
    return Decoded(text, best.charset, "detected", f"{why}{denied}", _confidence(sample, guesses))


def _without_gaps(body: bytes, guesses: Sequence[Guess]) -> tuple[Guess, str]:
    """Return the best guess, or one close to it that has a character for each byte of the whole page, and the text in it."""
    first = ""
    for guess in guesses:
        if guess.score < guesses[0].score - _DOUBT:
            break
        text = body.decode(guess.charset, "replace")
        if "\ufffd" not in text:
            return guess, text
        first = first or text
    return guesses[0], first


def _as_declared(body: bytes, sample: Sample, charset: str, best: Guess | None, wide: str, share: float) -> str | None:
    """Return the text in a declared charset, or None if the bytes contradict it."""
    if charset in MULTIPLE:
        text = strict_text(body, charset)
        if text is None or (
            wide and wide != charset and share > _SURE_SHARE and share > east_asian(sample, (charset,))[1] + 0.15
        ):
            return None
        if not wide and best and best.score > -6.5 * sample.high_count and not _mostly_usual(sample, charset):
            return None
        return text
    if charset not in SINGLE:
        text = body.decode(charset, "replace")
        return text if text.count("\ufffd") * 1000 <= len(text) else None
    own = score(sample, charset)
    if own is None or (wide and share > _SURE_SHARE):
        return None
    lead = best.score - own.score if best else 0.0
    doubted = best is not None and lead > _DOUBT and lead > _DOUBT_PER_BYTE * sample.high_count
    is_absurd = best is not None and SINGLE[best.charset][0] == "latin" != SINGLE[charset][0]
    if best and doubted and (reads_well(sample, best) or (is_absurd and lead > _ABSURD_PER_BYTE * sample.high_count)):
        return None
    return body.decode(charset, "replace")


def _mostly_usual(sample: Sample, charset: str) -> bool:
    return east_asian(sample, (charset,))[0] != ""


def _confidence(sample: Sample, guesses: Sequence[Guess]) -> float:
    """Return how sure the best guess is: by its lead over the first one that reads the sample differently."""
    text = sample.text.decode(guesses[0].charset, "replace")
    for guess in guesses[1:12]:
        if sample.text.decode(guess.charset, "replace") != text:
            lead = guesses[0].score - guess.score
            return round(0.5 + 0.49 * (1 - math.exp(-lead / 8)), 2)
    return 0.99
