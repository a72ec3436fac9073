"""Inputs that change under the run, rejects that are run again alone, and pages that are explained with their run's templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.batch import scan
from pipeline.batch.batch import Batch
from pipeline.batch.request import Request
from pipeline.batch.runs import forget_batches, read_record
from pipeline.cli.one_page import explain_file
from pipeline.cli.running import rerun_stage, run_batch
from pipeline.engines.shards import ingest as ingest_shard
from pipeline.errors import UsageError
from pipeline.model import Stage
from tests.chain.crashing import first_inputs

Run = Callable[..., Batch]


def rows(name: str, out: str = "out") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(out, name).read_text("utf-8").splitlines()]


def again(out: str = "out", **options: Any) -> int:
    forget_batches()
    return run_batch(Request(("in",), out, jobs=1, max_reject=1.0, **options))


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    first_inputs(tmp_path)
    return tmp_path / "in"


@pytest.mark.parametrize("change", ["written", "gone"])
def test_a_file_that_changes_after_the_scan_costs_itself_alone(
    change: str, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = inputs / "birch.example-1.html"
    before = victim.read_bytes()
    read_items = ingest_shard.read_items

    def changing(*arguments: Any) -> Any:
        victim.unlink(missing_ok=True)
        if change == "written":
            victim.write_bytes(before + b"more")
        return read_items(*arguments)

    monkeypatch.setattr(ingest_shard, "read_items", changing)
    assert again() == 0
    lost = [row for row in rows("rejects.jsonl") if row["path"] == victim.name]
    assert [(row["reason"], row["stage"]) for row in lost] == [("changed-while-read", "ingest")]
    assert len(rows("pages.jsonl")) == 9
    monkeypatch.undo()
    monkeypatch.chdir(inputs.parent)
    victim.write_bytes(before)  # the bytes of the first try: what was rejected then is not taken for its result
    assert again() == 0
    assert len(rows("pages.jsonl")) == 10
    assert not [row for row in rows("rejects.jsonl") if row["path"] == victim.name]


def test_a_file_that_changes_during_the_scan_costs_itself_alone(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = inputs / "cedar.example-1.html"
    look = scan._look

    def changing(*arguments: Any) -> Any:
        victim.write_bytes(victim.read_bytes() + b"more")
        return look(*arguments)

    monkeypatch.setattr(scan, "_look", changing)
    assert again() == 0
    assert ("changed-while-read", victim.name) in {(row["reason"], row["path"]) for row in rows("rejects.jsonl")}
    monkeypatch.setattr(scan, "_look", look)
    assert again() == 0
    assert len(rows("pages.jsonl")) == 10


def test_rejects_are_run_again_alone(inputs: Path) -> None:
    assert again(name="first") == 0
    rejected = {(row["path"], row["record"]): row["id"] for row in rows("rejects.jsonl")}
    assert set(rejected) == {("blank.txt", 0), ("records.jsonl", 5)}
    (inputs / "blank.txt").write_text(
        "A headline to read\n\nThere is text in it now, and enough to be a page.\n", encoding="utf-8"
    )
    assert again("fixed", rejects_of="first") == 0
    assert [row["file_path"] for row in rows("pages.jsonl", "fixed")] == ["blank.txt"]
    assert [row["id"] for row in rows("pages.jsonl", "fixed")] == [rejected["blank.txt", 0]]
    assert [(row["path"], row["record"]) for row in rows("rejects.jsonl", "fixed")] == [("records.jsonl", 5)]


def test_no_rejects_is_nothing_to_run_again(inputs: Path) -> None:
    (inputs / "blank.txt").unlink()
    (inputs / "records.jsonl").unlink()
    assert again(name="good") == 0
    with pytest.raises(UsageError, match="rejected nothing"):
        again("fixed", rejects_of="good")


def test_rerun_goes_no_further_than_the_run(inputs: Path) -> None:
    assert run_batch(Request(("in",), "out", jobs=1), Stage.SEGMENT) == 0
    assert read_record(Path(".dechrome"))["to"] == "segment"
    assert rerun_stage("ingest", False, "", None, None, 1) == 0
    assert not Path("out/pages.jsonl").exists()


def test_a_page_without_a_url_is_explained_with_the_template_of_its_folder(
    inputs: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = inputs / "news" / "today"
    folder.mkdir(parents=True)
    for number in range(5):
        text = (
            f"The tide table of the harbour, kept by hand\n\nA story of its own, number {number}, that is told at some length.\n"
        )
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    assert again() == 0
    capfdbinary.readouterr()
    explain_file(str(folder / "1.txt"), "", "out", 0, True, None, None)
    said = capfdbinary.readouterr().out.decode()
    assert "site folder:news/today" in said
    assert "template" in said


def test_a_record_is_explained(inputs: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    explain_file("in/records.jsonl", "", "", 3, False, None, None)
    assert "number 2" in capfdbinary.readouterr().out.decode()
    with pytest.raises(UsageError, match="holds no record 99"):
        explain_file("in/records.jsonl", "", "", 99, False, None, None)
