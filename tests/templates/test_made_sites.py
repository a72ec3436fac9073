"""Unknown chrome goes by site template alone, repeated content stays, and order, shards and processes change nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.chrome import find_chrome
from pipeline.chrome.rulebook import RuleBook
from pipeline.cli.app import run_command
from pipeline.ingest import ingest
from pipeline.model import Action, Document, RawItem, SiteTemplate
from pipeline.segment import segment
from pipeline.settings import ChromeSettings, IngestSettings, SegmentSettings, SurveySettings
from pipeline.survey import count_lines, merge_counts, template_of

from .made_sites import CHROME, PLANS, MadePage, Plan, make_site, write

NO_RULES = RuleBook(())


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    lost: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0


def _document(page: MadePage, as_html: bool) -> Document:
    body = (page.as_html() if as_html else page.as_text()).encode()
    item = RawItem(page.name, body, url=page.url, is_unicode=True, is_html=as_html)
    return segment(ingest(item, IngestSettings()), SegmentSettings())


def _template(documents: Sequence[Document]) -> SiteTemplate:
    [counts] = merge_counts(count_lines(documents))
    return template_of(counts, SurveySettings())


def _score(pages: Sequence[MadePage], as_html: bool) -> Score:
    documents = [_document(page, as_html) for page in pages]
    template = _template(documents)
    hits = misses = 0
    lost, left = [], []
    for page, document in zip(pages, documents, strict=True):
        verdicts = find_chrome(document, template, NO_RULES, ChromeSettings(second_opinion=False)).verdicts
        assert [block.text for block in document.blocks] == [line.text for line in page.lines]
        for line, verdict in zip(page.lines, verdicts, strict=True):
            if line.label == CHROME:
                hits += verdict.action is Action.STRIP
                misses += verdict.action is not Action.STRIP
                left += [line.text] if verdict.action is not Action.STRIP else []
            elif verdict.action is Action.STRIP:
                lost.append(line.text)
    return Score(hits / (hits + len(lost)) if hits else 0.0, hits / (hits + misses), tuple(lost), tuple(left))


@pytest.mark.parametrize("as_html", [False, True], ids=["text", "html"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_unknown_chrome_goes_and_repeated_content_stays(plan: Plan, seed: int, as_html: bool) -> None:
    score = _score(make_site(plan, 24, seed), as_html)
    assert score.lost == ()
    assert score.f1 >= 0.97, score.left[:20]


@pytest.mark.parametrize("as_html", [False, True], ids=["text", "html"])
@pytest.mark.parametrize("pages", [3, 5, 8, 60])
def test_sites_of_any_size_lose_no_content(pages: int, as_html: bool) -> None:
    for plan in PLANS:
        score = _score(make_site(plan, pages), as_html)
        assert score.lost == (), plan.name
        assert score.f1 >= (0.97 if pages >= 20 else 0.8), (plan.name, score.f1, score.left[:20])


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_templates_do_not_depend_on_order_or_shards(plan: Plan) -> None:
    documents = [_document(page, False) for page in make_site(plan, 24)]
    whole = _template(documents)
    chance = random.Random(plan.name)
    for shards in (1, 2, 5, 24):
        chance.shuffle(documents)
        size = -(-len(documents) // shards)
        counts = [row for at in range(0, len(documents), size) for row in count_lines(documents[at : at + size])]
        chance.shuffle(counts)
        [merged] = merge_counts(counts)
        assert template_of(merged, SurveySettings()) == whole


@pytest.mark.parametrize("name", ["text", "html"])
def test_outputs_do_not_depend_on_order_shards_or_processes(name: str, tmp_path: Path) -> None:
    write(tmp_path / "sites", pages=6)
    records = (tmp_path / "sites" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    outputs = []
    for run, (shard_pages, jobs) in enumerate([(500, 1), (7, 1), (3, 2)]):
        folder = tmp_path / f"run{run}"
        folder.mkdir()
        random.Random(run).shuffle(records)
        (folder / "pages.jsonl").write_text("\n".join(records) + "\n", encoding="utf-8")
        config = folder / "settings.toml"
        config.write_text(f"[ingest.shards]\nmax_pages = {shard_pages}\n[chrome]\nsecond_opinion = false\n", encoding="utf-8")
        places = ["-o", str(folder / "out"), "--cache", str(folder / "cache")]
        assert run_command(["run", str(folder / "pages.jsonl"), *places, "--config", str(config), "--jobs", str(jobs)]) == 0
        rows = [json.loads(line) for line in (folder / "out" / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
        outputs.append({row["id"]: (row["title"], row["text"]) for row in rows})
    assert len(outputs[0]) == 6 * len(PLANS)
    assert outputs[0] == outputs[1] == outputs[2]
    assert all(text for _, text in outputs[0].values())


@pytest.mark.parametrize("as_html", [False, True], ids=["text", "html"])
def test_the_same_texts_without_a_site_stay(as_html: bool) -> None:
    """A folder's pages are no site: what they share is a hint that never decides."""
    documents = [_document(page, as_html) for page in make_site(PLANS[0], 24)]
    [counts] = merge_counts(count_lines(documents))
    template = template_of(counts, SurveySettings())
    folder = SiteTemplate("folder:news", template.pages_band, template.lines)
    for document in documents:
        seen = find_chrome(document, folder, NO_RULES, ChromeSettings(second_opinion=False)).evidence
        assert all(one.weight < 1 for one in seen if one.rule.startswith("site."))
