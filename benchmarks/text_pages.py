r"""Quality on dumps of labelled pages, each judged by the line model that was fitted without its fold, in one table.

    python ../shared/bench/dump_text.py dumps.jsonl.gz
    dechrome train text ../shared/data/wcxb tests/multilingual tests/multilingual_held tests/multilingual_train \
        --out weights/lines.npz --folds
    python benchmarks/text_pages.py ../shared dumps.jsonl.gz weights [--fold N] [--every N] [--no-model]

Page word F1, chrome and keep F1 are those of `score_text.py`. Besides: how often the title is the page's headline where the dump
holds it as a line, and what is lost of clean text (the gold itself as input).
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from pipeline.chrome import find_chrome
from pipeline.collector import collector_paused
from pipeline.knowledge import rule_book
from pipeline.model import Action, Document, Facts, Media, SiteTemplate
from pipeline.segment.plain import blocks_of_text
from pipeline.settings import ChromeSettings
from pipeline.text.unicode import folded

LIGHT = ("bs4_article", "resiliparse_main")
HELD, HALF = 0.7, 0.5


def judged(lines, book, settings):
    """Lines → the judgement, and for each line whether it leaves the text."""
    text = "\n".join(lines)
    blocks = tuple(blocks_of_text(text))
    document = Document("", "", 0, "", "", Media.TEXT, "", "", "", 0.0, "", Facts(), text, "", blocks)
    judgement = find_chrome(document, SiteTemplate("", 0, ()), book, settings)
    verdicts = iter(judgement.verdicts)
    return judgement, [bool(line.strip()) and next(verdicts).action is not Action.KEEP for line in lines]


def lost_words(gold, text):
    """The gold, what is left of it → words of the gold, words lost."""
    said, want = Counter(text.split()), Counter(gold.split())
    return sum(want.values()), sum((want - said).values())


def rest(lines, dropped):
    return "\n".join(line for line, drop in zip(lines, dropped, strict=True) if not drop)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("dumps", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--no-model", action="store_true")
    args = parser.parse_args()
    sys.path.insert(0, str(args.shared.resolve() / "bench"))
    from scores import line_counts, prf, word_prf

    book = rule_book()
    f1, clean, halved = defaultdict(list), defaultdict(lambda: [0, 0]), []
    counts = defaultdict(lambda: {"chrome": [0] * 3, "keep": [0] * 3})
    titles = defaultdict(list)
    seconds = lines_read = 0
    with gzip.open(args.dumps, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if args.fold is None or row["fold"] == args.fold][:: args.every]
    for row in rows:
        path = args.weights / f"lines-fold{row['fold']}.npz"
        settings = ChromeSettings(learned=False) if args.no_model else ChromeSettings(text_weights=str(path))
        scopes = ("all", row["page_type"])
        wanted = folded(row["title"])
        for dumper, lines in row["dumps"].items():
            if not any(line.strip() for line in lines):
                continue
            at = time.process_time()
            with collector_paused():  # as in the chain and in a batch
                judgement, dropped = judged(lines, book, settings)
            seconds += time.process_time() - at
            lines_read += sum(map(bool, lines))
            held, kind = row["coverage"][dumper] >= HELD, "light" if dumper in LIGHT else "full"
            for scope in scopes:
                if held or kind == "full":
                    f1[kind, scope].append(word_prf(rest(lines, dropped), row["gold"])[0])
                if held:
                    for name, found in zip(("chrome", "keep"), line_counts(lines, row["labels"][dumper], dropped), strict=True):
                        counts[kind, scope][name] = [a + b for a, b in zip(counts[kind, scope][name], found, strict=True)]
            if wanted and any(folded(line) == wanted for line in lines):
                for scope in scopes:
                    titles[scope].append(folded(judgement.title) == wanted)
        gold = [line for line in row["gold"].split("\n") if line.strip()]
        if gold:
            words, lost = lost_words(row["gold"], rest(gold, judged(gold, book, settings)[1]))
            for scope in scopes:
                clean[scope] = [clean[scope][0] + words, clean[scope][1] + lost]
            if lost > HALF * words:
                halved.append(row["id"])
    print(f"{'dumps':6} {'pages':14} {'n':>6} {'page F1':>8} {'chrome F1':>10} {'keep F1':>8}")
    for kind, scope in sorted(f1):
        found = f1[kind, scope]
        chrome, keep = (prf(*counts[kind, scope][name])[2] for name in ("chrome", "keep"))
        print(f"{kind:6} {scope:14} {len(found):6} {sum(found) / len(found):8.3f} {chrome:10.3f} {keep:8.3f}")
    print(f"\n{'pages':14} {'headline found':>15} {'of':>6} {'clean words lost':>17}")
    for scope, found in sorted(titles.items(), key=lambda item: -len(item[1])):
        words, lost = clean[scope]
        print(f"{scope:14} {sum(found) / len(found):15.3f} {len(found):6} {100 * lost / max(1, words):15.2f} %")
    print(f"clean pages that lose over half: {len(halved)} {' '.join(halved)}")
    print(f"{lines_read / max(seconds, 1e-9):,.0f} lines a CPU-second")


if __name__ == "__main__":
    main()
