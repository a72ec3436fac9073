"""What a page states about itself: JSON-LD in its many forms, meta tags, links."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.model import Facts

from .builders import html_document

ARTICLE = {"@type": "NewsArticle", "headline": "Old bridge closed", "datePublished": "2025-10-16T09:05:00+02:00"}


def _facts(head: str = "", body: str = "<p>Some text of the page.</p>", url: str = "") -> Facts:
    return html_document(body, head, url=url).facts


def _ld(value: Any) -> str:
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        [{"@type": "WebSite", "name": "Harbour Gazette"}, ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Harbour Gazette"}, ARTICLE]},
        {"@graph": ARTICLE},
        [{"@graph": [ARTICLE]}],
        [None, 3, "x", ARTICLE],
        {**ARTICLE, "@type": ["Thing", "Article"]},
        {**ARTICLE, "@type": "https://schema.org/BlogPosting"},
        {**ARTICLE, "author": None, "image": [], "publisher": "x", "mainEntity": {"@type": []}},
        json.dumps(ARTICLE) + ";",
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE).replace("closed", "clo\nsed").replace("clo\nsed", "closed\n"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_json_ld_is_found_in_every_wrapping(value: Any) -> None:
    facts = _facts(_ld(value))
    assert (facts.headline, facts.date) == ("Old bridge closed", "2025-10-16")


@pytest.mark.parametrize(
    "value", ["{broken", "", "null", "[]", "3", '"x"', "[" * 5_000, '{"@type": {}}', '{"@type": "Organization", "name": "x"}']
)
def test_json_ld_that_says_nothing_hides_nothing(value: str) -> None:
    facts = _facts(_ld(value) + _ld(ARTICLE) + '<meta property="og:site_name" content="Harbour Gazette">')
    assert (facts.headline, facts.site_name) == ("Old bridge closed", "Harbour Gazette")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Jane Quill", ("Jane Quill",)),
        ("By Jane Quill", ("Jane Quill",)),
        ({"@type": "Person", "name": "Jane Quill"}, ("Jane Quill",)),
        ([{"name": "Jane Quill"}, {"name": "Bo Ash"}, {"name": "Jane Quill"}], ("Jane Quill", "Bo Ash")),
        (["Jane Quill", {"name": "Bo Ash"}, 3, None, {}], ("Jane Quill", "Bo Ash")),
        ({"name": ["Jane Quill", "Bo Ash"]}, ("Jane Quill", "Bo Ash")),
        ("Zo&eacute; &amp; Bo", ("Zoé & Bo",)),
        ("https://example.org/jane", ()),
        ("jane@example.org", ()),
        ("J" * 200, ()),
        (None, ()),
        ([], ()),
        (42, ()),
        ({"name": {"first": "Jane"}}, ()),
    ],
)
def test_forms_of_authors(author: Any, names: tuple[str, ...]) -> None:
    assert _facts(_ld({**ARTICLE, "author": author})).authors == names


def test_author_named_by_reference_is_found_in_the_graph() -> None:
    graph = [{**ARTICLE, "author": {"@id": "#jane"}}, {"@type": "Person", "@id": "#jane", "name": "Jane Quill"}]
    assert _facts(_ld({"@graph": graph})).authors == ("Jane Quill",)


@pytest.mark.parametrize(
    ("head", "body", "names"),
    [
        ('<meta name="author" content="Jane Quill">', "", ("Jane Quill",)),
        ('<meta property="article:author" content="https://example.org/jane"><meta name="byl" content="By Jane Quill">', "", ("Jane Quill",)),
        ("", '<a rel="author" href="/jane">Jane Quill</a>', ("Jane Quill",)),
        ("", '<span itemprop="author"><span itemprop="name">Jane Quill</span></span>', ("Jane Quill",)),
        ("", '<span itemprop="author">Dr <a href="/jane">Jane</a> Quill</span>', ("Dr Jane Quill",)),
        ("", '<a href="/jane">Jane Quill</a>', ()),
    ],
)  # fmt: skip
def test_authors_outside_json_ld(head: str, body: str, names: tuple[str, ...]) -> None:
    assert _facts(head, f"<p>Text {body}</p>").authors == names


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-10-16", "2025-10-16"), ("2025-10-16T09:05:00Z", "2025-10-16"), (" 2025-10-16 09:05 ", "2025-10-16"), ("20251016", "2025-10-16"),
        ("20251016T090500", "2025-10-16"), ("Published 2025-10-16", "2025-10-16"), ("2025-02-30", ""), ("2025-13-01", ""), ("2025-10", ""),
        ("soon", ""), (1_760_600_000, ""), (["2025-10-16"], ""), (None, ""), ("", ""), ("12025-10-16", ""),
    ],
)  # fmt: skip
def test_forms_of_dates(value: Any, day: str) -> None:
    assert _facts(_ld({**ARTICLE, "datePublished": value})).date == day


@pytest.mark.parametrize(
    ("head", "body", "url"),
    [
        (_ld({"@type": "Article", "dateCreated": "2025-10-16"}), "", ""),
        ('<meta property="article:published_time" content="2025-10-16T09:05">', "", ""),
        ('<META NAME="DC.date.issued" CONTENT="2025-10-16">', "", ""),
        ('<meta name="date" content="October 16, 2025">', "", ""),
        ('<meta name="published-date" content="2025-10-16">', "", ""),
        ("", '<time datetime="2025-10-16">long ago</time>', ""),
        ("", '<time datetime="on Thursday October 16, 2025 @08:00PM">long ago</time>', ""),
        ("", "", "https://example.org/2025/10/16/bridge.html"),
        ('<link rel="canonical" href="https://example.org/2025/10/16/">', "", ""),
        ('<meta name="date" content="soon"><meta name="pubdate" content="2025-10-16">', "", ""),
        (_ld({**ARTICLE, "datePublished": "2025-10-17T01:30:00Z"}), "", "https://example.org/2025/10/16/bridge"),  # in UTC
        (_ld(ARTICLE), "", "https://example.org/2024/10/16/bridge"),
    ],
)
def test_date_outside_json_ld(head: str, body: str, url: str) -> None:
    assert _facts(head, f"<p>Text {body}</p>", url).date == "2025-10-16"


@pytest.mark.parametrize(
    ("head", "url", "stated"),
    [
        ('<link rel="canonical" href="https://example.org/1">', "", "https://example.org/1"),
        ('<link rel="canonical" href="https://example.org/1">', "https://example.org/2?x=1", "https://example.org/2?x=1"),
        ('<link rel="canonical" href="/1"><meta property="og:url" content="https://example.org/2">', "", "https://example.org/2"),
        ('<meta property="og:url" content="/1">', "", ""),
        ("", "", ""),
    ],
)
def test_url_is_where_it_was_fetched_then_what_the_page_states(head: str, url: str, stated: str) -> None:
    assert _facts(head, url=url).url == stated


def test_open_graph_and_head() -> None:
    facts = _facts(
        "<title> Old  bridge &amp; ferry </title><title>Two</title>"
        '<meta property="og:title" content="Bridge"><meta property="og:type" content="Article"><meta name="description" content="d">'
        '<meta property="og:locale" content="pt_BR"><link rel="license" href="https://example.org/cc">',
        "<svg><title>icon</title></svg><p>Text of the page.</p>",
    )
    assert facts == Facts(
        title="Old bridge & ferry",
        headline="Bridge",
        language="pt_BR",
        license="https://example.org/cc",
        description="d",
        kind="article",
    )


def test_first_meta_of_a_name_counts_and_json_ld_before_it() -> None:
    metas = '<meta property="og:title" content="One"><meta property="og:title" content="Two">'
    assert _facts(metas).headline == "One"
    assert _facts(metas + _ld(ARTICLE)).headline == "Old bridge closed"


@pytest.mark.parametrize("value", ["bad \ud800 x", "a\x00b", "two\nlines"])
def test_facts_are_valid_unicode_on_one_line(value: str) -> None:
    facts = _facts(_ld({**ARTICLE, "headline": value, "author": value}))
    for text in (facts.headline, *facts.authors):
        assert text.encode("utf-8")
        assert "\n" not in text
