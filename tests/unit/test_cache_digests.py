"""What a result depends on: every module its code imports, and every library behind it."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cache import digests
from pipeline.cache.digests import digest, digest_of_file, digest_of_module, sources_of, versions_of

_JSON = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3))


@given(st.dictionaries(st.text(max_size=5), _JSON, max_size=5))
def test_digest_does_not_depend_on_the_order_of_keys(value: dict[str, object]) -> None:
    assert digest(value) == digest(dict(reversed(value.items())))
    assert digest(value) != digest({**value, "one key more than any": 1})


@pytest.mark.parametrize(
    ("one", "other"), [([1, 2], [2, 1]), ("1", 1), (True, "true"), ({"a": None}, {}), ([[]], []), ("é", "e\u0301")]
)
def test_different_values_have_different_digests(one: object, other: object) -> None:
    assert digest(one) != digest(other)


def test_digest_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    for name, body in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        (tmp_path / name).write_bytes(body)
    assert digest_of_file(tmp_path / "a") == digest_of_file(tmp_path / "b") != digest_of_file(tmp_path / "c")
    with pytest.raises(OSError, match="gone"):
        digest_of_file(tmp_path / "gone")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small package in the place of `pipeline`: stage → text.words → deep (in a function) → model, back to stage."""
    modules = {
        "__init__": "", "model": "", "unused": "", "text/__init__": "", "text/words": "def f():\n    from pipeline.deep import x\n",
        "deep": "import pipeline.model\nimport json\n", "stage/__init__": "from pipeline.text import words\n", "stage/inner/__init__": "",
        "stage/inner/part": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pipeline.typed import T\n", "typed": "import pipeline.stage\n",
    }  # fmt: skip
    for name, source in modules.items():
        (tmp_path / f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.setattr(digests, "_ROOT", tmp_path)
    return tmp_path


def test_sources_are_the_package_and_all_it_imports(package: Path) -> None:
    assert set(sources_of("pipeline.stage")) == {
        "pipeline.stage", "pipeline.stage.inner", "pipeline.stage.inner.part", "pipeline.text", "pipeline.text.words", "pipeline.deep",
        "pipeline.model", "pipeline.typed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("edited", "changes"), [("model", True), ("text/words", True), ("stage/inner/part", True), ("unused", False)]
)
def test_edit_anywhere_below_changes_the_sources(package: Path, edited: str, changes: bool) -> None:
    before = sources_of("pipeline.stage")
    with (package / f"{edited}.py").open("a") as file:
        file.write("# edited\n")
    assert (sources_of("pipeline.stage") != before) is changes


def test_sources_of_a_real_stage_reach_the_text_library_and_no_other_stage() -> None:
    found = sources_of("pipeline.segment")
    assert {"pipeline.segment.html", "pipeline.text.charsets", "pipeline.model", "pipeline.settings"} <= set(found)
    assert not any(name.startswith(("pipeline.chrome", "pipeline.cli", "pipeline.batch")) for name in found)
    assert "pipeline.text.words" in sources_of("pipeline.survey") or "pipeline.text.unicode" in sources_of("pipeline.survey")
    assert found["pipeline.model"] == digest_of_module("pipeline.model")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_versions_follow_requirements_and_optional_ones_that_are_installed() -> None:
    found = versions_of(["lxml_html_clean"])
    assert found["lxml-html-clean"] == version("lxml_html_clean")
    assert {"python", "unicode-data"} <= set(found)
    for optional in ("lxml", "html5lib"):
        assert found.get(optional) == _version(optional)
    assert "lxml" in found


def test_versions_know_a_name_however_it_is_spelt_and_pass_over_the_unknown() -> None:
    assert versions_of(["Charset_Normalizer"]) == versions_of(["charset-normalizer", "no-such-distribution"])
    assert versions_of([])["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
