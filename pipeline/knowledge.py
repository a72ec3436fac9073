"""Reads the tables that stages are handed, the rules in the package and the user's own, and says what judgements depend on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from pipeline.chrome.examples import failed_examples
from pipeline.chrome.rulebook import Rule, RuleBook, check_unique, parse_rules
from pipeline.chrome.sieve import Form, forms_of
from pipeline.errors import RuleError, SettingsError, UsageError
from pipeline.learned.lines import line_model
from pipeline.learned.main_text import block_model
from pipeline.settings import ChromeSettings

_FORMS = "forms.json"  # beside the tables, written by `make forms`


def load_rules(rule_files: Sequence[str] = (), off: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the package's rules and those of `rule_files`, without the ids in `off`; raises RuleError for a wrong table.

    A rule file's folder is its language and its name the family, as in the package; a table of the package is loaded once.
    """
    rules: list[Rule] = []
    tables = _package_tables()
    own = {Path(table.path).resolve() for table in tables} if rule_files else set()
    for table in tables:
        rules += _parsed(Path(table.path).read_text(encoding="utf-8"), table.name, table.language, table.family)
    for name in rule_files:
        path = Path(name)
        try:
            if path.resolve() in own:
                continue
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise RuleError(f"{path}: rule file cannot be read ({error})") from None
        added = parse_rules(text, name=name, language=path.absolute().parent.name, family=path.stem)
        for rule in added:  # the package's own are checked by its tests; a user's are checked when they are loaded
            for sentence in failed_examples(rule):
                raise RuleError(f"{path}: {sentence}")
        rules += added
    check_unique(rules)
    unknown = set(off) - {rule.id for rule in rules}
    if unknown:
        raise RuleError(f"chrome.off: no rule has the id {sorted(unknown)[0]!r}; `dechrome rules list` shows them")
    return tuple(rule for rule in rules if rule.id not in set(off))


@lru_cache(maxsize=2048)
def _parsed(text: str, name: str, language: str, family: str) -> tuple[Rule, ...]:
    """Return the rules of a table; kept, since checking a thousand patterns takes longer than what is left of a small run."""
    return tuple(parse_rules(text, name=name, language=language, family=family, good=_good_patterns()))


def rule_book(rule_files: tuple[str, ...] = (), off: tuple[str, ...] = ()) -> RuleBook:
    """Return the compiled rules; kept while the tables' bytes are the same, since compiling takes longer than a page."""
    return _compiled(rule_files, off, rules_digest(_own_digests() | _digests_of(rule_files)))


@lru_cache(maxsize=4)
def _compiled(rule_files: tuple[str, ...], off: tuple[str, ...], digest: str) -> RuleBook:  # noqa: ARG001 - a new one is new
    return RuleBook(load_rules(rule_files, off), derived_forms())


@cache
def _good_patterns() -> frozenset[str]:
    """Return the patterns of `derived_forms`: they were compiled when those were written."""
    first_value = json.JSONDecoder().raw_decode
    try:
        return frozenset(first_value(line)[0] for line in _forms_text().split("\n") if line.startswith('"'))
    except ValueError as error:
        raise _damaged(error) from None


def derived_forms() -> dict[str, list[Form]]:
    """Return the forms of the patterns of the package's rules, as `write_derived_forms` wrote them; without, they are derived."""
    try:
        return {pattern: [Form(*form) for form in forms] for pattern, forms in json.loads(_forms_text()).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> RuleError:
    return RuleError(f"{_forms_file()}: damaged ({error}); install the package again, or write the file anew by `make forms`")


def write_derived_forms() -> None:
    """Write the forms of all patterns of the package's rules, a line a pattern: deriving them takes longer than many pages."""
    patterns = sorted({rule.pattern for table in _package_tables() for rule in _checked(table)})
    lines = (f"{json.dumps(pattern, ensure_ascii=False)}: {_packed(forms_of(pattern))}" for pattern in patterns)
    _forms_file().write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _checked(table: _Table) -> list[Rule]:
    text = Path(table.path).read_text(encoding="utf-8")
    return parse_rules(text, name=table.name, language=table.language, family=table.family)


def _packed(forms: Sequence[Form]) -> str:
    return json.dumps(forms, ensure_ascii=False, separators=(",", ":"))


def _forms_text() -> str:
    try:
        return _forms_file().read_text(encoding="utf-8")
    except FileNotFoundError:
        return "{}"


def _forms_file() -> Path:
    return Path(str(resources.files("pipeline.chrome").joinpath("rules", _FORMS)))


def check_knowledge(settings: ChromeSettings) -> None:
    """Raise RuleError or SettingsError if a rule table or a weights file that the settings name cannot be used."""
    load_rules(settings.rule_files, settings.off)
    if settings.text_weights:
        line_model(settings.text_weights)
    if settings.html_weights:
        block_model(settings.html_weights)


def knowledge_digests(settings: ChromeSettings) -> dict[str, str]:
    """Return the digest of each rule table and of each weights file of the user by its name, whatever folder they lie in."""
    found = _package_digests()
    for name, digest in _digests_of(settings.rule_files).items():
        found[_unique("/".join(Path(name).absolute().parts[-2:]), found)] = digest
    for key in ("text_weights", "html_weights"):
        if weights := getattr(settings, key):
            found[key] = _digest_of(weights, SettingsError, "weights")
    return found


def _unique(name: str, taken: Container[str]) -> str:
    return name if name not in taken else _unique(f"{name}+", taken)


def rules_digest(digests: Mapping[str, str]) -> str:
    """Return one digest of all tables, made of theirs."""
    return hashlib.sha256(repr(sorted(digests.items())).encode()).hexdigest()


@cache
def _own_digests() -> dict[str, str]:
    """Return the digests of the package's tables as they were for the first page: reading them takes longer than a page."""
    return _package_digests()


def _package_digests() -> dict[str, str]:
    found = {table.name: _digest_kept(table.path, table.stamp) for table in _package_tables()}
    try:
        facts = _forms_file().stat()
    except FileNotFoundError:
        return found
    return found | {_FORMS: _digest_kept(str(_forms_file()), (facts.st_mtime_ns, facts.st_size, facts.st_ino))}


@lru_cache(maxsize=4096)
def _digest_kept(path: str, stamp: tuple[int, int, int]) -> str:  # noqa: ARG001 - a table that was written again is read again
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _digests_of(rule_files: Sequence[str]) -> dict[str, str]:
    return {name: _digest_of(name, RuleError, "rule file") for name in rule_files}


def _digest_of(name: str, error_class: type[UsageError], what: str) -> str:
    try:
        return hashlib.sha256(Path(name).read_bytes()).hexdigest()
    except (OSError, ValueError) as error:  # a NUL in a name is a ValueError
        raise error_class(f"{name}: {what} cannot be read ({error})") from None


@dataclass(frozen=True, slots=True)
class _Table:
    """A rule table of the package: its name in errors and keys, where it lies, and what tells whether it is still the same."""

    language: str
    family: str
    path: str
    stamp: tuple[int, int, int]

    @property
    def name(self) -> str:
        """Return the name in errors and keys."""
        return f"rules/{self.language}/{self.family}.toml"


def _package_tables() -> list[_Table]:
    """Return the tables of all languages; each shard of a batch asks, so that no more is done than look into the folders."""
    root = str(resources.files("pipeline.chrome").joinpath("rules"))
    found = []
    for folder in sorted((one for one in os.scandir(root) if one.is_dir()), key=lambda one: one.name):
        for table in sorted(os.scandir(folder.path), key=lambda one: one.name):
            if table.name.endswith(".toml"):
                facts = table.stat()
                stamp = facts.st_mtime_ns, facts.st_size, facts.st_ino
                found.append(_Table(folder.name, table.name.removesuffix(".toml"), table.path, stamp))
    return found
