"""URLs as far as a page's identity needs them."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_CANONICAL = (
    re.compile(
        rb"""<link[^>]{0,300}?\brel\s*=\s*["']?canonical\b["']?[^>]{0,300}?\bhref\s*=\s*["']?(https?://[^"'\s>]{3,500})""",
        re.IGNORECASE,
    ),
    re.compile(
        rb"""<link[^>]{0,300}?\bhref\s*=\s*["']?(https?://[^"'\s>]{3,500})["']?[^>]{0,300}?\brel\s*=\s*["']?canonical\b""",
        re.IGNORECASE,
    ),
    re.compile(
        rb"""<meta[^>]{0,300}?\bproperty\s*=\s*["']?og:url["']?[^>]{0,300}?\bcontent\s*=\s*["']?(https?://[^"'\s>]{3,500})""",
        re.IGNORECASE,
    ),
    re.compile(
        rb"""<meta[^>]{0,300}?\bcontent\s*=\s*["']?(https?://[^"'\s>]{3,500})["']?[^>]{0,300}?\bproperty\s*=\s*["']?og:url""",
        re.IGNORECASE,
    ),
)
_HEAD_BYTES = 200_000


def canonical_url(body: bytes) -> str:
    """Return the URL that a page's canonical link or og:url states, read from its bytes; "" if none is absolute."""
    head = body[:_HEAD_BYTES]
    if b"anonical" not in head and b"og:url" not in head and b"ANONICAL" not in head:
        return ""
    for pattern in _CANONICAL:
        if found := pattern.search(head):
            return found[1].decode("utf-8", "replace")
    return ""


@lru_cache(maxsize=4096)
def site_of_host(host: str) -> str:
    """Return the registrable domain of a host by the public suffix list, or the host itself where it has none."""
    from courlan import extract_domain

    return extract_domain(f"https://{host}/") or host


def site_of(url: str, path: str) -> str:
    """Return the site key: the registrable domain of the URL, or `folder:` and the folder of the path.

    >>> site_of("https://news.bbc.co.uk/1.html", "a/b.html"), site_of("", "a/b.html"), site_of("", "b.html")
    ('bbc.co.uk', 'folder:a', 'folder:.')
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if host:
        return site_of_host(host)
    return "folder:" + (path.rpartition("/")[0] or ".")


def is_folder_site(site: str) -> bool:
    """Return whether a site key stands for a mere folder, whose pages may come from anywhere."""
    return site.startswith("folder:")
