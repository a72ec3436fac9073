"""`sites show` prints a site's template with its counts, and `explain --run` shows it at work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli.app import run_command
from tests.templates.made_sites import CHROME, PLANS, make_site

PLAN = PLANS[0]
PAGES = make_site(PLAN, 12)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites")
    rows = (json.dumps({"id": page.url, "url": page.url, "text": page.as_text()}) for page in PAGES)
    (folder / "pages.jsonl").write_text("\n".join(rows), encoding="utf-8")
    places = ["-o", str(folder / "out"), "--cache", str(folder / "cache"), "--name", "made", "--jobs", "1"]
    assert run_command(["run", str(folder / "pages.jsonl"), *places]) == 0
    (folder / "page.txt").write_text(PAGES[3].as_text(), encoding="utf-8")
    return folder / "cache"


def _printed(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> list[str]:
    assert run_command(arguments) == 0
    return capfdbinary.readouterr().out.decode("utf-8").splitlines()


def test_a_site_is_shown_with_the_pages_that_carry_each_line(cache: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    title, *rows = _printed(capfdbinary, "sites", "show", PLAN.name, "--run", "made", "--cache", str(cache))
    assert title.startswith(f"{PLAN.name}: 12 pages")
    counts = {line: (pages, share) for pages, share, line in (row.split("\t") for row in rows)}
    menu = next(line.text for line in PAGES[0].lines if all(line in page.lines for page in PAGES))
    assert counts[menu.casefold()] == ("12+", "88%")
    assert any(line.endswith("0  (0: any number)") for line in counts)
    every = _printed(capfdbinary, "sites", "show", PLAN.name, "--all", "--run", "made", "--cache", str(cache))
    assert len(every) > len(rows) + 1
    assert any(row.split("\t")[1] == "few" for row in every[1:])


def test_without_a_site_the_sites_are_listed(cache: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    [row] = _printed(capfdbinary, "sites", "show", "--cache", str(cache))
    assert row.startswith("12+ pages\t")
    assert row.endswith(f"\t{PLAN.name}")


def test_a_site_that_the_run_does_not_know_is_named_with_its_likeness(
    cache: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run_command(["sites", "show", "gazete.example", "--cache", str(cache)]) == 2
    assert f"did you mean '{PLAN.name}'?" in capfdbinary.readouterr().err.decode("utf-8")


def test_no_escape_of_a_page_is_printed(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = (
        json.dumps({"url": f"https://\x1b]0;x.example/{n}", "text": f"Home \x1b[31mred\x07\x9b31m\n\nIt rained {n} times today."})
        for n in range(6)
    )
    (tmp_path / "pages.jsonl").write_text("\n".join(rows), encoding="utf-8")
    places = ["--cache", str(tmp_path / "cache"), "--name", "made", "--jobs", "1"]
    assert run_command(["run", str(tmp_path / "pages.jsonl"), "-o", str(tmp_path / "out"), "--max-reject", "1", *places]) == 0
    listed = _printed(capfdbinary, "sites", "show", "--cache", str(tmp_path / "cache"))
    site = listed[0].split("\t")[-1]
    shown = _printed(capfdbinary, "sites", "show", site, "--all", "--cache", str(tmp_path / "cache"))
    assert any("red" in row for row in shown)
    assert all(char.isprintable() or char == "\t" for row in [*listed, *shown] for char in row)


def test_explain_shows_the_template_at_work(cache: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    page = str(cache.parent / "page.txt")
    url = ["--url", PAGES[3].url]
    alone = _printed(capfdbinary, "explain", page, *url)
    assert not [line for line in alone if "site.template-line" in line]
    with_run = _printed(capfdbinary, "explain", page, *url, "--run", "made", "--cache", str(cache))
    chrome = sum(line.label == CHROME for line in PAGES[3].lines)
    assert len([line for line in with_run if line.endswith("site.template-line")]) >= chrome - 2
