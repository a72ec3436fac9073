"""Left-over entities: resolved where somebody forgot to, and nowhere that they are the subject."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# A page that speaks of markup may show entities; so may a line that holds code.
_ABOUT_HTML = re.compile(
    r"\b(?:X?HTML\d?|XML|SGML|CSS|PHP|JavaScript|markup|Markdown|ampersands?|esperluettes?|[Ee]ntit\w*|entidad(?:es)?|entidades?|"
    r"escap(?:e|es|ed|ing)|unescape\w*|échapp\w+|maskier\w+|balises?|Auszeichnung\w*)\b|сущност|экраниров|разметк|実体参照|"
    r"エスケープ|マークアップ|实体|实體|轉義|转义|엔티티",
)
_CODE = re.compile(r"[`<>{}\\]|\w\(|=\s?[\"']|&&|\|\||;\s*$|^\s*(?://|#!|\$ )|::|->")
# "Use &nbsp; between" in the languages that tutorials are most often in.
_SPOKEN_OF = re.compile(
    r"\b(?:us(?:e|ing)|types?|writ(?:e|ing)|insert|put|code|called|utilis\w+|écri\w+|insér\w+|schreib\w*|tipp\w*|verwend\w*|usar?|"
    r"escrib\w+|escrev\w+|scriv\w+|digit\w+|wpis\w+|użyj|piš\w*|напиш\w+|введ\w+|использ\w+)\s+&#?\w+;",
    re.IGNORECASE,
)
# "Valid ones are &amp; &lt; &gt;", "write it as &amp;": names beside each other, or at the end of the line.
_LISTED = re.compile(r"&(?:amp|lt|gt|quot|apos);[,;\s]+&(?:amp|lt|gt|quot|apos);|&(?:amp|lt|gt|quot|apos);[.)]?\s*$|&;")
# An ampersand joins what stands on either side; one that joins nothing, or stands beside a bare one, is spoken of.
_BARE = re.compile(r"&(?!#?\w{1,31};)")
_NO_JOIN = re.compile(r"[-–—:] &|&[.,:)]")
_TAG = re.compile(r"<[/!]?\w|\w->\w")
# What an XML parser says, in any language: "valid entities are: &amp; &quot; &lt;", "an empty entity ‘&;’".
_TAUGHT = re.compile(r"(?:&(?:amp|lt|gt|quot|apos);[,،、;\s]{1,3}){3}|(?<!\S)[^\w\s]?&;")
_QUOTES = "\"'“”„‘’«»()[]"
_ROUNDS = 4  # what was escaped twice is resolved twice, so that repairing again changes nothing


def unescape_leftovers(text: str) -> str:
    """Return text with left-over entities resolved, line by line; lines that hold code or would become markup stay.

    >>> unescape_leftovers("Fish &amp;amp; chips"), unescape_leftovers("Type &lt;br&gt; here")
    ('Fish & chips', 'Type &lt;br&gt; here')
    """
    return "\n".join(map(_line, text.split("\n"))) if "&" in text else text


def has_leftovers(whole: str) -> bool:
    """Return whether a page, all its texts together, has left-over entities: some would be resolved, and it does not speak of
    HTML.
    """
    if "&" not in whole or not any(_line(line) != line for line in _lines_with_entities(whole)):
        return False
    return _TAUGHT.search(whole) is None and _ABOUT_HTML.search(whole) is None


def _lines_with_entities(whole: str) -> Iterator[str]:
    end = -1
    for found in _ENTITY.finditer(whole):
        if found.start() > end:
            start = whole.rfind("\n", 0, found.start()) + 1
            end = whole.find("\n", found.end())
            end = len(whole) if end < 0 else end
            yield whole[start:end]


def _line(line: str) -> str:
    if "&" not in line or not _ENTITY.search(line):
        return line
    without = _ENTITY.sub("", line)
    if (
        _CODE.search(without)
        or _SPOKEN_OF.search(line)
        or _LISTED.search(line)
        or any(_is_subject(line, found) for found in _ENTITY.finditer(line))
    ):
        return line
    resolved = line
    for _ in range(_ROUNDS):
        before, resolved = resolved, _ENTITY.sub(_resolved, resolved)
        if resolved == before:
            break
    return (
        line if _TAG.search(resolved) or (_ENTITY.search(resolved) and resolved != _ENTITY.sub(_resolved, resolved)) else resolved
    )


def _is_subject(line: str, found: re.Match[str]) -> bool:
    """Return whether an entity is spoken of: it stands at a quotation mark, or its character is in the line, alone."""
    before, after = line[: found.start()], line[found.end() :]
    beside = before[-1:] + after[:1]
    char = _resolved(found)
    is_shown = not char.isascii() and char.strip() and re.search(rf"(?<![\w&]){re.escape(char)}(?!\w)", line) is not None
    if char == "&" and (
        _BARE.search(before) or _BARE.search(after) or _NO_JOIN.search(f"{before}&{after}", max(0, len(before) - 2))
    ):
        return True
    is_spaced = before.rstrip().endswith("«") and after.lstrip().startswith("»")
    return is_spaced or any(mark in _QUOTES for mark in beside) or bool(is_shown)


def _resolved(found: re.Match[str]) -> str:
    """Return the character of an entity; a name that HTML does not know stays, though it begins with one ("&region;")."""
    name = found[0][1:]
    return html.unescape(found[0]) if name.startswith("#") or name in html5 else found[0]
