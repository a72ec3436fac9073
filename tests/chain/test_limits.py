"""Pages that go over a limit, in a batch as a user runs it: each ends as a reject with its reason, and its neighbours are cleaned."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MISBEHAVING = Path(__file__).resolve().parent / "misbehaving"
PROSE = "The ferry left the quay an hour late on Thursday, because the master had gone back for her spectacles."
WRONG = {"spins.txt": ("SPIN", "too-slow"), "grows.txt": ("GROW", "too-much-memory"), "dies.txt": ("DIE", "crashed")}
GOOD = ("a.txt", "h.txt", "m.txt", "z.txt")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("limits")
    (folder / "in").mkdir()
    for name in GOOD:
        (folder / "in" / name).write_text(f"A late ferry\n\n{PROSE}\n", encoding="utf-8")
    for name, (word, _) in WRONG.items():
        (folder / "in" / name).write_text(f"A late ferry\n\n{PROSE} {word}\n", encoding="utf-8")
    (folder / "c.toml").write_text("[limits]\npage_seconds = 3\npage_memory_bytes = 400_000_000\n", encoding="utf-8")
    (folder / "larger.toml").write_text("[limits]\npage_seconds = 20\n", encoding="utf-8")
    return folder


def run(
    folder: Path, config: str, out: str = "out", *more: str, misbehave: bool = False
) -> tuple[list[str], dict[str, str], str]:
    """Run in the folder; returns the pages that were cleaned, the reasons of those that were not, and what was said."""
    environment = {**os.environ, "PYTHONPATH": f"{MISBEHAVING}{os.pathsep}{ROOT}"}
    if misbehave:
        environment["DECHROME_MISBEHAVE"] = "1"
    command = [sys.executable, "-m", "pipeline.cli", "run", "in", "-o", out, "--config", config, "--max-reject", "1", *more]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300, check=False)
    said = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, said
    pages = [json.loads(line)["file_path"] for line in (folder / out / "pages.jsonl").read_text("utf-8").splitlines()]
    rejects = [json.loads(line) for line in (folder / out / "rejects.jsonl").read_text("utf-8").splitlines()]
    assert all(row["stage"] == "segment" for row in rejects)
    return pages, {row["path"]: row["reason"] for row in rejects}, said


def test_each_limit_costs_its_page_alone_and_a_cure_brings_it_back(folder: Path) -> None:
    expected = {name: reason for name, (_, reason) in WRONG.items()}
    pages, reasons, _ = run(folder, "c.toml", misbehave=True)
    assert (pages, reasons) == (sorted(GOOD), expected)
    pages, reasons, said = run(folder, "c.toml")
    assert (pages, reasons) == (sorted(GOOD), expected)  # nothing is done again under the same limits
    assert "Nothing had to be computed" in said
    pages, reasons, _ = run(folder, "larger.toml", "cured", "--rejects-of", "out")
    assert (pages, reasons) == (sorted(WRONG), {})
    pages, reasons, _ = run(folder, "larger.toml")
    assert (pages, reasons) == (sorted([*GOOD, *WRONG]), {})
    assert not list((folder / ".dechrome" / "attempts").iterdir())
