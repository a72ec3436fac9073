"""`rules list` and `rules test`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.chrome.examples import failed_examples
from pipeline.chrome.fused import peel
from pipeline.chrome.rulebook import RuleBook, view
from pipeline.cli.printing import one_line
from pipeline.knowledge import derived_forms, load_rules
from pipeline.settings import load_settings


def list_rules(language: str, family: str, config: Path | None) -> None:
    """Print the rules, a line each, tab-separated: id, weight, scope, why."""
    settings = load_settings(config).chrome
    for rule in load_rules(settings.rule_files, settings.off):
        if language in ("", rule.language) and family in ("", rule.family):
            form = f"{rule.scope}{' +fuses' if rule.fuses else ''}"
            print("\t".join(one_line(cell) for cell in (rule.id, f"{rule.weight:g}", form, rule.because)))


def test_rules(files: Sequence[str], line: str, config: Path | None) -> int:
    """Hold rules against their examples, or one line against all rules; returns 1 if an example fails."""
    settings = load_settings(config).chrome
    rules = load_rules([*settings.rule_files, *files], settings.off)
    if line:
        return _test_line(line, RuleBook(rules, derived_forms()))
    derived = derived_forms()
    wrong = [sentence for rule in rules for sentence in failed_examples(rule, derived)]
    for sentence in wrong:
        print(one_line(sentence), file=sys.stderr)
    examples = sum(len(rule.matches) + len(rule.spares) + len(rule.cuts) for rule in rules)
    print(f"{len(rules)} rules, {examples} examples, {len(wrong)} wrong")
    return 1 if wrong else 0


def _test_line(line: str, book: RuleBook) -> int:
    for rule in book.of_line(view(line)[0]):
        print("\t".join(one_line(cell) for cell in (f"{rule.weight:+g}", rule.id, rule.because)))
    peeled = peel(line, book)
    for start, end, rule in peeled.pieces:
        print(f"cut\t{rule.id}\t{line[start:end]!r}")
    if peeled.pieces:
        print(f"rest\t{peeled.rest(line)!r}")
    return 0
