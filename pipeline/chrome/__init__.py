"""Chrome: blocks → evidence → verdicts. Witnesses say what they see; `judge` alone decides."""

from __future__ import annotations

from pipeline.chrome.html import find_html_chrome
from pipeline.chrome.rulebook import RuleBook
from pipeline.chrome.text import find_text_chrome
from pipeline.model import Document, Judgement, Media, SiteTemplate
from pipeline.settings import ChromeSettings

DISTRIBUTIONS = ("google-re2", "pyahocorasick", "trafilatura", "lxml_html_clean", "ftfy", "numpy")


def find_chrome(document: Document, template: SiteTemplate, book: RuleBook, settings: ChromeSettings) -> Judgement:
    """Return the verdict on every block of a page, with all that was seen."""
    find = find_html_chrome if document.media is Media.HTML else find_text_chrome
    return find(document, template, book, settings)
