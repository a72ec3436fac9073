"""Settings: defaults, layers, and an error that names the cure for everything that is no setting."""

from __future__ import annotations

import dataclasses
import json
import tempfile
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError, UsageError
from pipeline.knowledge import check_knowledge, knowledge_digests
from pipeline.settings import ChromeSettings, Settings, as_table, cut_of, load_settings, settings_from

CONFIG = Path(__file__).resolve().parents[2] / "config"


def _leaves(kind: type[Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, hint in typing.get_type_hints(kind).items():
        if dataclasses.is_dataclass(hint):
            yield from _leaves(typing.cast("type[Any]", hint), (*prefix, name))
        else:
            yield (*prefix, name)


def _value(settings: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        settings = getattr(settings, name)
    return settings


def _other(names: tuple[str, ...]) -> Any:
    """Return a valid value that is not the default, as TOML would give it."""
    default = _value(Settings(), names)
    if names == ("normalise", "format"):
        return "markdown"
    if names == ("chrome", "mode"):
        return "recall"
    if isinstance(default, bool):
        return not default
    if isinstance(default, tuple):
        return ["ä", "b"]
    if isinstance(default, str):
        return f"{default}x"
    if isinstance(default, int):
        return default - 1 if default > 1 else default + 1
    return default / 2 or 0.5


def _stated(table: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        table = table.get(name) if isinstance(table, dict) else None
    return table


def _table(names: tuple[str, ...], value: Any) -> dict[str, Any]:
    for name in reversed(names):
        value = {name: value}
    return value


def test_no_file_gives_the_defaults() -> None:
    assert load_settings(None) == Settings() == settings_from({}, "nowhere")


def test_defaults_do_no_more_than_asked() -> None:
    settings = Settings()
    assert settings.encoding.straighten_quotes is False
    assert settings.chrome.protect == settings.chrome.off == settings.ingest.exclude == ()
    assert settings.publish.sinks == ("jsonl", "text")


@pytest.mark.parametrize("names", list(_leaves(Settings)), ids=".".join)
def test_every_setting_can_be_stated_and_survives_a_round_trip(names: tuple[str, ...]) -> None:
    stated = _other(names)
    settings = settings_from(_table(names, stated), "test")
    assert _value(settings, names) == (tuple(stated) if isinstance(stated, list) else stated) != _value(Settings(), names)
    assert settings_from(as_table(settings), "test") == settings
    assert settings_from(json.loads(json.dumps(as_table(settings))), "test") == settings


@pytest.mark.parametrize("file", sorted(CONFIG.glob("*.toml")), ids=lambda file: file.name)
def test_settings_files_that_come_along_load(file: Path) -> None:
    tables = {section for section, table in tomllib.loads(file.read_text(encoding="utf-8")).items() if isinstance(table, dict)}
    assert tables <= set(as_table(load_settings(file)))


def test_the_complete_file_states_every_setting_with_its_default() -> None:
    stated = tomllib.loads((CONFIG / "default.toml").read_text(encoding="utf-8"))
    assert {names for names in _leaves(Settings) if _stated(stated, names) is None} == set()
    assert load_settings(CONFIG / "default.toml") == Settings()


@pytest.mark.parametrize(
    ("table", "nearest"),
    [
        ({"chrome": {"treshold": 1.0}}, "'chrome.threshold'"),
        ({"chrom": {"threshold": 1.0}}, "'chrome'"),
        ({"jobs": 2}, "'run.jobs'"),
        ({"ingest": {"shards": {"bucket": 3}}}, "'ingest.shards.buckets'"),
        ({"ingest": {"buckets": 3}}, "'ingest.shards.buckets'"),
        ({"segment": {"mojibake": True}}, "'encoding.mojibake'"),
    ],
)
def test_unknown_setting_names_the_nearest(table: dict[str, Any], nearest: str) -> None:
    with pytest.raises(SettingsError, match="unknown setting") as error:
        settings_from(table, "my.toml")
    assert str(error.value).startswith("my.toml: ")
    assert f"did you mean {nearest}?" in str(error.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"run": {"jobs": "2"}}, ["'run.jobs'", "whole number", "'2'"]),
        ({"run": {"jobs": True}}, ["'run.jobs'", "whole number", "True"]),
        ({"run": {"jobs": 2.0}}, ["'run.jobs'", "whole number", "2.0"]),
        ({"run": {"max_reject": True}}, ["'run.max_reject'", "a number", "True"]),
        ({"encoding": {"mojibake": 1}}, ["'encoding.mojibake'", "true or false", "1"]),
        ({"run": {"inputs": "seeds"}}, ["'run.inputs'", "list of strings", "'seeds'"]),
        ({"run": {"inputs": ["a", 3]}}, ["'run.inputs'", "list of strings"]),
        ({"run": 3}, ["[run]", "table", "3"]),
        ({"ingest": {"jsonl": "text"}}, ["[ingest.jsonl]", "table", "'text'"]),
        ({"chrome": {"mode": "strict"}}, ["'chrome.mode'", "precision, balanced, recall", "'strict'"]),
        ({"normalise": {"format": "html"}}, ["'normalise.format'", "text, markdown", "'html'"]),
        ({"run": {"max_reject": 1.5}}, ["'run.max_reject'", "0.0", "1.0", "1.5"]),
        ({"run": {"jobs": -1}}, ["'run.jobs'", "0", "-1"]),
        ({"run": {"max_reject": float("nan")}}, ["'run.max_reject'", "nan"]),
        ({"chrome": {"threshold": float("nan")}}, ["'chrome.threshold'", "nan"]),
    ],
)
def test_wrong_value_is_named_with_what_was_expected(table: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(SettingsError) as error:
        settings_from(table, "my.toml")
    assert [word for word in words if word not in str(error.value)] == []


@pytest.mark.parametrize(("stated", "read"), [(1, 1.0), (0, 0.0), (0.25, 0.25)])
def test_a_whole_number_is_a_number_too(stated: float, read: float) -> None:
    found = settings_from({"run": {"max_reject": stated}}, "test").run.max_reject
    assert found == read
    assert isinstance(found, float)


def test_overrides_lie_over_the_file_and_leave_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[run]\njobs = 3\nname = "file"\n[ingest.shards]\nbuckets = 5\n', encoding="utf-8")
    settings = load_settings(file, {"run": {"name": "asked", "output": "out"}})
    assert (settings.run.name, settings.run.output, settings.run.jobs) == ("asked", "out", 3)
    assert settings.ingest.shards.buckets == 5
    assert load_settings(file).run.name == "file"


def test_overrides_do_not_hide_an_error_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("run = 3\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\[run\]"):
        load_settings(file, {"run": {"jobs": 1}})


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no such settings file"), (b"[run\n", "not valid TOML"), (b'[run]\nname = "\xff"\n', "cannot be read")],
)
def test_unreadable_file_is_a_settings_error_that_names_it(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "my.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=words) as error:
        load_settings(file)
    assert str(file) in str(error.value)


@pytest.mark.parametrize(("mode", "cut"), [("precision", -0.5), ("balanced", 0.5), ("recall", 1.5)])
def test_a_mode_moves_the_threshold(mode: str, cut: float) -> None:
    assert cut_of(settings_from({"chrome": {"threshold": 0.5, "mode": mode}}, "test").chrome) == cut


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="a folder"):
        load_settings(tmp_path)


def test_files_of_the_user_lie_beside_the_settings_that_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "there" / "my.toml"
    file.parent.mkdir()
    file.write_text(
        '[chrome]\nrule_files = ["mine/en/forum.toml", "/else/en/a.toml"]\nhtml_weights = "w.npz"\n', encoding="utf-8"
    )
    for folder in (tmp_path, file.parent):
        monkeypatch.chdir(folder)
        chrome = load_settings(file).chrome
        assert chrome.rule_files == (str(tmp_path / "there/mine/en/forum.toml"), "/else/en/a.toml")
        assert chrome.html_weights == str(tmp_path / "there/w.npz")
        assert chrome.text_weights == ""
    assert load_settings(Path("my.toml")).chrome.html_weights == "w.npz"


_NAMES = "run limits ingest segment chrome jsonl shards jobs name inputs drop keep mode threshold rule_files max_reject max_bytes".split()
_TOML = ["[run]\n", "[chrome]\n", "jobs = 1\n", "jobs = -1\n", 'name = "a"\n', "rule_files = [1]\n", 'rule_files = ["a"]\n', "[", "x", "=", '"\n',
         "threshold = nan\n", "chrome = 3\n", '[segment]\ndrop = ["<"]\n', "[chrome.x]\n", 'html_weights = ["a"]\n', "\x00"]  # fmt: skip
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=5))
def test_any_table_is_settings_or_a_settings_error(table: dict[str, Any]) -> None:
    try:
        assert isinstance(settings_from(table, "any.toml"), Settings)
    except SettingsError as error:
        assert "any.toml" in str(error)


@given(st.binary(max_size=60) | st.lists(st.sampled_from(_TOML), max_size=8).map("".join).map(str.encode))
def test_any_file_is_settings_or_a_settings_error(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "any.toml")
        file.write_bytes(body)
        try:
            assert isinstance(load_settings(file), Settings)
        except SettingsError as error:
            assert "any.toml" in str(error)


@pytest.mark.parametrize("key", ["rule_files", "text_weights", "html_weights"])
@pytest.mark.parametrize("name", ["a\0b", "/nowhere/en/a.toml", "/", "x" * 5_000])
def test_a_file_that_cannot_be_is_named(key: str, name: str) -> None:
    stated = (name,) if key == "rule_files" else name
    chrome = ChromeSettings(**{key: stated})  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="cannot be read"):
        check_knowledge(chrome)
    with pytest.raises(UsageError, match="cannot be read"):
        knowledge_digests(chrome)
