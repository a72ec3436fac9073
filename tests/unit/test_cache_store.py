"""Results on disk: there whole or not at all, and damage never taken for a result."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cache.disk import read_json, read_sealed, write_json, write_sealed
from pipeline.cache.store import Entry, Store
from pipeline.cache.table import GROUP_ROWS, Table
from pipeline.errors import DamagedEntry, EnvironmentFault
from pipeline.model import Fault, LineCount, SiteCounts, Stage

KEY = "ab" + "0" * 62
COUNTS = [SiteCounts("a.example", 3, (LineCount("home", 3), LineCount("ä", 1))), SiteCounts("b.example", 1, ())]
FAULTS = [Fault("i", "a.txt", 0, Stage.SURVEY, "empty", "")]


def _commit(store: Store, key: str = KEY, counts: list[SiteCounts] = COUNTS) -> Entry:
    return store.commit("survey", key, {"counts": Table(SiteCounts, counts), "faults": Table(Fault, FAULTS)}, (3, len(counts), 1))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def _quarantined(store: Store) -> list[Path]:
    aside = store.root / "quarantine"
    return sorted(aside.iterdir()) if aside.exists() else []


def test_what_was_committed_is_found_and_read(store: Store) -> None:
    entry = _commit(store)
    assert store.find("survey", KEY) == entry
    assert (entry.rows_in, entry.rows_out, entry.rejected) == (3, 2, 1)
    assert store.read(entry, "counts", SiteCounts) == COUNTS
    assert store.read(entry, "faults", Fault) == FAULTS
    assert store.read(entry, "counts", SiteCounts, ["site", "pages"]) == [
        SiteCounts("a.example", 3, ()),
        SiteCounts("b.example", 1, ()),
    ]
    assert not list((store.root / "attempts").iterdir())


def test_nothing_is_found_where_nothing_was_committed(store: Store) -> None:
    assert store.find("survey", KEY) is None
    assert _quarantined(store) == []
    _commit(store)
    assert store.find("chrome", KEY) is None


def test_equal_rows_have_equal_results_and_others_not(store: Store, tmp_path: Path) -> None:
    entry = _commit(store)
    assert _commit(Store(tmp_path / "other"), "cd" + KEY[2:]).result == entry.result
    assert _commit(store, "ef" + KEY[2:], COUNTS[:1]).result != entry.result


def test_rows_are_read_a_few_at_a_time_in_order(store: Store) -> None:
    many = [SiteCounts(f"site-{number}", number, ()) for number in range(2 * GROUP_ROWS + 5)]
    entry = _commit(store, counts=many)
    assert list(store.iterate(entry, "counts", SiteCounts)) == many


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["sha256", "bytes", "rows", "counts"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_FIELDS = ("stage", "key", "result", "rows_in", "rows_out", "rejected", "files", "more")


@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=3), st.sets(st.sampled_from(_FIELDS), max_size=2))
def test_a_manifest_that_states_anything_else_is_no_result(stated: dict[str, Any], lost: set[str]) -> None:
    """It is sealed, so that it is as it was written; what wrote it may have been another version."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        entry = _commit(store)
        changed = {name: value for name, value in {**asdict(entry), **stated}.items() if name not in lost}
        write_sealed(store.folder("survey", KEY) / "manifest.json", changed)
        found = store.find("survey", KEY)
        if found is None:
            assert not store.folder("survey", KEY).exists()
        else:
            assert asdict(found) == changed


@given(
    st.binary(max_size=80)
    | st.recursive(_JSON, lambda inner: st.dictionaries(st.text(max_size=4), inner)).map(json.dumps).map(str.encode)
)
def test_a_record_that_was_not_sealed_is_none(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "record.json")
        path.write_bytes(body)
        assert read_sealed(path) is None
        write_sealed(path, {"said": body.hex()})
        assert read_sealed(path) == {"said": body.hex()}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2_000_000)), max_size=40))
def test_rows_come_back_whatever_their_number_and_size(sizes: list[tuple[int, int]]) -> None:
    rows = [SiteCounts(f"{number}" + "x" * (size if large == 3 else 5), number, ()) for number, (large, size) in enumerate(sizes)]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        entry = _commit(store, counts=rows)
        assert list(store.iterate(entry, "counts", SiteCounts)) == rows
        assert [row.site for row in store.read(entry, "counts", SiteCounts, ["site"])] == [row.site for row in rows]
        assert _commit(store, "ef" + KEY[2:], rows).result == entry.result


def test_result_made_again_takes_the_place_of_the_old(store: Store) -> None:
    _commit(store)
    entry = _commit(store, counts=COUNTS[:1])
    assert store.find("survey", KEY) == entry
    assert store.read(entry, "counts", SiteCounts) == COUNTS[:1]
    assert not list((store.root / "attempts").iterdir())


@pytest.mark.parametrize("place", [0, 0.3, 0.6, 0.999])
def test_flipped_byte_is_found_when_the_table_is_read(store: Store, place: float) -> None:
    entry = _commit(store)
    file = store.folder("survey", KEY) / "counts.parquet"
    body = bytearray(file.read_bytes())
    body[int(place * len(body))] ^= 1
    file.write_bytes(body)
    for read in (lambda: store.read(entry, "counts", SiteCounts), lambda: list(store.iterate(entry, "counts", SiteCounts))):
        with pytest.raises(DamagedEntry, match=r"counts\.parquet"):
            read()
    assert store.read(entry, "faults", Fault) == FAULTS


@pytest.mark.parametrize("damage", ["truncate", "grow", "empty"])
def test_table_of_another_size_is_no_result_and_is_put_aside(store: Store, damage: str) -> None:
    entry = _commit(store)
    file = store.folder("survey", KEY) / "counts.parquet"
    body = file.read_bytes()
    file.write_bytes({"truncate": body[:-1], "grow": body + b"x", "empty": b""}[damage])
    assert store.find("survey", KEY) is None
    [aside] = _quarantined(store)
    assert (aside / "manifest.json").exists()
    assert not store.folder("survey", KEY).exists()
    assert _commit(store) == entry == store.find("survey", KEY)


@pytest.mark.parametrize("name", ["manifest.json", "counts.parquet"])
def test_result_with_a_file_missing_is_put_aside(store: Store, name: str) -> None:
    entry = _commit(store)
    (store.folder("survey", KEY) / name).unlink()
    assert store.find("survey", KEY) is None
    assert len(_quarantined(store)) == 1
    with pytest.raises(DamagedEntry):
        store.read(entry, "counts", SiteCounts)


@pytest.mark.parametrize(
    "manifest",
    ["", "{", "[]", "null", "3", '"x"', "{}", '{"stage": "survey"}', "\ud800", '{"stage": 1, "key": 2, "result": 3, "files": 4}'],
)
def test_manifest_that_is_no_manifest_is_put_aside(store: Store, manifest: str) -> None:
    _commit(store)
    (store.folder("survey", KEY) / "manifest.json").write_bytes(manifest.encode("utf-8", "surrogatepass"))
    assert store.find("survey", KEY) is None
    assert len(_quarantined(store)) == 1


@pytest.mark.parametrize(("name", "value"), [("stage", "chrome"), ("key", "0" * 64), ("result", "0" * 64), ("files", {})])
def test_manifest_of_something_else_is_put_aside(store: Store, name: str, value: object) -> None:
    _commit(store)
    file = store.folder("survey", KEY) / "manifest.json"
    write_json(file, json.loads(file.read_text()) | {name: value})
    assert store.find("survey", KEY) is None
    assert len(_quarantined(store)) == 1


def test_no_flipped_byte_of_a_manifest_raises_or_changes_what_is_found(store: Store, tmp_path: Path) -> None:
    entry = _commit(store)
    folder = store.folder("survey", KEY)
    whole = shutil.copytree(folder, tmp_path / "whole")
    body = (folder / "manifest.json").read_bytes()
    wrong = []
    for place in range(len(body)):
        flipped = bytearray(body)
        flipped[place] ^= 1
        (folder / "manifest.json").write_bytes(flipped)
        near = bytes(flipped[max(0, place - 12) : place + 8]).decode("latin-1")
        try:
            if store.find("survey", KEY) not in (None, entry):
                wrong.append(near)
        except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
            wrong.append(f"{near}: {error!r}")
        if not folder.exists():
            shutil.copytree(whole, folder)
    assert wrong == []


def test_sweep_removes_what_dead_processes_left_and_nothing_else(store: Store) -> None:
    entry = _commit(store)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    attempts = store.root / "attempts"
    for name in (f"{dead.pid}-abc", f"{dead.pid}-abc-old", f"{os.getpid()}-abc", f"{os.getppid()}-abc", "rubbish"):
        (attempts / name).mkdir()
        (attempts / name / "half.parquet").write_bytes(b"x")
    store.sweep()
    assert {path.name for path in attempts.iterdir()} == {f"{os.getpid()}-abc", f"{os.getppid()}-abc"}
    assert store.find("survey", KEY) == entry


def test_sweep_of_a_new_cache_does_nothing(store: Store) -> None:
    store.sweep()
    assert not store.root.exists()


def test_disk_that_takes_nothing_is_an_environment_fault(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        _commit(Store(tmp_path / "cache"))


def test_failed_commit_leaves_no_attempt_and_no_result(store: Store) -> None:
    store.root.mkdir()
    (store.root / "entries").write_text("in the way")
    with pytest.raises(EnvironmentFault):
        _commit(store)
    assert list((store.root / "attempts").iterdir()) == []


def test_index_is_written_and_read(store: Store) -> None:
    assert store.read_index("survey", "address") is None
    store.write_index("survey", "address", {"shards": ["ä"]})
    assert store.read_index("survey", "address") == {"shards": ["ä"]}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"3", b"\xff"])
def test_damaged_index_is_none(store: Store, content: bytes) -> None:
    store.write_index("survey", "address", {})
    (store.root / "indexes/survey/address.json").write_bytes(content)
    assert store.read_index("survey", "address") is None


def test_json_that_cannot_be_written_leaves_the_old_and_no_scraps(tmp_path: Path) -> None:
    file = tmp_path / "a/b.json"
    write_json(file, {"b": "ä\ud800", "a": 1})
    with pytest.raises(TypeError):
        write_json(file, {"c": object()})
    assert read_json(file) == {"b": "ä\ud800", "a": 1}
    assert [path.name for path in file.parent.iterdir()] == ["b.json"]
