"""Training on HTML pages: what counts as main text, and that the same pages give the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli.app import run_command

from .builders import BRIDGE, FERRY, PUPILS, html_document

pytest.importorskip("rapidfuzz")
from pipeline.train.alignment import shares_of

GOLD = f"{BRIDGE}\n\nTides\n\n{PUPILS}"


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ([BRIDGE, "Tides", PUPILS], [True, True, True]),
        (["Home", BRIDGE, "Tides", PUPILS, FERRY], [False, True, True, True, False]),
        ([PUPILS, BRIDGE], [True, True]),  # out of order
        (["the river", BRIDGE], [False, True]),  # words of a paragraph by chance
        ([BRIDGE, f"{PUPILS} And then something else was said."], [True, True]),
        (["", "—", BRIDGE], [False, False, True]),
    ],
)
def test_blocks_of_the_gold_are_known(texts: list[str], kept: list[bool]) -> None:
    assert [share >= 0.6 for share in shares_of(texts, GOLD)] == kept


def test_nothing_is_in_an_empty_gold() -> None:
    assert shares_of([BRIDGE, "x"], "") == [0.0, 0.0]


def _folder(root: Path, count: int = 10) -> Path:
    (root / "html").mkdir(parents=True)
    rows = []
    for number in range(count):
        texts = [f"{text} Case {number}." for text in (BRIDGE, PUPILS, FERRY)]
        links = "".join(f"<li><a href=/{i}>Item {i}</a>" for i in range(30))
        body = f"<nav class=menu><ul>{links}</ul></nav><main class=post>{''.join(f'<p>{text}</p>' for text in texts)}</main>"
        (root / "html" / f"{number}.html").write_text(html_document(body).html, "utf-8")
        kind = "article" if number % 2 else "service"
        rows.append(
            {"id": str(number), "url": "", "domain": f"{number}.example", "page_type": kind, "main_content": "\n".join(texts)}
        )
    (root / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return root


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    folder = _folder(tmp_path / "pages")
    for name in ("one.npz", "two.npz"):
        assert run_command(["train", "html", str(folder), "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_a_folder_without_pages_is_a_usage_error(tmp_path: Path) -> None:
    assert run_command(["train", "html", str(tmp_path)]) == 2
