"""Training of the line model: labels of dumps, and that the same pages give the same bytes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("lightgbm")
pytest.importorskip("sklearn")
pytest.importorskip("resiliparse")

from pipeline.cli.app import run_command
from pipeline.knowledge import rule_book
from pipeline.learned.lines import from_bytes
from pipeline.train.text_data import labelled_dumps, labelled_texts, without_page_title
from pipeline.train.text_dumps import labels_of, lines_of

MENU = ("Home", "News", "Sport", "Weather", "Log in", "Contact us", "About us", "Privacy policy")


def page(number: int) -> tuple[str, str, str]:
    """Return (title, gold text, HTML) of a made page."""
    title = f"Bridge number {number} closes for the winter"
    text = [
        f"The council said on Monday that bridge {number} will be closed until the spring, because its northern pier has moved.",
        "Drivers are asked to take the road over the dam, which is twenty minutes longer but has no lights at all.",
        "The ferry runs every hour, and it takes bicycles, dogs and whatever else its passengers can carry aboard.",
    ]
    menu = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in MENU)
    body = "".join(f"<p>{line}</p>" for line in text)
    return (
        title,
        "\n".join(text),
        f"<html><body><ul>{menu}</ul><article><h1>{title}</h1>{body}</article><p>© Bridge News</p></body></html>",
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "html").mkdir()
    rows = []
    for number in range(10):
        title, gold, html = page(number)
        (folder / "html" / f"{number}.html").write_text(html, encoding="utf-8")
        rows.append({"id": str(number), "title": title, "main_content": gold, "domain": f"site{number}.example"})
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_the_same_pages_give_the_same_weights(pages: Path, tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        assert run_command(["train", "text", str(pages), "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    model = from_bytes((tmp_path / "one.npz").read_bytes(), "one.npz")
    odds, _, _ = model.read(["Home", "The ferry runs every hour."], [False, False], np.zeros((2, 2), np.float32))
    assert np.isfinite(odds).all()


def test_a_folder_without_labelled_pages_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["train", "text", str(tmp_path)]) == 2
    assert "no gold.jsonl" in capsys.readouterr().err


def test_lines_of_a_dump_are_labelled_by_the_gold() -> None:
    title, gold, _ = page(7)
    lines = ["Home", "News", title, "By Stephen Quill", *gold.split("\n"), "", "Privacy policy"]
    labels, coverage = labels_of(lines, gold, title)
    assert labels == [1, 1, -1, -1, 0, 0, 0, -1, 1]
    assert coverage == 1.0


def test_a_page_title_goes_or_leaves_the_name_of_the_site() -> None:
    title, gold, _ = page(7)
    lines = [f"{title} - News - The Bridge News", "Home", title, *gold.split("\n")]
    dumps, labels = (dict.fromkeys(("html_text", "bs4"), of_each) for of_each in (lines, [1] * 3 + [0] * 3))
    row = {"id": 1, "title": title, "dumps": dumps, "labels": labels, "coverage": dict.fromkeys(dumps, 1.0), "gold": gold}
    dump = next(dump for dump in labelled_dumps([row], rule_book()) if dump.dumper == "bs4")
    without, named = without_page_title(dump)
    assert without.lines == tuple(lines[1:])
    assert named.lines == ("The Bridge News", *lines[1:])
    assert len(without.labels) == len(without.gaps) == len(without.rules) == len(without.lines)
    assert len(named.labels) == len(named.gaps) == len(named.rules) == len(named.lines)
    assert not list(without_page_title(replace(dump, lines=(title, *lines[1:]))))


@pytest.mark.parametrize(("label", "line", "title"), [
    ("K", "Bridge closes", "Bridge closes"),
    ("M", "News > Bridge closes", ""),  # part of the line alone is the headline
    ("K", "The council said on Monday that the bridge will be closed until the spring, because its pier has moved.", ""),
])  # fmt: skip
def test_the_headline_of_a_labelled_text_is_its_first_line_that_stays(tmp_path: Path, label: str, line: str, title: str) -> None:
    (tmp_path / "0_en_a.txt").write_text(f"Home\n{line}\nDrivers take the dam.\n", encoding="utf-8")
    rows = [("1", "C", "Home"), ("2", label, line), ("3", "K", "Drivers take the dam.")]
    (tmp_path / "0_en_a.txt.labels.tsv").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    [dump] = labelled_texts(tmp_path, rule_book())
    assert dump.title == title


def test_a_headline_that_the_gold_holds_is_text() -> None:
    title, gold, _ = page(7)
    labels, _ = labels_of(["Home", title, *gold.split("\n")], f"{title}\n{gold}", title)
    assert labels == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(("text", "lines"), [
    ("a\r\n\r\n\r\n b \n", ["a", "", "b"]),
    (None, []),
    ("\n\n", []),
])  # fmt: skip
def test_lines_of_dumps(text: str | None, lines: list[str]) -> None:
    found = lines_of(text)
    assert [line for line in found if line] == [line for line in lines if line]
    assert "\n".join(found).strip("\n") == "\n".join(lines)
