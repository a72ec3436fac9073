"""The hostile corpus as a batch: no traceback, no hang, no input lost, memory and time within the limits."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.corpus import write

ROOT = Path(__file__).resolve().parent.parent.parent
GIB = 1 << 30
PAGE_SECONDS = 3


class Done:
    """The corpus, and what a run made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts = write(folder / "in")
        (folder / "c.toml").write_text(f"[limits]\npage_seconds = {PAGE_SECONDS}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pipeline.cli", "run", "in", "-o", "out", "--config", "c.toml", "--jobs", "2"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=1_500, check=False)
        self.code, self.said, self.printed = done.returncode, done.stderr.decode("utf-8", "replace"), done.stdout
        self.peak_bytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        self.pages = self._rows("pages.jsonl")
        self.rejects = self._rows("rejects.jsonl")

    def _rows(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "out" / name).read_text("utf-8").splitlines()]

    def reason(self, path: str) -> str:
        """Return why an input was rejected; "" if it was not."""
        return next((row["reason"] for row in self.rejects if row["path"] == path), "")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    return Done(tmp_path_factory.mktemp("hostile"))


def test_the_corpus_is_large_and_varied(done: Done) -> None:
    assert sum(done.counts.values()) >= 150
    assert len(done.counts) >= 6
    assert min(done.counts.values()) >= 15


def test_the_run_ends_without_a_traceback(done: Done) -> None:
    assert done.code in (0, 1), done.said[-2_000:]
    assert "Traceback" not in done.said
    assert done.printed == b""


def test_no_page_fails_by_an_error_of_ours(done: Done) -> None:
    failed = {row["path"]: row["detail"] for row in done.rejects if row["reason"] in ("error", "crashed")}
    assert failed == {}


def test_every_input_is_cleaned_or_rejected(done: Done) -> None:
    inputs: set[str] = set()
    for folder, folders, files in os.walk(done.folder / "in"):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in [*files, *links]:
            if name.startswith("."):
                continue  # dot-files are no inputs
            path = os.path.relpath(os.path.join(folder, name), done.folder / "in")
            inputs.add(os.fsencode(path).decode("utf-8", "backslashreplace"))
    ended = {row["file_path"] for row in done.pages} | {row["path"] for row in done.rejects}
    assert ended == inputs
    run = json.loads((done.folder / "out" / "run.json").read_text("utf-8"))
    assert run["counts"]["inputs"] == len(done.pages) + len(done.rejects) == run["counts"]["cleaned"] + run["counts"]["rejected"]


def test_every_record_is_cleaned_or_rejected(done: Done) -> None:
    ended = Counter(row["file_path"] for row in done.pages) + Counter(row["path"] for row in done.rejects)
    expected = {
        "lines.jsonl": 50,
        "lines.jsonl.gz": 20,
        "same-id.jsonl": 20,
        "odd-fields.jsonl": 13,
        "deep.jsonl": 2,
        "wide.jsonl": 2,
    }
    assert {name: ended[f"containers/{name}"] for name in expected} == expected
    ids = [row["id"] for row in done.pages]
    assert len(set(ids)) == len(ids)
    assert all(row["id"] for row in done.rejects)


def test_memory_stays_below_a_gibibyte(done: Done) -> None:
    assert done.peak_bytes <= GIB


def test_neighbours_of_hostile_records_are_cleaned(done: Done) -> None:
    cleaned = Counter(row["file_path"] for row in done.pages)
    assert cleaned["containers/lines.jsonl"] == 50
    assert cleaned["containers/deep.jsonl"] == 1
    assert cleaned["containers/wide.jsonl"] >= 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("files/pipe.txt", "not-a-file"),
        ("files/socket.txt", "not-a-file"),
        ("files/device.txt", "not-a-file"),
        ("files/folder.txt", "not-a-file"),
        ("files/loop-a.txt", "unreadable"),
        ("files/dangling.txt", "unreadable"),
        ("files/sparse.txt", "too-large"),
        ("files/empty.txt", "empty"),
        ("containers/bomb.gz", "gzip-bomb"),
        ("containers/cut.html.gz", "damaged-gzip"),
        ("html/script-only.html", ""),
    ],
)
def test_reasons(path: str, reason: str, done: Done) -> None:
    assert done.reason(path) == reason


def test_names_of_outputs_are_safe(done: Done) -> None:
    root = (done.folder / "out" / "text").resolve()
    for path in root.rglob("*"):
        name = os.fsencode(path.name)
        assert path.resolve().is_relative_to(root)
        assert len(name) <= 255
        assert not any(byte < 32 or byte == 127 for byte in name)


def test_nothing_of_the_system_got_in(done: Done) -> None:
    assert not any("root:" in row["text"] for row in done.pages)


def test_nothing_that_a_terminal_obeys_is_printed(done: Done) -> None:
    assert "\x1b" not in done.said
    assert "\x07" not in done.said
