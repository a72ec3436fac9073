"""What a page states about itself: JSON-LD, OpenGraph and meta tags, in this order of trust."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pipeline.model import Facts
from pipeline.segment.html import Head
from pipeline.text.dates import days_apart, find_date

_PAGE_TYPES = re.compile(r"Article|Posting|WebPage|Recipe|Product|Report|Review|FAQPage|HowTo|DiscussionForumPosting|Course")
_ARTICLE_TYPES = re.compile(r"Article|Posting|Recipe|Report|Review|HowTo|Product")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|;)\s*$"
)
_ISO_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_COMPACT_DATE = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)(?:\D|T|$)")
_DATE_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.created", "citation_publication_date", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate",
    "published-date", "publish-date", "publication_date",
)  # fmt: skip
_AUTHOR_METAS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_KIND_OF = {
    "article": "article",
    "product": "product",
    "og:product": "product",
    "product.item": "product",
    "blog": "article",
    "website": "website",
}
_JSON_KINDS = (
    ("product", re.compile(r"^Product(?:Group)?$")),
    ("forum", re.compile(r"^(?:DiscussionForumPosting|QAPage)$")),
    ("recipe", re.compile(r"^Recipe$")),
    ("article", re.compile(r"Article$|Posting$|^Report$|^Review$|^HowTo$")),
    ("faq", re.compile(r"^FAQPage$")),
    ("collection", re.compile(r"^(?:CollectionPage|ItemList|OfferCatalog|SearchResultsPage)$")),
)
_LONGEST_NAME, _LONGEST_BODY, _LONGEST_DATE = 80, 100_000, 60
_MARKUP = re.compile(r"<[^<>]*>")


def facts_of(head: Head, url: str) -> Facts:
    """Return the facts of a page; `url` is where it was fetched, which beats what the page says of itself."""
    everything = list(_items(head.json_ld))
    items = [item for item in everything if _is(item, _PAGE_TYPES)]
    metas = head.metas
    stated = head.canonical if head.canonical.startswith("http") else metas.get("og:url", "")
    return Facts(
        url=url or (stated if stated.startswith("http") else ""),
        title=_text(head.title),
        headline=_first(
            *(item.get("headline") or item.get("name") for item in items if _is(item, _ARTICLE_TYPES)),
            metas.get("og:title"),
            metas.get("twitter:title"),
        ),
        site_name=_first(metas.get("og:site_name"), metas.get("application-name")),
        authors=_authors(items, everything, head),
        date=_as_in_path(
            _first(
                *(_date(item.get("datePublished") or item.get("dateCreated")) for item in items),
                *(_date(metas.get(name)) for name in _DATE_METAS),
                _date(head.times[0]) if head.times else "",
            ),
            _date_in_path(url or stated),
        ),
        language=_first(head.language, metas.get("og:locale"), metas.get("content-language")),
        license=_first(*(item.get("license") for item in items), head.license),
        description=_first(metas.get("og:description"), metas.get("description")),
        kind=_kind(everything, metas.get("og:type", "")),
        body=_body(everything),
    )


def _items(scripts: list[str]) -> Iterator[dict[str, Any]]:
    """Return the JSON-LD objects of a page, those inside lists and `@graph` too; what is not valid JSON is passed over."""
    for script in scripts:
        try:
            found = json.loads(_WRAPPING.sub("", script), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _listed(found):
            if isinstance(item, dict):
                yield from (member for member in [item, *_listed(item.get("@graph"))] if isinstance(member, dict))


def _listed(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as the one item of a list; None as an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _is(item: dict[str, Any], types: re.Pattern[str]) -> bool:
    kind = item.get("@type")
    return any(isinstance(name, str) and types.search(name) for name in (kind if isinstance(kind, list) else [kind]))


def _body(items: list[dict[str, Any]]) -> str:
    """Return the longest text that the JSON-LD holds: markup in it as spaces, its lines kept."""
    from html import unescape

    texts = [item.get(name) for item in items for name in ("articleBody", "text", "description", "reviewBody")]
    longest = max((text for text in texts if isinstance(text, str)), key=len, default="")[:_LONGEST_BODY]
    lines = _MARKUP.sub("\n", unescape(longest)).encode("utf-8", "replace").decode("utf-8").split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _kind(items: list[dict[str, Any]], og_type: str) -> str:
    """Return what kind of page the JSON-LD or OpenGraph calls itself, "" where it does not say."""
    names = {name for item in items for name in _listed(item.get("@type")) if isinstance(name, str)}
    return next(
        (kind for kind, pattern in _JSON_KINDS if any(map(pattern.search, names))), _KIND_OF.get(og_type.strip().lower(), "")
    )


def _authors(items: list[dict[str, Any]], everything: list[dict[str, Any]], head: Head) -> tuple[str, ...]:
    """Return the names of the authors that the first source with any gives."""
    by_id = {item["@id"]: item for item in everything if isinstance(item.get("@id"), str) and "name" in item}
    for item in items:
        names = []
        for person in _listed(item.get("author")):
            known = by_id.get(person.get("@id"), person) if isinstance(person, dict) and "name" not in person else person
            names += _listed(known.get("name")) if isinstance(known, dict) else [known]
        if found := _names(names):
            return found
    for name in _AUTHOR_METAS:
        if found := _names([head.metas.get(name)]):
            return found
    return _names(head.bylines[:3])


def _names(candidates: list[Any]) -> tuple[str, ...]:
    names = [_text(name) for name in candidates if isinstance(name, str)]
    names = [re.sub(r"^by\s+", "", name, flags=re.IGNORECASE) for name in names]
    good = (name for name in names if 1 < len(name) <= _LONGEST_NAME and "://" not in name and "@" not in name)
    return tuple(dict.fromkeys(good))


def _date(value: Any) -> str:
    """Return the day of an ISO date or time, or of one with the month's name, as YYYY-MM-DD, else ""."""
    if not isinstance(value, str):
        return ""
    found = _ISO_DATE.search(value) or _COMPACT_DATE.search(value)
    return _valid("-".join(found.groups())) if found else find_date(value[:_LONGEST_DATE])


def _date_in_path(url: str) -> str:
    """Return the day that a URL's path names (`/2025/10/16/`), else ""."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    found = re.search(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?:/|$)", path)
    return _valid(f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}") if found else ""


def _as_in_path(day: str, in_path: str) -> str:
    """Return the day that markup states, or that of the address if there is none or it is the next to it.

    Stated times are often in UTC: late in the evening that is the day after.
    """
    if not day or not in_path:
        return day or in_path
    return in_path if days_apart(day, in_path) <= 1 else day


def _valid(day: str) -> str:
    """Return the day if the calendar has it, else ""."""
    return find_date(day)


def _first(*candidates: Any) -> str:
    return next((_text(c) for c in candidates if isinstance(c, str) and c.strip()), "")


def _text(value: str) -> str:
    """Return a stated text with its entities resolved (JSON-LD is often escaped twice) and its spaces folded."""
    from html import unescape

    return " ".join(unescape(value).encode("utf-8", "replace").decode("utf-8").split())
