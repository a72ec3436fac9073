"""Lines that a site's pages share: strong evidence on a site, a mere hint in a folder."""

from __future__ import annotations

import pytest

from pipeline.chrome.templates import template_lines
from pipeline.model import Evidence, SiteTemplate, TemplateLine
from pipeline.text.unicode import folded

from .builders import BRIDGE, text_document

LINES = ["Home", "Harbour Gazette", BRIDGE, "Only here"]


def _seen(site: str, *shared: str) -> list[Evidence]:
    template = SiteTemplate(site, 8, tuple(TemplateLine(folded(line), 8) for line in shared))
    return list(template_lines(text_document("\n".join(LINES)).blocks, template))


def test_shared_lines_are_evidence_and_others_are_not() -> None:
    assert [seen.block for seen in _seen("example.org", "»  HOME", "harbour gazette!")] == [0, 1]
    assert _seen("example.org") == []
    assert _seen("example.org", "Home page") == []


def test_a_shared_sentence_weighs_more_for_prose_speaks_against_it() -> None:
    line, sentence = _seen("example.org", "Home", BRIDGE)
    assert sentence.weight > line.weight > 1


@pytest.mark.parametrize("site", ["folder:.", "folder:news/2025"])
def test_a_folder_alone_never_decides(site: str) -> None:
    assert all(0 < seen.weight < 1 for seen in _seen(site, "Home", BRIDGE))
