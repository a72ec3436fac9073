"""What runs again and what does not: the promises of `docs/debugging.md`, on real runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.batch.batch import Batch
from pipeline.batch.request import Request
from pipeline.batch.runs import batch_of, read_record, request_of
from pipeline.batch.why import why
from pipeline.cli.running import rerun_stage, run_batch
from pipeline.errors import SettingsError
from pipeline.model import Stage

ROOT = Path(__file__).resolve().parent.parent.parent
STAGES = [stage for stage in Stage if stage is not Stage.PUBLISH]
Run = Callable[..., Batch]
RULE = """[[rule]]
id = "en.weather.ice"
scope = "phrase"
pattern = 'the winter of the long ice'
weight = {weight}
because = "Ticker of the weather office."
matches = ["Nobody had seen the like since the winter of the long ice."]
spares = ["It was a long winter."]
"""


def page(site: str, name: str, body: str) -> str:
    return (
        f'<html><head><link rel="canonical" href="https://{site}/{name}"><title>{name} at {site}</title></head><body>'
        f"<nav>Home | Tides | Boats</nav><h1>{name} at {site}</h1><p>{body} The harbour master wrote it down in her book, as she "
        f"did each evening.</p><p>Nobody on {site} had seen the like since the winter of the long ice.</p></body></html>"
    )


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "pages")


def write_pages(folder: Path) -> Path:
    folder.mkdir()
    for site in ("alder.example", "birch.example", "cedar.example"):
        for number in (1, 2):
            name = f"{site}-{number}.html"
            (folder / name).write_text(page(site, f"page{number}", f"It rained {number} times."), encoding="utf-8")
    return folder


def made(batch: Batch) -> dict[str, int]:
    """Return how many shards each stage made in the run; stages that made none are left out."""
    return {stage: report.made for stage, report in batch.reports.items() if report.made}


def output_bytes(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    del found["run.json"]
    return found


def reasons(run_name: str = "", stage: Stage = Stage.PUBLISH, config: str = "") -> dict[str, list[str]]:
    record = read_record(Path(".dechrome"), run_name)
    batch = batch_of(request_of(record, Path(".dechrome"), config))
    return {each: found for each, found in why(batch, record, stage) if found}


def test_a_first_run_makes_a_shard_a_site_and_a_second_run_nothing(run: Run, pages: Path) -> None:
    assert made(run(pages)) == {**dict.fromkeys(STAGES, 3), Stage.PUBLISH: 1}
    before = output_bytes(Path("out"))
    assert made(run(pages)) == {}
    assert output_bytes(Path("out")) == before


def test_a_touched_file_changes_nothing(run: Run, pages: Path) -> None:
    run(pages)
    os.utime(pages / "alder.example-1.html", (1, 1))
    assert reasons() == {}
    assert made(run(pages)) == {}


def test_moved_inputs_change_nothing_but_where_they_lie(run: Run, pages: Path, tmp_path: Path) -> None:
    run(pages)
    before = output_bytes(Path("out"))
    moved = pages.rename(tmp_path / "elsewhere")
    assert made(run(moved)) == {}
    assert output_bytes(Path("out")) == before


def test_a_page_of_a_new_site_makes_one_shard_and_no_other(run: Run, pages: Path) -> None:
    run(pages)
    (pages / "new.html").write_text(page("yew.example", "first", "The yew is old."), encoding="utf-8")
    assert reasons()[Stage.INGEST] == ["input added: new.html"]
    assert made(run(pages)) == {**dict.fromkeys(STAGES, 1), Stage.PUBLISH: 1}
    assert "new.html.txt" in os.listdir("out/text")


def test_a_changed_page_remakes_its_own_shard(run: Run, pages: Path) -> None:
    run(pages)
    changed = pages / "birch.example-2.html"
    changed.write_text(page("birch.example", "page2", "It did not rain at all."), encoding="utf-8")
    assert reasons()[Stage.INGEST] == ["input changed: birch.example-2.html"]
    assert made(run(pages)) == {**dict.fromkeys(STAGES, 1), Stage.PUBLISH: 1}
    assert "did not rain" in Path("out/text/birch.example-2.html.txt").read_text("utf-8")


def test_a_removed_page_leaves_the_outputs(run: Run, pages: Path) -> None:
    run(pages)
    (pages / "birch.example-2.html").unlink()
    run(pages)
    assert not Path("out/text/birch.example-2.html.txt").exists()
    assert len(Path("out/pages.jsonl").read_text("utf-8").splitlines()) == 5


def test_an_encoding_setting_does_not_run_chrome(run: Run, pages: Path) -> None:
    run(pages)
    Path("c.toml").write_text("[encoding]\nentities = false\n", encoding="utf-8")
    expected = reasons(config="c.toml")
    assert expected[Stage.ENCODING] == ["setting encoding.entities: True → False"]
    assert Stage.CHROME not in expected
    batch = run(pages, config="c.toml")
    assert made(batch)[Stage.ENCODING] == 3
    assert Stage.CHROME not in made(batch)
    # The bytes of the encoding stage are the same, so that the stage below takes its shards from the cache.
    assert Stage.NORMALISE not in made(batch)


def test_links_in_markdown_run_the_last_stages_alone(run: Run, pages: Path) -> None:
    for path in pages.iterdir():
        path.write_text(
            path.read_text("utf-8").replace("harbour master", '<a href="/master">harbour master</a>'), encoding="utf-8"
        )
    form = '[normalise]\nformat = "markdown"\n'
    Path("c.toml").write_text(form, encoding="utf-8")
    run(pages, config="c.toml")
    output = Path("out/text/alder.example-1.html.txt")
    plain = output.read_text("utf-8")
    Path("c.toml").write_text(f"{form}links = true\n", encoding="utf-8")
    assert reasons(config="c.toml")[Stage.NORMALISE] == ["setting normalise.links: False → True"]
    assert set(made(run(pages, config="c.toml"))) == {Stage.NORMALISE, Stage.PUBLISH}
    mark = "[harbour master](https://alder.example/master)"
    assert output.read_text("utf-8") == plain.replace("harbour master", mark)
    assert mark not in plain


def test_a_chrome_setting_runs_nothing_above_it(run: Run, pages: Path) -> None:
    run(pages)
    Path("c.toml").write_text('[chrome]\nprotect = ["^Home . Tides"]\n', encoding="utf-8")
    batch = run(pages, config="c.toml")
    assert not {Stage.INGEST, Stage.SEGMENT, Stage.SURVEY}.intersection(made(batch))
    assert made(batch)[Stage.CHROME] == 3
    assert "Home | Tides" in Path("out/text/alder.example-1.html.txt").read_text("utf-8")


def test_a_users_rule_file_is_part_of_the_key(run: Run, pages: Path) -> None:
    rules = Path("rules/en/weather.toml")
    rules.parent.mkdir(parents=True)
    rules.write_text(RULE.format(weight="9.0"), encoding="utf-8")
    Path("c.toml").write_text(f'[chrome]\nrule_files = ["{rules}"]\n', encoding="utf-8")
    run(pages, config="c.toml")
    assert "long ice" not in Path("out/text/alder.example-1.html.txt").read_text("utf-8")
    rules.write_text(RULE.format(weight="-3.0"), encoding="utf-8")
    assert reasons()[Stage.CHROME] == ["rules changed: en/weather.toml"]
    assert made(run(pages, config="c.toml"))[Stage.CHROME] == 3
    assert "long ice" in Path("out/text/alder.example-1.html.txt").read_text("utf-8")


def test_rule_files_lie_beside_the_settings_that_name_them(run: Run, pages: Path, tmp_path: Path) -> None:
    """And where both lie is in no key: moved together, they give the same results."""
    rules = Path("here/mine/en/weather.toml")
    rules.parent.mkdir(parents=True)
    rules.write_text(RULE.format(weight="9.0"), encoding="utf-8")
    Path("here/c.toml").write_text('[chrome]\nrule_files = ["mine/en/weather.toml"]\n', encoding="utf-8")
    run(pages, config="here/c.toml")
    assert "long ice" not in Path("out/text/alder.example-1.html.txt").read_text("utf-8")
    Path("here").rename("there")
    assert made(run(pages, config="there/c.toml")) == {}


def test_a_users_weights_are_part_of_the_key(run: Run, pages: Path) -> None:
    """The same name with other bytes is another model, in this process and in its workers."""
    mine, own = Path("mine.npz"), resources.files("pipeline.learned") / "weights"
    mine.write_bytes((own / "html.npz").read_bytes())
    Path("c.toml").write_text('[chrome]\nhtml_weights = "mine.npz"\n', encoding="utf-8")
    run(pages, config="c.toml")
    before = output_bytes(Path("out"))
    with np.load(mine) as found:
        arrays = {**found, "blocks.leaves": -found["blocks.leaves"]}
    np.savez(mine, **arrays)
    assert reasons()[Stage.CHROME] == ["weights changed: html_weights"]
    assert made(run(pages, config="c.toml"))[Stage.CHROME] == 3
    assert output_bytes(Path("out")) != before
    mine.write_bytes((own / "html.npz").read_bytes())
    run(pages, config="c.toml")
    assert output_bytes(Path("out")) == before
    mine.write_bytes(b"no weights")
    with pytest.raises(SettingsError, match=r"mine\.npz: no weights of the block model"):
        run(pages, config="c.toml")


@pytest.mark.parametrize("stage", STAGES)
def test_a_deleted_result_is_made_again(stage: Stage, run: Run, pages: Path) -> None:
    batch = run(pages)
    before = output_bytes(Path("out"))
    entry = batch.entries(stage)[1]
    shutil.rmtree(batch.store.folder(stage, entry.key))
    assert "missing or damaged" in str(reasons()[stage])
    assert made(run(pages)) == {stage: 1}
    assert output_bytes(Path("out")) == before


@pytest.mark.parametrize("stage", STAGES)
def test_a_result_with_a_flipped_byte_never_gets_out(stage: Stage, run: Run, pages: Path) -> None:
    batch = run(pages)
    before = output_bytes(Path("out"))
    for entry in batch.entries(stage):
        for path in batch.store.folder(stage, entry.key).glob("*.parquet"):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 0xFF
            path.write_bytes(data)
    Path("out/pages.jsonl").unlink()  # so that results are read
    Path("c.toml").write_text("[publish]\ntitle = true\n", encoding="utf-8")
    run(pages, config="c.toml")
    if stage is Stage.NORMALISE:  # what publishing reads; nothing below the others has to be made again
        assert list(Path(".dechrome/quarantine").iterdir())
    assert output_bytes(Path("out")) == before


@pytest.mark.parametrize("name", ["pages.jsonl", "rejects.jsonl", "text/cedar.example-1.html.txt"])
def test_a_deleted_or_changed_output_is_published_again(name: str, run: Run, pages: Path) -> None:
    run(pages)
    before = output_bytes(Path("out"))
    (Path("out") / name).unlink()
    assert made(run(pages)) == {Stage.PUBLISH: 1}
    assert output_bytes(Path("out")) == before
    (Path("out") / name).write_text("something else", encoding="utf-8")
    assert name in str(reasons()[Stage.PUBLISH])
    run(pages)
    assert output_bytes(Path("out")) == before


def test_a_deleted_run_json_is_written_again(run: Run, pages: Path) -> None:
    run(pages)
    Path("out/run.json").unlink()  # as an exchange of the outputs leaves it that was killed half-way
    assert made(run(pages)) == {Stage.PUBLISH: 1}
    assert json.loads(Path("out/run.json").read_text("utf-8"))["tool"] == "dechrome"


def test_rerun_makes_a_stage_again_and_nothing_above_it(run: Run, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(pages)
    before = output_bytes(Path("out"))
    assert rerun_stage("chrome", False, "", None, None, 1) == 0
    record = read_record(Path(".dechrome"))
    then = {stage: facts["report"]["made"] for stage, facts in record["stages"].items() if facts["report"]}
    assert then == {Stage.CHROME: 3}
    assert output_bytes(Path("out")) == before

    # A library that was edited in place changes no key; where the bytes differ, what is published follows.
    from pipeline.engines.shards import chrome as work

    find = work.find_chrome
    monkeypatch.setattr(work, "find_chrome", lambda *args: replace(find(*args), title="Another headline"))
    assert rerun_stage("chrome", False, "", None, None, 1) == 0
    assert Path("out/text/alder.example-1.html.txt").read_text("utf-8").startswith("Another headline\n")


def test_rerun_downstream_makes_all_below_again(run: Run, pages: Path) -> None:
    run(pages)
    assert rerun_stage("encoding", True, "", None, None, 1) == 0
    record = read_record(Path(".dechrome"))
    then = {stage: facts["report"]["made"] for stage, facts in record["stages"].items() if facts["report"]}
    assert then == {Stage.ENCODING: 3, Stage.NORMALISE: 3, Stage.PUBLISH: 1}


def test_results_do_not_depend_on_shards_order_or_processes(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outputs = []
    for number, (settings, jobs) in enumerate(
        (
            ("[ingest.shards]\nbuckets = 64\n", 1),
            ("[ingest.shards]\nbuckets = 1\nmax_pages = 1\n", 1),
            ("[ingest.shards]\nbuckets = 2\n", 2),
        )
    ):
        Path("c.toml").write_text(settings, encoding="utf-8")
        request = Request((str(pages),), f"out{number}", "c.toml", cache=f"cache{number}", jobs=jobs)
        monkeypatch.setattr("pipeline.engines.local._SMALL_BYTES", 0)
        assert run_batch(request) == 0
        outputs.append(output_bytes(Path(f"out{number}")))
    assert outputs[0] == outputs[1] == outputs[2]


def edited_copy(folder: Path) -> None:
    """Copy the sources to a place where a test may edit them."""
    for package in ("pipeline", "tasks"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))


def dechrome(folder: Path, *arguments: str) -> str:
    """Run the sources in `folder`, there; returns what is printed."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "source")}
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with sources that tests may edit, pages, and a run of them; each test leaves a run of its own edit."""
    folder = tmp_path_factory.mktemp("edited")
    edited_copy(folder / "source")
    write_pages(folder / "pages")
    dechrome(folder, "run", "pages", "-o", "out", "--jobs", "1")
    return folder


@pytest.mark.parametrize(
    ("module", "first"),
    [
        ("chrome/judge.py", "chrome"),
        ("chrome/rules/en/account.toml", "chrome"),
        ("encoding/__init__.py", "encoding"),
        ("text/mojibake.py", "survey"),  # survey, chrome and encoding use it; nothing above survey does
        ("segment/plain.py", "segment"),
    ],
)
def test_edited_code_or_rules_run_their_stage_and_what_follows(module: str, first: str, edited: Path) -> None:
    with (edited / "source" / "pipeline" / module).open("a", encoding="utf-8") as file:
        file.write("\n# a remark\n")
    said = dechrome(edited, "why", "publish")
    assert next(line for line in said.splitlines() if line.endswith("would run")) == f"{first}: would run"
    assert module.split("/")[-1 if "rules" in module else 0].removesuffix(".toml") in said
    dechrome(edited, "run", "pages", "-o", "out", "--jobs", "1")
    record: dict[str, Any] = json.loads((edited / ".dechrome/runs/out.json").read_text("utf-8"))
    ran = [stage for stage in Stage if (report := record["stages"][stage]["report"]) and report["made"]]
    assert ran[0] == first
