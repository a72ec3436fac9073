"""Reads the tables that stages are handed, the rules in the package and the user's own, and says what judgements depend on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from pipeline.chrome.examples import failed_examples
from pipeline.chrome.kept import KeptTable, read, written
from pipeline.chrome.rulebook import Rule, RuleBook, check_unique, parse_rules
from pipeline.chrome.sieve import Form
from pipeline.collector import collector_paused
from pipeline.errors import RuleError, SettingsError, UsageError
from pipeline.learned.lines import line_model
from pipeline.learned.main_text import block_model
from pipeline.settings import ChromeSettings

_KEPT = "kept.json"  # beside the tables, written by `make forms`
_Stamp = tuple[int, int, int]


def load_rules(rule_files: Sequence[str] = (), off: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the package's rules and those of `rule_files`, without the ids in `off`; raises RuleError for a wrong table.

    A rule file's folder is its language and its name the family, as in the package; a table of the package is loaded once.
    """
    rules: list[Rule] = []
    tables = _package_tables()
    own = {Path(table.path).resolve() for table in tables} if rule_files else set()
    for table in tables:
        rules += _rules_of(table)
    for name in rule_files:
        path = Path(name)
        try:
            if path.resolve() in own:
                continue
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError, RuntimeError) as error:  # before Python 3.13 a loop of links is a RuntimeError
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


def _rules_of(table: _Table) -> tuple[Rule, ...]:
    """Return the rules of a table of the package: those that were kept of it, unless its text has changed since."""
    kept = _kept_tables().get(table.name)
    if kept and kept.digest == _digest_kept(table.path, table.stamp):
        return kept.rules
    return tuple(parse_rules(Path(table.path).read_text("utf-8"), name=table.name, language=table.language, family=table.family))


def rule_book(rule_files: tuple[str, ...] = (), off: tuple[str, ...] = ()) -> RuleBook:
    """Return the compiled rules; kept while the tables' bytes are the same, since compiling takes longer than a page."""
    return _compiled(rule_files, off, rules_digest(_own_digests() | _digests_of(rule_files)))


@lru_cache(maxsize=4)
def _compiled(rule_files: tuple[str, ...], off: tuple[str, ...], digest: str) -> RuleBook:  # noqa: ARG001 - a new one is new
    with collector_paused():  # hundreds of thousands of small values, and no cycle among them
        book = RuleBook(load_rules(rule_files, off), derived_forms())
    _read_tables.cache_clear()  # what it needs of them the book has
    return book


def derived_forms() -> dict[str, Sequence[Form]]:
    """Return the forms of the patterns of the package's rules as they were kept; those of others are derived."""
    return {
        rule.pattern: forms for table in _kept_tables().values() for rule, forms in zip(table.rules, table.forms, strict=True)
    }


def _kept_tables() -> Mapping[str, KeptTable]:
    """Return what was kept of the package's tables, by name; raises RuleError if it cannot be read."""
    return _read_tables(str(_kept_file()), _stamp_of(_kept_file()))


@lru_cache(maxsize=1)
def _read_tables(path: str, stamp: _Stamp | None) -> Mapping[str, KeptTable]:
    if stamp is None:
        return {}
    try:
        return read(Path(path).read_text(encoding="utf-8"))
    except (ValueError, TypeError, AttributeError) as error:
        cure = "install the package again, or write the file anew by `make forms`"
        raise RuleError(f"{path}: damaged ({error}); {cure}") from None


def keep_tables() -> None:
    """Write what the package's tables hold, and what is derived from their patterns, beside them."""
    tables = []
    for table in _package_tables():
        text = Path(table.path).read_bytes()
        rules = parse_rules(text.decode("utf-8"), name=table.name, language=table.language, family=table.family)
        tables.append((table.name, hashlib.sha256(text).hexdigest(), rules))
    beside = _kept_file().with_suffix(".new")
    beside.write_text(written(tables), encoding="utf-8")
    beside.replace(_kept_file())


def _kept_file() -> Path:
    return Path(str(resources.files("pipeline.chrome").joinpath("rules", _KEPT)))


def _stamp_of(path: Path) -> _Stamp | None:
    """Return what tells whether a file is still the same; None if there is none."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino


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
    stamp = _stamp_of(_kept_file())
    return found | {_KEPT: _digest_kept(str(_kept_file()), stamp)} if stamp else found


@lru_cache(maxsize=4096)
def _digest_kept(path: str, stamp: _Stamp) -> str:  # noqa: ARG001 - a table that was written again is read again
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
    stamp: _Stamp

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
