"""Seeded damage to real pages, and what must be true of every page however damaged.

`benchmarks/reliability_fuzz.py` does it by the ten thousand.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import traceback
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline import clean
from pipeline.errors import Reject
from pipeline.model import CleanDocument

Damage = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
_TAG = re.compile(rb"<[^<>]{1,300}>")
_CHARSETS = (
    "utf-16 utf-16-le utf-16-be utf-32 utf-7 cp1252 cp1251 latin-1 shift_jis euc_jp iso2022_jp gb18030 big5 euc_kr koi8_r "
    "cp037 utf-8-sig"
).split()
# What means something to a decoder or a parser.
_ODD = [
    *(bytes.fromhex(one) for one in "00 fffe efbbbf c080 eda080 f5808080 1b5b324a 85 e280a8 0d e280ae cc81 eda0bdedb880".split()),
    *b"&#0; &#xD800; &#x110000; &amp;amp;lt; & <!-- --> <![CDATA[ ]]> <? <!DOCTYPE < > \" ' </body> </html> <plaintext>".split(),
    *b"<script> </script> <style> <textarea> <title> <svg> <math> <template> <select> <frameset> <noscript> <table><tr>".split(),
    b"<base href=//x>",
    b'<meta charset="utf-16">',
]
_NESTED = b"div b a p table td ul li blockquote form span svg select button h1".split()
_LOST = b"< </ </p <p </div </t <li </a </script </style </title".split()
_ATTRIBUTES = (
    b"",
    b" class=",
    b' class="',
    b" id='",
    b' class="' + b"x " * 5_000 + b'"',
    b" a=1" * 500,
    b" hidden",
    b" style=x:y",
)
_URLS = (None, None, "https://news.example/2025/a-b.html", "http://[::1", "//x", "https://\u0430.example/\x00", "x" * 5_000)
_TYPES = (None, None, None, "text/html", "text/plain; charset=utf-16", "text/html; charset=\x00", "image/png", ";;;", "text/html;charset=cp1252")  # fmt: skip


def flipped(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Flip bits of up to fifty bytes."""
    changed = bytearray(body)
    for _ in range(chance.randrange(1, 50)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def truncated(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Lose the end, or the beginning."""
    place = chance.randrange(len(body))
    return body[:place] if chance.random() < 0.7 else body[place:]


def spliced(body: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Go on, at some place, with a piece of another page."""
    other = chance.choice(others)
    begin, end = _span(other, chance)
    place, rest = _span(body, chance)
    return body[:place] + other[begin:end] + body[rest:]


def repeated(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Repeat a piece of the page."""
    begin, end = _span(body, chance)
    end = min(end, begin + 2_000)
    return body[:end] + body[begin:end] * chance.choice((1, 2, 10, 50)) + body[end:]


def lost(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Lose a piece of the page."""
    begin, end = _span(body, chance)
    return body[:begin] + body[end:]


def tags_repeated(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Repeat some tags."""
    rate, times = chance.choice((0.01, 0.1, 0.5)), chance.choice((1, 2, 20))
    return _TAG.sub(lambda tag: tag[0] * (times + 1) if chance.random() < rate else tag[0], body)


def tags_lost(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Lose some tags, or all of one kind."""
    kind, rate = chance.choice(_LOST), chance.choice((0.05, 0.5, 1.0))
    return _TAG.sub(lambda tag: b"" if tag[0].startswith(kind) and chance.random() < rate else tag[0], body)


def tags_moved(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Let tags stand where others stood."""
    tags, rate = _TAG.findall(body) or [b"<p>"], chance.choice((0.02, 0.3))
    return _TAG.sub(lambda tag: chance.choice(tags) if chance.random() < rate else tag[0], body)


def nested(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Open elements inside each other, and close some."""
    place, name, depth = chance.randrange(len(body)), chance.choice(_NESTED), chance.choice((3, 50, 500, 3_000))
    return body[:place] + b"<%s>" % name * depth + body[place:] + b"</%s>" % name * chance.choice((0, 1, depth))


def attributes(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Damage attributes: quotes lost, values without end, one too long, or too many."""
    form, rate = chance.choice(_ATTRIBUTES), chance.choice((0.01, 0.2))
    body = _TAG.sub(lambda tag: tag[0][:-1] + form + b">" if chance.random() < rate else tag[0], body)
    return body.replace(b'"', b"", chance.randrange(20)) if chance.random() < 0.5 else body


def odd_bytes(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Put in what means something to a decoder or a parser."""
    for _ in range(chance.randrange(1, 20)):
        place = chance.randrange(len(body) + 1)
        body = body[:place] + chance.choice(_ODD) * chance.choice((1, 1, 3, 200)) + body[place:]
    return body


def recoded(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Write the page in another charset, with its label or another, or as mojibake."""
    text = body.decode("utf-8", "replace")
    if chance.random() < 0.3:
        text = text.encode("utf-8").decode("cp1252", "replace")
    name = chance.choice(_CHARSETS)
    if chance.random() < 0.5:
        label = chance.choice((name, chance.choice(_CHARSETS), "x-nothing", ""))
        text = re.sub(r"(?i)charset=[\"']?[\w-]+", f'charset="{label}"', text)
    return text.encode(name, "replace")


def mixed(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Write lines in charsets that differ."""
    names = chance.sample(_CHARSETS, 2)
    lines = body.decode("utf-8", "replace").splitlines(keepends=True)
    return b"".join(line.encode(chance.choice(names) if chance.random() < 0.3 else "utf-8", "replace") for line in lines)


def as_text(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Take the tags out, as a dumper does."""
    return _TAG.sub(chance.choice((b"", b" ", b"\n")), body)


def one_line(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Take the line ends out, or put a great many in."""
    return body.replace(b"\n", b" ") if chance.random() < 0.5 else body.replace(b" ", b"\n")


def packed(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Pack the page, and damage that."""
    whole = bytearray(gzip.compress(body, 1, mtime=0))
    if chance.random() < 0.5:
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    return bytes(whole[: chance.randrange(1, len(whole))] if chance.random() < 0.3 else whole)


def _span(body: bytes, chance: random.Random) -> tuple[int, int]:
    """Return where a piece of the page begins and ends."""
    begin = chance.randrange(len(body))
    return begin, begin + chance.randrange(1, 2 + len(body) // chance.choice((2, 10, 100)))


DAMAGES: tuple[Damage, ...] = (
    flipped, truncated, spliced, repeated, lost, tags_repeated, tags_lost, tags_moved, nested, attributes, odd_bytes, recoded, mixed,
    as_text, one_line, packed,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A damaged page, how it was damaged, and how it is given to `clean`."""

    body: bytes | str
    damages: tuple[str, ...]
    url: str | None
    media_type: str | None


def case(pages: Sequence[bytes], seed: int, number: int, most_bytes: int) -> Case:
    """Return damaged page `number` of a seed, always the same."""
    chance = random.Random(f"{seed} {number}")
    body, names = chance.choice(pages), []
    for damage in chance.choices(DAMAGES, k=chance.choice((1, 1, 2, 3, 4))):
        body = damage(body, chance, pages)[: 4 * most_bytes] or b"<"
        names.append(damage.__name__)
    given: bytes | str = body.decode("utf-8", "surrogateescape") if chance.random() < 0.1 else body
    return Case(given, tuple(names), chance.choice(_URLS), chance.choice(_TYPES))


def outcome(one: Case) -> tuple[str, str]:
    """Return how cleaning a page ends: ("cleaned", ""), ("rejected", reason), or ("finding", what is wrong)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)  # arithmetic that goes wrong says no more than that
            found = clean(one.body, url=one.url, media_type=one.media_type)
    except Reject as reject:
        return "rejected", reject.reason
    except Exception:  # noqa: BLE001 - this is what is looked for
        return "finding", traceback.format_exc()
    wrong = broken_promise(found)
    return ("finding", wrong) if wrong else ("cleaned", "")


def broken_promise(found: CleanDocument) -> str:
    """Return what is wrong with a clean page; "" if nothing is."""
    if not isinstance(found, CleanDocument):
        return f"not a CleanDocument but {type(found).__name__}"
    stated = (
        found.text,
        found.title,
        found.url,
        found.site,
        *found.author,
        found.date,
        json.dumps(found.metadata, ensure_ascii=False),
    )
    for text in (*stated, *(span.text for span in found.removed)):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return f"lone surrogates: {error}"
    controls = {char for char in found.text + found.title if unicodedata.category(char) == "Cc" and char not in "\n\t"}
    if controls:
        return f"controls in the text: {sorted(controls)!r}"
    if not unicodedata.is_normalized("NFC", found.text):
        return "the text is not in NFC"
    if found.text and (not found.text.endswith("\n") or found.text.endswith("\n\n")):
        return f"the text ends with {found.text[-5:]!r}"
    return ""
