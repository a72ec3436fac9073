"""HTML source to the source of the tree that a browser's parser makes of it: closed, nested and escaped."""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

PARSER = "lexbor"
_NO_TEXT = ("script style svg math iframe object embed canvas audio video select datalist textarea map noembed xml").split()
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# A frameset hides the page behind it, and what stands in these elements is not read as markup: seen as plain tags, it is.
_FRAMES = re.compile(r"</?(?:frameset|frame|noframes|plaintext)\b[^>]*+>", re.IGNORECASE)
_VERBATIM = re.compile(r"<(/?)(?:xmp|listing)\b[^>]*+>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)[^>]*+>")
# Elements that end by themselves where another one begins, or that hold nothing: a page may open thousands and close none.
_SELF_ENDING = frozenset(
    (
        "p li dt dd tr td th thead tbody tfoot option optgroup colgroup caption html head body br img hr input meta link "
        "wbr area base col embed source track param rp rt"
    ).split()
)
# The tree keeps what stands in a template apart, where `strip_tags` does not look.
_SCRIPTS = re.compile(r"<(script|style|iframe|noembed)\b.*?</\1>", re.DOTALL)
_MANY_TAGS = 20_000
# lexbor compares each attribute of a tag with all before it.
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_ONE_ATTRIBUTE = re.compile(r"""\s[^\s"'=<>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")
_MOST_ATTRIBUTES, _LONG_PAGE = 500, 20_000
_LOOKED_FOR = 'frameset, noframes, plaintext, xmp, listing, script[type*="ld+json" i]'


def serialised(html: str, max_depth: int) -> tuple[str, list[str]]:
    """Return the page as a browser would close, nest and escape it, and the texts of its JSON-LD scripts.

    lexbor builds the tree of the HTML standard: it loses no text at any depth and behind any end tag. Its serialisation closes
    every element and escapes `<` and `>` in texts and attributes, so that cutting at `<` is exact. Comments and elements without
    text are out.
    """
    raw = html.encode("utf-8", "replace")  # bytes are counted faster than characters
    if b"\x00" in raw or raw.count(b"<") > _MANY_TAGS or _may_have_long_tag(raw):
        html = html.replace("\x00", "")
        if raw.count(b"<") > _MANY_TAGS:
            html = _flattened(html, max_depth)
        if len(html) > _LONG_PAGE:
            html = _LONG_TAG.sub(_few_attributes, html)
        raw = html.encode("utf-8", "replace")
    tree = LexborHTMLParser(raw)
    found = tree.css(_LOOKED_FOR)
    if any(node.tag != "script" for node in found):
        html = _replaced(_VERBATIM, r"<\1pre>", _replaced(_FRAMES, " ", html))
        tree = LexborHTMLParser(html.encode("utf-8", "replace"))
        found = tree.css(_LOOKED_FOR)
    scripts = [node.text() for node in found]
    tree.strip_tags(_NO_TEXT, recursive=True)
    source = tree.html or ""
    if "<!--" in source:
        source = _COMMENT.sub("", source)
    if "<template" in source:
        source = _SCRIPTS.sub("", source)
    return (source if source.count(">") == source.count("<") else _with_whole_tags(source)), scripts


def _with_whole_tags(source: str) -> str:
    """Return the source of a page in which names of tags or attributes hold a `<` themselves (`<b<i>` is one tag) without it."""
    chunks = source.split("<")
    found, begun = chunks[:1], ""
    for chunk in chunks[1:]:
        if ">" in chunk:
            found.append(begun + chunk)
            begun = ""
        else:
            begun += f"{chunk}_"
    return "<".join(found)


def _may_have_long_tag(raw: bytes) -> bool:
    """Return False if nowhere so much stands without a `<` or `>` that it may be a tag of `_LONG_PAGE` characters."""
    half = _LONG_PAGE // 2
    return any(
        raw.find(b"<", at, at + half) < 0 and raw.find(b">", at, at + half) < 0 for at in range(0, len(raw) - half + 1, half)
    )


def _few_attributes(tag: re.Match[str]) -> str:
    """Return the beginning of a tag, up to its end sign, without the attributes beyond the first few hundred."""
    found = _ONE_ATTRIBUTE.findall(tag[0])
    return (
        tag[0] if len(found) <= _MOST_ATTRIBUTES else re.split(r"\s", tag[0], maxsplit=1)[0] + "".join(found[:_MOST_ATTRIBUTES])
    )


def _flattened(html: str, max_depth: int) -> str:
    """Return the page without the tags that open deeper than anything means: a parser's time grows with the depth's square."""
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _SELF_ENDING:
            return tag[0]
        depth = max(0, depth - 1) if tag[1] else depth + 1
        return tag[0] if depth <= max_depth else " "

    return _replaced(_TAG, kept, html)


def _replaced(tag: re.Pattern[str], by: str | Callable[[re.Match[str]], str], html: str) -> str:
    """Return the page with tags replaced. Behind its last `>` are none: each `<` there would be looked for to the page's end."""
    end = html.rfind(">") + 1
    return tag.sub(by, html[:end]) + html[end:]
