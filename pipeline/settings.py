"""Every setting with its default, as frozen values; a settings file may state any of them and nothing else.

A stage is handed its own section and can read no other, so that a changed setting reruns the stages that know it.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run reads and writes. `{date}` in `inputs` and `output` stands for the run's date."""

    inputs: tuple[str, ...] = ()
    output: str = ""
    cache: str = ".dechrome"
    name: str = ""
    jobs: int = 0  # 0: one process a core
    max_reject: float = 0.05


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What one page may take in one stage before it is rejected; 0: no limit. They are in no key: a larger limit reruns the
    shards with pages that went over the smaller one, and no other."""

    page_seconds: float = 30.0
    page_memory_bytes: int = 600_000_000


@dataclass(frozen=True, slots=True)
class JsonlSettings:
    """The names of the fields of a JSON Lines record; the first of `html` and `text` that is there is the page."""

    id: str = "id"
    url: str = "url"
    html: str = "html"
    text: str = "text"
    media_type: str = "media_type"
    added: str = "added"


@dataclass(frozen=True, slots=True)
class ShardSettings:
    """How a batch is cut: sites share `buckets` shards by their hash, so that a new site touches one shard alone.

    A shard over `max_pages` pages or `max_bytes` bytes is split again.
    """

    buckets: int = 64
    max_pages: int = 500
    max_bytes: int = 64_000_000


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Caps on one input, and which files are left out (glob patterns on the path below the input's root)."""

    exclude: tuple[str, ...] = ()
    max_bytes: int = 50_000_000
    max_ratio: float = 200.0
    max_records: int = 10_000_000
    max_file_bytes: int = 100_000_000_000
    jsonl: JsonlSettings = field(default_factory=JsonlSettings)
    shards: ShardSettings = field(default_factory=ShardSettings)


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """How a page is read. Tags nested deeper than `max_depth` are passed over, their text is not.

    A page with more than `max_tags` tags, or a text with a line over `max_line_chars`, is rejected. `drop` and `keep` list CSS
    selectors: elements of an HTML page that are taken out before anything looks at it, and those that alone are looked at.
    """

    max_depth: int = 2000
    max_tags: int = 2_000_000
    max_line_chars: int = 20_000_000
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """When a line counts as part of a site's template: on so many pages at least, and on that share of the site's pages."""

    min_pages: int = 3
    min_share: float = 0.3


@dataclass(frozen=True, slots=True)
class ChromeSettings:
    """How chrome is judged. A block goes when the sum of its evidence exceeds `threshold` (natural log of the odds).

    `mode` moves the threshold: `precision` removes more where the evidence is even, `recall` keeps more.
    `protect` lists regular expressions (RE2) for lines that are never removed; `off` lists rules that are not asked.
    """

    threshold: float = 0.0
    mode: str = "balanced"
    protect: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    rule_files: tuple[str, ...] = ()
    second_opinion: bool = True
    learned: bool = True
    text_weights: str = ""  # a file that `dechrome train text` wrote; "": the weights of the package
    html_weights: str = ""  # a file that `dechrome train html` wrote; "": the weights of the package


@dataclass(frozen=True, slots=True)
class EncodingSettings:
    """Which repairs are made. Quotes, dashes and ligatures stay as the author set them unless asked for otherwise."""

    mojibake: bool = True
    entities: bool = True
    controls: bool = True
    straighten_quotes: bool = False
    straighten_dashes: bool = False
    expand_ligatures: bool = False


@dataclass(frozen=True, slots=True)
class NormaliseSettings:
    """The form of the text: `format` is `text` or `markdown`, which has the addresses of links if `links` asks for them.

    `comments` puts what readers wrote into a field of its own.
    """

    format: str = "text"
    links: bool = False
    source: str = ""
    comments: bool = False


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """What is written: names of sinks, and whether text files print the headline first."""

    sinks: tuple[str, ...] = ("jsonl", "text")
    title: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, a section a stage."""

    run: RunSettings = field(default_factory=RunSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    ingest: IngestSettings = field(default_factory=IngestSettings)
    segment: SegmentSettings = field(default_factory=SegmentSettings)
    survey: SurveySettings = field(default_factory=SurveySettings)
    chrome: ChromeSettings = field(default_factory=ChromeSettings)
    encoding: EncodingSettings = field(default_factory=EncodingSettings)
    normalise: NormaliseSettings = field(default_factory=NormaliseSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)


_CHOICES = {
    "chrome.mode": ("precision", "balanced", "recall"),
    "normalise.format": ("text", "markdown"),
}
_SELECTORS = ("segment.drop", "segment.keep")
_RANGES = {
    "run.max_reject": (0.0, 1.0),
    "run.jobs": (0, 1024),
    "limits.page_seconds": (0.0, 1e6),
    "limits.page_memory_bytes": (0, 2**50),
    "ingest.max_bytes": (1, 2**31),
    "ingest.max_ratio": (1.0, 1e9),
    "ingest.max_records": (1, 2**40),
    "ingest.max_file_bytes": (1, 2**50),
    "ingest.shards.buckets": (1, 65_536),
    "ingest.shards.max_pages": (1, 10_000_000),
    "ingest.shards.max_bytes": (1, 2**40),
    "segment.max_depth": (100, 20_000),
    "segment.max_tags": (1, 2**40),
    "segment.max_line_chars": (1, 2**40),
    "survey.min_pages": (2, 10_000_000),
    "survey.min_share": (0.0, 1.0),
}
CHROME_FILES = ("rule_files", "text_weights", "html_weights")  # settings that name files of the user
_SHIFTS = {"precision": -1.0, "balanced": 0.0, "recall": 1.0}


def chrome_asked(no_model: bool, mode: str) -> dict[str, Any]:
    """Return the settings `[chrome]` that the options of a command stand for; "" for no mode."""
    return ({"learned": False} if no_model else {}) | ({"mode": mode} if mode else {})


def cut_of(chrome: ChromeSettings) -> float:
    """Return the log odds from which on a block goes: the threshold, moved by the mode."""
    return chrome.threshold + _SHIFTS[chrome.mode]


def load_settings(path: Path | None, overrides: dict[str, dict[str, Any]] | None = None) -> Settings:
    """Return the settings of a TOML file, `overrides` (section → key → value) laid over them; no path: the defaults.

    Raises SettingsError, naming the file, the key and the nearest known key, for anything that is not a setting.
    """
    table: dict[str, Any] = {}
    where = "settings"
    if path is not None:
        where = str(path)
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError(f"{path}: no such settings file") from None
        except IsADirectoryError:
            raise SettingsError(f"{path}: a folder; name the TOML file inside it") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read ({error})") from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: not valid TOML: {error}") from None
        _settle_files(table, path.parent)
    for section, values in (overrides or {}).items():
        stated = table.get(section, {})
        table[section] = {**stated, **values} if isinstance(stated, dict) else stated  # the file's error is told below
    return settings_from(table, where)


def _settle_files(table: dict[str, Any], folder: Path) -> None:
    """Let the files that a settings file names by a relative path be those beside it, wherever the command is started."""
    chrome = table.get("chrome")
    if not isinstance(chrome, dict):
        return
    for key in CHROME_FILES:
        named = chrome.get(key)
        if isinstance(named, str) and named:
            chrome[key] = str(folder / named)
        elif isinstance(named, list):
            chrome[key] = [str(folder / one) if isinstance(one, str) else one for one in named]


def settings_from(table: dict[str, Any], where: str) -> Settings:
    """Return the settings that a table states; `where` names its origin in errors. Raises SettingsError."""
    settings = _build(Settings, table, where, "")
    assert isinstance(settings, Settings)
    return settings


def as_table(settings: Any) -> dict[str, Any]:
    """Return a settings object as plain dicts, lists and scalars, in the order of its fields."""
    table: dict[str, Any] = dataclasses.asdict(settings)
    return table


def _build(kind: type[Any], table: Any, where: str, prefix: str) -> Any:
    """Return an object of the settings class `kind` made from `table`; `prefix` is the dotted name so far."""
    if not isinstance(table, dict):
        raise SettingsError(f"{where}: [{prefix}] must be a table of settings, not {table!r}")
    hints = typing.get_type_hints(kind)
    values = {}
    for key, value in table.items():
        name = f"{prefix}.{key}" if prefix else key
        if key not in hints:
            raise SettingsError(f"{where}: unknown setting '{name}'{_nearest(key, kind, prefix)}")
        values[key] = _value(hints[key], value, where, name)
    return kind(**values)


def _nearest(key: str, kind: type[Any], prefix: str) -> str:
    """Return a hint at the known key that resembles `key` most: of its own section first, else of any."""
    own = [field.name for field in dataclasses.fields(kind)]
    close = difflib.get_close_matches(key, own, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{f'{prefix}.' if prefix else ''}{close[0]}'?"
    everywhere = list(_names(Settings, ""))
    close = [name for name in everywhere if name.rpartition(".")[2] == key]
    close = close or difflib.get_close_matches(f"{prefix}.{key}".strip("."), everywhere, n=1, cutoff=0.0)
    return f"; did you mean '{close[0]}'?" if close else ""


def _names(kind: type[Any], prefix: str) -> typing.Iterator[str]:
    for name, hint in typing.get_type_hints(kind).items():
        if dataclasses.is_dataclass(hint):
            assert isinstance(hint, type)
            yield from _names(hint, f"{prefix}{name}.")
        else:
            yield prefix + name


def _value(hint: Any, value: Any, where: str, name: str) -> Any:
    """Return `value` as the type `hint`, or raise SettingsError with the type that was expected."""
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        return _build(hint, value, where, name)
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise SettingsError(f"{where}: '{name}' must be a list of strings, not {value!r}")
        if value and name in _SELECTORS:
            _check_selectors(value, where, name)
        return tuple(value)
    assert not isinstance(hint, types.UnionType)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise SettingsError(f"{where}: '{name}' must be {_article(hint)}, not {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise SettingsError(f"{where}: '{name}' must be a number, not {value!r}")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise SettingsError(f"{where}: '{name}' must be one of {', '.join(_CHOICES[name])}, not {value!r}")
    if name in _RANGES and not _RANGES[name][0] <= value <= _RANGES[name][1]:
        low, high = _RANGES[name]
        raise SettingsError(f"{where}: '{name}' must lie between {low} and {high}, not {value!r}")
    return value


def _check_selectors(selectors: typing.Iterable[str], where: str, name: str) -> None:
    import soupsieve  # seldom asked for, and slow to import

    for selector in selectors:
        try:
            soupsieve.compile(selector)
        except soupsieve.SelectorSyntaxError as error:
            what = str(error).partition("\n")[0].rstrip(".")
            raise SettingsError(f"{where}: '{name}': {selector!r} is no CSS selector ({what})") from None


def _article(hint: type[Any]) -> str:
    return {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}[hint]
