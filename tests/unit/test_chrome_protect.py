"""What a user says of his own pages holds in every path: rules of his own, and lines that are never removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.chain import Steps, clean_item
from pipeline.errors import RuleError
from pipeline.model import RawItem, SiteTemplate, TemplateLine
from pipeline.settings import ChromeSettings, Settings
from pipeline.text.unicode import folded

from .builders import BRIDGE, FERRY, PUPILS

TABLE = """
[[rule]]
id = "en.forum.karma"
pattern = 'karma points? given by .{2,40}'
weight = 5.0
because = "Our forum's own counter."
matches = ["Karma points given by Tom"]
spares = ["Karma is a word."]
fuses = true
"""
TEXT = f"Home\nOld bridge closes\n\n{BRIDGE}\n\nRead more\n\n{PUPILS} Read more\n\n{FERRY}\n\nShare on Facebook\n"
HTML = (
    "<html><body><nav><ul><li><a href='/'>Home</a></li></ul></nav><main><h1>Old bridge closes</h1>"
    f"<p>{BRIDGE}</p><p><a href='/x'>Read more</a></p><p>{PUPILS}<br>Read more</p><p>{FERRY}</p></main>"
    "<footer><p>Share on Facebook</p></footer></body></html>"
)


def _clean(source: str, template: SiteTemplate | None = None, **chrome: object) -> Steps:
    item = RawItem("page", source.encode(), url="https://example.org/a", is_unicode=True)
    settings = Settings(chrome=ChromeSettings(second_opinion=False, **chrome))  # type: ignore[arg-type]
    return clean_item(item, settings, template)


@pytest.mark.parametrize("source", [TEXT, HTML], ids=["text", "html"])
@pytest.mark.parametrize("pattern", ["read more", "^Read more$", "(?i)^READ MORE", "more$"])
def test_protected_lines_stay_whole_inside_a_block_and_at_its_end(source: str, pattern: str) -> None:
    assert _clean(source).clean.text.count("Read more") == 0
    assert _clean(source, protect=(pattern,)).clean.text.count("Read more") == 2


@pytest.mark.parametrize("source", [TEXT, HTML], ids=["text", "html"])
def test_everything_else_goes_as_before(source: str) -> None:
    assert "Share on Facebook" not in _clean(source, protect=("^read more$",)).clean.text
    assert _clean(source, protect=("nothing of this",)).clean == _clean(source).clean


@pytest.mark.parametrize("source", [TEXT, HTML], ids=["text", "html"])
def test_protected_lines_of_the_sites_template_stay(source: str) -> None:
    shared = ("Home", "Share on Facebook")
    template = SiteTemplate("example.org", 20, tuple(TemplateLine(folded(line), 16) for line in shared))
    assert "Home" not in _clean(source, template).clean.text
    protected = _clean(source, template, protect=("^home$", "^share on facebook$")).clean.text
    assert "Home" in protected
    assert "Share on Facebook" in protected


@pytest.mark.parametrize("line", ["Karma points given by Tom", f"{FERRY} | Karma points given by Tom"])
@pytest.mark.parametrize("as_html", [False, True], ids=["text", "html"])
def test_rules_of_the_users_own_are_asked_in_every_path(line: str, as_html: bool, tmp_path: Path) -> None:
    table = tmp_path / "en" / "forum.toml"
    table.parent.mkdir()
    table.write_text(TABLE, encoding="utf-8")
    lines = ["Old bridge closes", BRIDGE, line, PUPILS]
    source = (
        "<html><body><main>" + "".join(f"<p>{one}</p>" for one in lines) + "</main></body></html>"
        if as_html
        else "\n\n".join(lines)
    )
    assert "Karma" in _clean(source).clean.text
    steps = _clean(source, rule_files=(str(table),))
    assert "Karma" not in steps.clean.text
    assert (FERRY in steps.clean.text) is (FERRY in line)
    assert "en.forum.karma" in {span.rule for span in steps.judgement.removed}
    assert "Karma" in _clean(source, rule_files=(str(table),), off=("en.forum.karma",)).clean.text
    assert "Karma" in _clean(source, rule_files=(str(table),), protect=("^karma",)).clean.text


def test_a_pattern_that_cannot_be_read_is_named() -> None:
    with pytest.raises(RuleError, match="chrome.protect: bad pattern"):
        _clean(TEXT, protect=("(",))
