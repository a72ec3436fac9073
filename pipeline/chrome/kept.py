"""The package's rule tables as one JSON text, read in a fifth of the time that TOML takes: their rules, checked, and their forms.

A table whose text has changed since is read and checked itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.chrome.rulebook import Rule
from pipeline.chrome.sieve import Form, forms_of


@dataclass(frozen=True, slots=True)
class KeptTable:
    """What was kept of a table: the digest of its text, its rules, and the forms of the pattern of each."""

    digest: str
    rules: tuple[Rule, ...]
    forms: tuple[Sequence[Form], ...]


def written(tables: Iterable[tuple[str, str, Sequence[Rule]]]) -> str:
    """Return the JSON text of tables, each given as its name, the digest of its text and its rules: a line a table."""
    lines = (f"{_json(name)}: {_json([digest, [*map(_fields, rules)]])}" for name, digest, rules in tables)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read(text: str) -> Mapping[str, KeptTable]:
    """Return the tables of a JSON text that `written` gave, by name; raises ValueError, TypeError, … for another."""
    return {name: _table(digest, entries) for name, (digest, entries) in json.loads(text).items()}


def _table(digest: str, entries: Sequence[Sequence[Any]]) -> KeptTable:
    rules = tuple(_rule(entry) for entry in entries)
    return KeptTable(digest, rules, tuple([Form(*form) for form in entry[-1]] for entry in entries))


def _fields(rule: Rule) -> list[object]:
    own: list[object] = [rule.id, rule.scope, rule.pattern, rule.weight, rule.because, rule.matches, rule.spares, rule.fuses]
    return [*own, rule.cuts, forms_of(rule.pattern)]


def _rule(entry: Sequence[Any]) -> Rule:
    identifier, scope, pattern, weight, because, matches, spares, fuses, cuts, _ = entry
    language, family, _ = identifier.split(".", 2)
    both = tuple((line, rest) for line, rest in cuts)
    return Rule(identifier, family, language, scope, pattern, weight, because, tuple(matches), tuple(spares), fuses, both)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
