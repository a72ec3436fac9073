"""Witness: lines that pages of the same site share, whatever their language and wording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.chrome.evidence import of_block
from pipeline.model import Block, Evidence, SiteTemplate
from pipeline.text.unicode import folded
from pipeline.text.urls import is_folder_site
from pipeline.text.words import is_prose

_LINE_WEIGHT = 3.0
_PROSE_WEIGHT = 5.0  # a whole sentence on page after page is a slogan or a disclaimer; the weight of prose stands against it
_PROSE_SHARE = 0.6
_FOLDER_WEIGHT = 0.4  # a folder is no site: a hint that never decides alone


def template_lines(blocks: Sequence[Block], template: SiteTemplate) -> Iterator[Evidence]:
    """Return evidence against blocks that are lines of the site's template."""
    shared = {line.line: line.band for line in template.lines}
    if not shared:
        return
    for block in blocks:
        if folded(block.text) in shared:
            weight = _PROSE_WEIGHT if is_prose(block.text) else _LINE_WEIGHT
            yield of_block(
                block,
                "site.template-line",
                "site-template",
                _FOLDER_WEIGHT if is_folder_site(template.site) else weight,
            )
