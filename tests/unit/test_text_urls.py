"""Canonical URLs read from bytes, and the site a page belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.urls import canonical_url, is_folder_site, site_of

URL = "https://news.example.org/2025/bridge?a=1"


@pytest.mark.parametrize(
    "source",
    [
        f'<link rel="canonical" href="{URL}">',
        f"<link rel=canonical href={URL}>",
        f"<LINK REL='CANONICAL' HREF='{URL}'>",
        f'<link data-x="1" href="{URL}" rel="canonical" />',
        f'<meta property="og:url" content="{URL}">',
        f'<meta content="{URL}" property="og:url"/>',
        f'<title>Bücher</title>\n<link\n rel="canonical"\n href="{URL}"\n>',
        f'<meta property="og:url" content="https://other.example/"><link rel="canonical" href="{URL}">',
        f'<link rel="canonical" href="/relative"><meta property="og:url" content="{URL}">',
    ],
)
def test_canonical_url_is_found(source: str) -> None:
    assert canonical_url(f"<html><head>{source}</head>".encode()) == URL


@pytest.mark.parametrize(
    "source",
    [
        "", "<p>canonical</p>", '<link rel="canonical" href="/relative">', f'<link rel="alternate" href="{URL}"> canonical',
        f'<a rel="canonical" href="{URL}">', '<link rel="canonical" href="javascript:x">',
        f'<link rel="stylesheet" href="{URL}"><link rel="canonical">',
    ],
)  # fmt: skip
def test_no_canonical_url(source: str) -> None:
    assert canonical_url(source.encode()) == ""


@given(st.binary(max_size=200))
def test_canonical_url_reads_any_bytes(body: bytes) -> None:
    found = canonical_url(b'<link rel="canonical" href="https://' + body)
    assert found == "" or found.startswith("https://")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://news.bbc.co.uk/1.html", "bbc.co.uk"),
        ("http://www.Example.ORG:8080/a", "example.org"),
        ("https://user:word@a.b.example.org/", "example.org"),
        ("https://example.org", "example.org"),
        ("https://192.0.2.7/x", "192.0.2.7"),
        ("http://localhost:8000/", "localhost"),
    ],
)
def test_site_is_the_registrable_domain(url: str, site: str) -> None:
    assert site_of(url, "folder/page.html") == site
    assert not is_folder_site(site_of(url, "folder/page.html"))


@pytest.mark.parametrize("url", ["", "not a url", "/relative/path", "http://[broken", "mailto:jane@example.org"])
@pytest.mark.parametrize(("path", "site"), [("a/b/c.html", "folder:a/b"), ("c.html", "folder:."), ("", "folder:.")])
def test_site_without_a_host_is_the_folder(url: str, path: str, site: str) -> None:
    assert site_of(url, path) == site
    assert is_folder_site(site)
