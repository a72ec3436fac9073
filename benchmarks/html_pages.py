"""Quality and speed on labelled HTML pages, each judged by weights that were fitted without its fold, beside trafilatura.

    dechrome train html ../shared/data/wcxb --out weights/html.npz --folds
    python benchmarks/html_pages.py ../shared weights/html.npz [--without model,templates,…] [--speed] [--peer] [--worst 40]
        [--every N] [--seeds weights2/html.npz weights3/html.npz] [--metadata] [--templates]

`--without` takes a part away: model, templates, second-opinion, rules (the phrase tables). `--templates` surveys all pages first,
as a batch does (else templates play no part), shows the pages of sites with three pages or more apart, and cleans made sites
(`tests/templates`) with their templates and without. `--seeds` names weights that were fitted with other seeds
(`dechrome train html --seed 2`, …) and shows the mean of all.
`--peer` reads each page with `trafilatura.extract` too and says on which it is more than .2 better.
`--metadata` says how often date and author are right, by where they were found, and what htmldate (without its extensive search)
and trafilatura's metadata find on the pages on which we find none, at which price.
`--speed` runs `trafilatura.extract` (without metadata) on every fifth page, page by page beside dechrome (with metadata), in one
process.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from pipeline.chain import clean_item
from pipeline.errors import Reject
from pipeline.ingest import ingest
from pipeline.knowledge import load_rules
from pipeline.model import RawItem
from pipeline.segment import segment
from pipeline.settings import Settings
from pipeline.survey import count_lines, merge_counts, template_of

FEW_PAGES = 3  # a site of fewer has no template to speak of


def settings_for(weights, fold, without):
    path = weights.with_name(f"{weights.stem}-fold{fold}{weights.suffix}")
    chrome = replace(
        Settings().chrome,
        html_weights=str(path),
        learned="model" not in without,
        second_opinion="second-opinion" not in without,
        off=tuple(rule.id for rule in load_rules()) if "rules" in without else (),
    )
    return replace(Settings(), chrome=chrome)


def item_of(page, body):
    return RawItem(page["id"], body, url=page["url"] or "")


def site_of(item):
    return ingest(item, Settings().ingest).site


def cleaned(page, body, settings, templates):
    item = item_of(page, body)
    try:
        return clean_item(item, settings, templates.get(site_of(item)) if templates else None)
    except Reject:
        return None


def surveyed(items):
    """Return the templates of the sites that a batch of items comes from, by site."""

    def counts():
        for item in items:
            try:
                yield from count_lines([segment(ingest(item, Settings().ingest), Settings().segment)])
            except Reject:
                continue

    return {one.site: template_of(one, Settings().survey) for one in merge_counts(counts())}


def of_large_sites(pages, bodies):
    """Return the ids of the pages whose sites have some pages here."""
    sites = [site_of(item_of(page, body)) for page, body in zip(pages, bodies, strict=True)]
    counts = Counter(sites)
    return {page["id"] for page, site in zip(pages, sites, strict=True) if counts[site] >= FEW_PAGES}


def scored(pages, bodies, weights, without, word_prf, templates):
    rows = []
    for page, body in zip(pages, bodies, strict=True):
        steps = cleaned(page, body, settings_for(weights, page["fold"], without), {} if "templates" in without else templates)
        text = steps.clean.text if steps else ""
        f1, precision, recall = word_prf(text, page["main_content"])
        flat = " ".join(text.split()).lower()
        found = [
            sum(" ".join(s.split()).lower() in flat for s in page[key]) / len(page[key]) if page[key] else None
            for key in ("with", "without")
        ]
        rows.append((page, f1, precision, recall, *found, steps.judgement.page_type if steps else "none", steps))
    return rows


def averaged(runs):
    """Return rows of the same pages with the means of their measures."""
    for rows in zip(*runs, strict=True):
        means = [mean([row[k] for row in rows]) if rows[0][k] is not None else None for k in range(1, 6)]
        yield (rows[0][0], *means, *rows[0][6:])


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else 0.0


def show(name, rows, large):
    table = defaultdict(list)
    for row in rows:
        table["all"].append(row)
        table[row[0]["page_type"]].append(row)
        if row[0]["id"] in large:
            table["of large sites"].append(row)
    print(f"\n{name}\n{'kind':14} {'n':>5} {'F1':>6} {'P':>6} {'R':>6} {'with':>6} {'without':>7} {'kind right':>10}")
    for key, found in sorted(table.items(), key=lambda item: -len(item[1])):
        right = mean([float(row[6] == row[0]["page_type"]) for row in found])
        print(
            f"{key:14} {len(found):5} "
            + " ".join(f"{mean([row[k] for row in found]):6.3f}" for k in range(1, 6))
            + f"  {right:10.3f}"
        )


def show_peer(rows, bodies, word_prf):
    import trafilatura

    below, theirs = [], []
    for (page, ours, *_), body in zip(rows, bodies, strict=True):
        theirs.append(word_prf(trafilatura.extract(body) or "", page["main_content"])[0])
        if ours < theirs[-1] - 0.2:
            below.append(page["id"])
    share = 100 * len(below) / len(rows)
    print(f"\ntrafilatura.extract: F1 {mean(theirs):.3f}; more than .2 better on {share:.1f} %: {' '.join(below)}")


def show_metadata(rows):
    import htmldate
    from trafilatura.metadata import extract_metadata

    tools = {
        "date": ("htmldate", lambda html, url: htmldate.find_date(html, url=url, extensive_search=False, original_date=True)),
        "author": ("trafilatura", lambda html, url: extract_metadata(html, default_url=url, extensive=False).author),
    }
    for field, (name, ask) in tools.items():
        counts, seconds, asked = defaultdict(int), 0.0, 0
        for page, *_, steps in rows:
            if not steps or page["page_type"] not in ("article", "forum"):
                continue
            gold = (page[field] or "")[: 10 if field == "date" else None]
            ours = getattr(steps.clean, field)
            counts[_of_gold(ours, gold), steps.clean.metadata.get(f"{field}_source", "none")] += 1
            if not ours and steps.judgement.page_type in ("article", "forum"):
                at = time.process_time()
                theirs = ask(steps.document.html, page["url"])
                seconds, asked = seconds + time.process_time() - at, asked + 1
                counts[_of_gold(theirs, gold), name] += 1
        print(f"\n{field}, articles and forum pages")
        print(f"{'found in':12} {'right':>6} {'wrong':>6} {'none':>6} {'gold has none':>14} {'neither':>8}")
        for source in ("markup", "text", "none", name):
            found = [counts[kind, source] for kind in ("right", "wrong", "none", "only ours", "neither")]
            print(f"{source:12} " + " ".join(f"{count:{width}}" for count, width in zip(found, (6, 6, 6, 14, 8), strict=True)))
        print(f"{name}: asked on {asked} pages, {1000 * seconds / len(rows):.1f} CPU ms a page, spread over all")


def _of_gold(found, gold):
    """Return how a date or the names of authors compare with those of the gold."""
    if not found or not gold:
        return "neither" if not found and not gold else "none" if gold else "only ours"
    names = [found] if isinstance(found, str) else found
    fold, folds = _letters(gold), [_letters(name) for name in names]
    return "right" if any(name and (name in fold or fold in name) for name in folds) else "wrong"


def _letters(text):
    return "".join(char for char in text.lower() if char.isalnum())


def show_made_sites(word_prf):
    """Print how well the pages of made sites come out with the templates of their sites and without: words of no language."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tests.templates.made_sites import CONTENT, PLANS, make_site

    print(f"\n{'made sites':22} {'with templates':>14} {'without':>8}")
    both = []
    for plan in PLANS:
        pages = make_site(plan, 24)
        items = [RawItem(page.name, page.as_html().encode(), url=page.url, is_unicode=True, is_html=True) for page in pages]
        golds = ["\n".join(line.text for line in page.lines if line.label == CONTENT) for page in pages]
        f1 = []
        for templates in (surveyed(items), {}):
            texts = [clean_item(item, Settings(), templates.get(site_of(item))).clean for item in items]
            f1.append(mean([word_prf(f"{one.title} {one.text}", gold)[0] for one, gold in zip(texts, golds, strict=True)]))
        both.append(f1)
        print(f"{plan.name:22} {f1[0]:14.3f} {f1[1]:8.3f}")
    print(f"{'all':22} {mean([one for one, _ in both]):14.3f} {mean([one for _, one in both]):8.3f}")


def show_speed(pages, bodies, weights):
    import trafilatura

    ours = theirs = 0.0
    for number, (page, body) in enumerate(list(zip(pages, bodies, strict=True))[::5]):
        settings = settings_for(weights, page["fold"], ())
        at = time.process_time()
        cleaned(page, body, settings, {})
        between = time.process_time()
        trafilatura.extract(body)
        if number >= 5:  # the first pages pay for imports
            ours, theirs = ours + between - at, theirs + time.process_time() - between
    count = len(pages[::5]) - 5
    print(
        f"\nCPU ms a page: dechrome {1000 * ours / count:.1f}, trafilatura.extract {1000 * theirs / count:.1f}: "
        f"{theirs / ours:.1f} x as fast"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--without", default="")
    parser.add_argument("--seeds", type=Path, nargs="+", default=[])
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--templates", action="store_true")
    parser.add_argument("--metadata", action="store_true")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    sys.path.insert(0, str(args.shared.resolve() / "bench"))
    from scores import word_prf

    data = args.shared / "data" / "wcxb"
    with gzip.open(data / "gold.jsonl.gz", "rt", encoding="utf-8") as file:
        pages = [json.loads(line) for line in file][:: args.every]
    bodies = [gzip.decompress((data / "html" / f"{page['id']}.html.gz").read_bytes()) for page in pages]
    templates = surveyed(map(item_of, pages, bodies)) if args.templates else {}
    large = of_large_sites(pages, bodies) if args.templates else ()
    rows = scored(pages, bodies, args.weights, (), word_prf, templates)
    show("dechrome, held out", rows, large)
    for row in sorted(rows, key=lambda row: row[1])[: args.worst]:
        print(f"{row[0]['id']} {row[0]['page_type']:13} F1 {row[1]:.3f} P {row[2]:.3f} R {row[3]:.3f} {row[0]['url']}")
    if args.seeds:
        runs = [rows, *(scored(pages, bodies, weights, (), word_prf, templates) for weights in args.seeds)]
        show(f"mean of {len(runs)} seeds", list(averaged(runs)), large)
    for without in filter(None, args.without.split(",")):
        show(f"without {without}", scored(pages, bodies, args.weights, (without,), word_prf, templates), large)
    if args.peer:
        show_peer(rows, bodies, word_prf)
    if args.templates:
        show_made_sites(word_prf)
    if args.metadata:
        show_metadata(rows)
    if args.speed:
        show_speed(pages, bodies, args.weights)


if __name__ == "__main__":
    main()
