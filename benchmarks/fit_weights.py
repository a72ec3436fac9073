"""Fit the weights of the HTML witnesses (`pipeline/chrome/evidence.py`) to the labelled pages of WCXB, and score them held out.

    python benchmarks/fit_weights.py ../shared [--jobs 2]        (needs scikit-learn and rapidfuzz beside dechrome)

Features are the names of the evidence that `structure`, `opinion`, `headings` and `repeated_lines` give on a page; labels
come from `bench/align.py`. Prints the page word F1 over five domain-grouped folds, each held out in turn, for several thresholds,
then the table fitted to all pages.
"""

import argparse
import gzip
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from pipeline.chrome import _gather
from pipeline.chrome.evidence import WEIGHTS
from pipeline.chrome.headings import find_headline
from pipeline.chrome.structure import LOOKS, PLACES
from pipeline.errors import Reject
from pipeline.model import Media, Page, SiteTemplate
from pipeline.segment import segment
from pipeline.settings import ChromeSettings, SegmentSettings
from pipeline.text.words import word_count

LEARNT = ("look.", "place.", "opinion.")
for rule in (*(place.rule for place in PLACES), *LOOKS):
    WEIGHTS.setdefault(rule, 0.0)  # one that was added and has no weight yet


def rows_of(job):
    """One page: its id, block texts, names of the evidence on each, and labels (1 chrome, 0 keep, -1 not judged)."""
    from align import align

    shared, gold = job
    body = gzip.decompress((shared / "data" / "wcxb" / "html" / f"{gold['id']}.html.gz").read_bytes())
    try:
        document = segment(Page(gold["id"], gold["id"], body, Media.HTML), SegmentSettings())
    except Reject:
        return gold["id"], [], [], [], -1
    headline = find_headline(document, frozenset())
    names = [set() for _ in document.blocks]
    for seen in _gather(document, SiteTemplate("", 0, ()), headline, frozenset(), ChromeSettings()):
        names[seen.block].add(seen.rule)
    texts = [block.text for block in document.blocks]
    labels = align(
        [text.replace("\n", " ") for text in texts], gold["main_content"], gold["title"], gold["author"], gold["date"]
    )[0]
    return gold["id"], texts, names, labels, headline.block


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    sys.path.insert(0, str(args.shared.resolve() / "bench"))
    from scores import word_prf

    with gzip.open(args.shared / "data" / "wcxb" / "gold.jsonl.gz", "rt") as file:
        gold = {row["id"]: row for row in map(json.loads, file)}
    with ProcessPoolExecutor(args.jobs) as pool:
        pages = list(pool.map(rows_of, [(args.shared.resolve(), row) for row in gold.values()], chunksize=16))

    learnt = sorted({name for page in pages for names in page[2] for name in names if name.startswith(LEARNT)})
    column = {name: i for i, name in enumerate(learnt)}
    x, y, weight, fold, page_of, gone = [], [], [], [], [], []
    for number, (page_id, texts, names, labels, headline) in enumerate(pages):
        raw = np.array([word_count(text) ** 0.8 + 0.3 for text in texts])
        for index in range(len(texts)):
            row = np.zeros(len(learnt), np.float32)
            row[[column[name] for name in names[index] if name in column]] = 1
            x.append(row)
            y.append(labels[index])
            weight.append(raw[index] / raw.sum() ** 0.5)
            fold.append(gold[page_id]["fold"])
            page_of.append(number)
            gone.append(index == headline or any(name.startswith("heading.") for name in names[index]))
    x, y, weight, fold, page_of, gone = map(np.array, (x, y, weight, fold, page_of, gone))
    judged = y >= 0
    held_out = np.zeros(len(y))
    for number in np.unique(fold):
        train = (fold != number) & judged
        model = LogisticRegression(max_iter=500).fit(x[train], y[train], sample_weight=weight[train])
        held_out[fold == number] = model.decision_function(x[fold == number])
    bounds = np.searchsorted(page_of, np.arange(len(pages) + 1))
    for threshold in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        scores = {"all": []}
        for number, (page_id, texts, *_) in enumerate(pages):
            lo, hi = bounds[number], bounds[number + 1]
            kept = (held_out[lo:hi] <= threshold) & ~gone[lo:hi]
            f1 = word_prf("\n".join(t for t, k in zip(texts, kept, strict=True) if k), gold[page_id]["main_content"])[0]
            for key in ("all", gold[page_id]["page_type"]):
                scores.setdefault(key, []).append(f1)
        print(f"threshold {threshold}: " + "  ".join(f"{key} {np.mean(values):.4f}" for key, values in scores.items()))
    model = LogisticRegression(max_iter=500).fit(x[judged], y[judged], sample_weight=weight[judged])
    print(f"\nintercept {model.intercept_[0]:.2f}")
    for name, value in zip(learnt, model.coef_[0], strict=True):
        print(f'    "{name}": {value:.2f},  # {int(x[:, column[name]].sum())} blocks')


if __name__ == "__main__":
    main()
