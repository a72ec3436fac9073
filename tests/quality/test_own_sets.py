"""Quality on pages of our own that no model learned from, in many languages: floors a little under what was measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import clean
from pipeline.text.unicode import folded

TESTS = Path(__file__).resolve().parent.parent
SHARED = TESTS.parent.parent / "shared"


def word_f1(text: str, gold: str) -> float:
    said, wanted = Counter(text.split()), Counter(gold.split())
    both = sum((said & wanted).values())
    return 2 * both / max(1, said.total() + wanted.total())


def headlines(folder: Path) -> Sequence[tuple[str, str]]:
    rows = (line.split("\t") for line in (folder / "headlines.tsv").read_text("utf-8").splitlines())
    return [(name, headline) for name, headline in rows if headline]


def test_html_pages_in_many_languages() -> None:
    rows = [json.loads(line) for line in (TESTS / "multilingual_html" / "gold.jsonl").read_text("utf-8").splitlines()]
    f1, titles, unwanted = [], 0, 0
    for row in rows:
        page = clean((TESTS / "multilingual_html" / f"{row['id']}.html").read_bytes(), media_type="text/html")
        f1.append(word_f1(page.text, row["main_content"]))
        titles += folded(page.title) == folded(row["title"])
        unwanted += sum(snippet in page.text for snippet in row["without"])
    assert len(f1) == 30
    assert sum(f1) / len(f1) >= 0.92  # measured: .93
    assert titles >= 29
    assert unwanted <= 0.12 * sum(len(row["without"]) for row in rows)


@pytest.mark.parametrize(("folder", "share"), [("multilingual_check", 0.75), ("multilingual_unseen", 0.85)])
def test_headlines_of_dumped_pages(folder: str, share: float) -> None:
    wanted = headlines(TESTS / folder)
    found = [folded(clean((TESTS / folder / f"{name}.txt").read_text("utf-8")).title) == folded(line) for name, line in wanted]
    assert sum(found) >= share * len(found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the judge of labelled lines in ../shared is not on this machine")
@pytest.mark.parametrize(("folder", "f1", "lost"), [("multilingual_check", 0.94, 0.09), ("multilingual_unseen", 0.94, 0.09)])
def test_lines_of_dumped_pages(folder: str, f1: float, lost: float, tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(SHARED / "bench" / "score_labels.py"),
        "--json",
        str(tmp_path / "scores.json"),
        "--dir",
        str(TESTS / folder),
    ]
    command += ["--callable", "dumped:clean_text", "--path", str(TESTS / "quality")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=TESTS.parent, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((tmp_path / "scores.json").read_text("utf-8"))["ALL"]
    assert figures["f1"] >= f1
    assert figures["lost"] <= lost * figures["keep"]
