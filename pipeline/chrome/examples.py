"""A rule's own examples are its test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.chrome.fused import peel
from pipeline.chrome.rulebook import Rule, RuleBook, view
from pipeline.chrome.sieve import NOTHING_DERIVED, Form


def failed_examples(rule: Rule, derived: Mapping[str, Sequence[Form]] = NOTHING_DERIVED) -> list[str]:
    """Return a sentence for each example of its own that a rule gets wrong; `derived` may hold the forms of its pattern."""
    book = RuleBook((rule,), derived)
    missed = [line for line in rule.matches if not book.of_line(view(line)[0])]
    caught = [line for line in rule.spares if book.of_line(view(line)[0])]
    wrong = [f"{rule.id} misses its own example {line!r}; widen the pattern or move it to 'spares'" for line in missed]
    wrong += [f"{rule.id} matches {line!r}, which it promises to spare; narrow the pattern" for line in caught]
    for line, rest in rule.cuts:
        left = peel(line, book).rest(line)
        if left != rest:
            wrong.append(f"{rule.id} leaves {left!r} of {line!r}, not {rest!r}")
    return wrong
