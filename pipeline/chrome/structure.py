"""Witness: where a block of an HTML page stands (tags and class words above it) and how it looks (links, length, sentences)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.chrome.evidence import WEIGHTS, of_block
from pipeline.model import Block, Evidence, Kind
from pipeline.text.words import ends_sentence, is_prose, word_count


@dataclass(frozen=True, slots=True)
class Place:
    """Tags or class words that tell what the part of a page below them is for."""

    rule: str
    family: str
    tags: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()


def _place(rule: str, family: str, tags: str = "", marks: str = "") -> Place:
    return Place(f"place.{rule}", family, frozenset(tags.split()), frozenset(marks.split()))


PLACES = (
    _place("navigation", "navigation", "nav menu", "nav navbar navigation menu megamenu submenu sidenav navbox pagination toc"),
    _place("breadcrumb", "breadcrumb", marks="breadcrumb breadcrumbs crumb crumbs"),
    _place("footer", "footer", "footer", "footer colophon copyright contentinfo"),
    _place("header", "header", "header", "masthead topbar banner"),
    _place("aside", "sidebar", "aside", "sidebar rail aside complementary widget widgets"),
    _place("consent", "consent", marks="cookie cookies consent gdpr onetrust cmp"),
    _place("comment", "comment", marks="comment comments commentlist respond disqus"),
    _place("share", "share", marks="share sharing social addtoany sharedaddy socials"),
    _place("related", "related", marks="related recommended recommendations trending popular teaser teasers promo latest"),
    _place("newsletter", "newsletter", marks="newsletter subscribe subscription signup optin mailchimp"),
    _place("account", "account", marks="login signin register account modal popup dialog overlay cart"),
    _place("advertisement", "advertisement", marks="ad ads advert advertisement advertising sponsor sponsored outbrain taboola"),
    _place("author", "author", marks="author bio byline authors"),
    _place("tags", "tags", marks="tags tagcloud taglist topics keywords"),
    _place("meta", "meta", marks="tag category categories meta metadata postmeta"),
    _place("form", "form", "form fieldset", "form search"),
    _place("main", "content", "article main", "article content entry articlebody main"),
    _place("body-text", "content", marks="articlebody storybody entrycontent prose richtext markdown"),
    _place("list", "list", "ul ol"),
    _place("cards", "list", marks="card cards grid carousel slider swiper slide tile tiles"),
    _place("description", "content", marks="description desc details product specifications specs overview features"),
    _place("post", "content", marks="post message thread topic answer question"),
)  # fmt: skip


def structure(block: Block) -> Iterator[Evidence]:
    """Return what a block's place and looks say."""
    tags, marks = set(block.path.split("/")), set(block.marks.split())
    for place in PLACES:
        if not place.tags.isdisjoint(tags) or not place.marks.isdisjoint(marks):
            yield of_block(block, place.rule, place.family, WEIGHTS[place.rule])
    for rule in _looks(block):
        yield of_block(block, rule, LOOKS[rule], WEIGHTS[rule])


LOOKS = {
    "look.hidden": "hidden",
    "look.links": "links",
    "look.some-links": "links",
    "look.caption": "caption",
    "look.form": "form",
    "look.heading": "content",
    "look.code": "content",
    "look.row": "content",
    "look.prose": "content",
    "look.sentence": "content",
    "look.one-word": "short",
    "look.few-words": "short",
}


def _looks(block: Block) -> list[str]:
    """Return the names of the looks that a block has."""
    count = word_count(block.text)
    looks = {
        "look.hidden": block.hidden,
        "look.links": block.link_share > 0.6,
        "look.some-links": 0.25 < block.link_share <= 0.6,
        "look.caption": block.kind is Kind.CAPTION,
        "look.form": block.kind is Kind.FORM,
        "look.heading": block.kind is Kind.HEADING,
        "look.code": block.kind is Kind.CODE,
        "look.row": block.kind is Kind.ROW,
        "look.prose": is_prose(block.text),
        "look.sentence": count >= 4 and ends_sentence(block.text),
        "look.one-word": count <= 1,
        "look.few-words": 2 <= count <= 4,
    }
    return [name for name, holds in looks.items() if holds]
