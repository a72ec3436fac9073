"""How time and memory grow: `python benchmarks/reliability_growth.py [--pages 200] [--only page|batch|cost]`.

Made-up pages (no labelled data needed). `page`: one page of 1×, 4×, 16× as many lines or blocks through each stage; growth is
the factor of the CPU time from one to the next, and 4 is linear. `batch`: a batch of 1×, 4×, 10× as many pages: CPU time
and the peak memory of any process. `cost`: the same batch with and without all that keeps it safe.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.chrome import find_chrome  # noqa: E402
from pipeline.encoding import repair  # noqa: E402
from pipeline.ingest import ingest  # noqa: E402
from pipeline.knowledge import rule_book  # noqa: E402
from pipeline.model import RawItem, SiteTemplate  # noqa: E402
from pipeline.normalise import normalise  # noqa: E402
from pipeline.segment import segment  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

WORDS = "ferry quay harbour lemon glasshouse winter library chimney tide master evening book village hall storm roof".split()
SIZES = (1, 4, 16)


def sentence(chance: random.Random) -> str:
    """Return a made-up sentence."""
    return " ".join(chance.choice(WORDS) for _ in range(chance.randrange(8, 25))).capitalize() + "."


def write_pages(folder: Path, count: int) -> None:
    """Write pages of twenty sites."""
    chance = random.Random(count)
    folder.mkdir()
    for number in range(count):
        site = f"site-{number % 20}.example"
        body = "".join(f"<p>{' '.join(sentence(chance) for _ in range(4))}</p>" for _ in range(30))
        links = "".join(f'<li><a href="/{n}">{chance.choice(WORDS)} {n}</a></li>' for n in range(40))
        head = f'<link rel="canonical" href="https://{site}/{number}"><title>Page {number}</title>'
        page = f"<html><head>{head}</head><body><ul>{links}</ul>"
        (folder / f"{number}.html").write_text(f"{page}<h1>Page {number}</h1>{body}</body></html>", encoding="utf-8")


# What a batch does without in the runs that `cost` compares with: syncs, digests of results and outputs, limits of pages and the
# messages about them. Python imports it in each process. Digests by which results are found must differ: chance gives them.
WITHOUT = """
import hashlib, os, uuid
import pipeline.batch.batch as batch, pipeline.batch.outputs as outputs
import pipeline.cache.disk as disk, pipeline.cache.store as store
import pipeline.engines.local as local, pipeline.engines.worker as worker
class NoDigest:
    def __init__(self, body=b""): self.text = uuid.uuid4().hex
    def hexdigest(self): return self.text
class NoHashes: sha256 = NoDigest
os.fsync = lambda handle: None
disk.sync = outputs.sync = lambda path: None
disk.sync_tree = outputs.sync_tree = lambda folder: None
store.hashlib = NoHashes
store.Store.checked = lambda self, entry, name: self.folder(entry.stage, entry.key) / f"{name}.parquet"
store.Store.is_whole = lambda self, entry: True
batch.digest_of_file = outputs.digest_of_file = lambda path: ""
local.LocalEngine._look_at_memory = lambda self: None
worker._PageWatch.enter = lambda self, name: None
worker._PageWatch.leave = worker._PageWatch.rest = lambda self: None
"""


def run(folder: Path, inputs: str, jobs: int = 1, bare: bool = False) -> tuple[float, float, float]:
    """Run a batch in a process of its own; returns CPU seconds, seconds, and the peak megabytes of it or one of its workers."""
    path = [str(ROOT)]
    if bare:
        (folder / "bare").mkdir(exist_ok=True)
        (folder / "bare" / "sitecustomize.py").write_text(WITHOUT, encoding="utf-8")
        path.insert(0, str(folder / "bare"))
    out = f"out-{time.monotonic_ns()}"
    command = [sys.executable, "-c", _COUNTED, "run", inputs, "-o", out, "--cache", f"{out}.cache", "-j", str(jobs)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    begun = time.monotonic()
    said = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout.split()
    seconds = time.monotonic() - begun
    assert said[0] == "0", said
    for made in (out, f"{out}.cache"):
        shutil.rmtree(folder / made)
    return float(said[1]), seconds, float(said[2])


_COUNTED = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, '-m', 'pipeline.cli', *sys.argv[1:]], stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def by_stage(body: str, name: str) -> dict[str, float]:
    """Return the CPU seconds that each stage takes for a page."""
    settings, book = Settings(), rule_book()
    seconds = {}

    def timed(stage: str, function, *arguments):  # type: ignore[no-untyped-def]
        begun = time.process_time()
        made = function(*arguments)
        seconds[stage] = time.process_time() - begun
        return made

    page = timed("ingest", ingest, RawItem(name, body.encode()), settings.ingest)
    document = timed("segment", segment, page, settings.segment)
    template = SiteTemplate(document.site, 1, ())
    judgement = timed("chrome", find_chrome, document, template, book, settings.chrome)
    repaired = timed("encoding", repair, document, judgement, settings.encoding)
    timed("normalise", normalise, document, judgement, repaired, settings.normalise)
    return seconds


def made_page(kind: str, size: int, seed: int = 0) -> tuple[str, str]:
    """Return a page of a kind with `size` thousand lines or blocks, and its name."""
    chance = random.Random(1_000 * seed + size)
    count = 1_000 * size
    if kind == "lines of prose":
        return "\n".join(sentence(chance) for _ in range(count)), "page.txt"
    if kind == "short lines":
        return "\n".join(f"{chance.choice(WORDS)} {chance.choice(WORDS)} {n}" for n in range(count)), "page.txt"
    if kind == "one long line":
        return " ".join(sentence(chance) for _ in range(count)), "page.txt"
    if kind == "paragraphs":
        return "<html><body>" + "".join(f"<p>{sentence(chance)}</p>" for _ in range(count)) + "</body></html>", "page.html"
    rows = "".join(f"<tr><td>{chance.choice(WORDS)}</td><td>{n}</td></tr>" for n in range(count))
    return f"<html><body><table>{rows}</table></body></html>", "page.html"


def main() -> None:
    """Print all figures, or those that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200, help="of the smallest batch")
    parser.add_argument("--pairs", type=int, default=5, help="runs with and without what keeps a batch safe")
    parser.add_argument("--only", choices=("page", "batch", "cost"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        if asked.only in (None, "page"):
            print_growth_of_a_page()
        if asked.only in (None, "batch"):
            print_growth_of_a_batch(Path(aside), asked.pages)
        if asked.only in (None, "cost"):
            print_cost(Path(aside), 4 * asked.pages, asked.pairs)


def print_growth_of_a_page() -> None:
    """Print how the time of each stage grows with the lines or blocks of one page, the best of three."""
    print("| one page: thousand lines or blocks | stage | CPU s at 1, 4, 16 | growth |\n|---|---|---|---|")
    for kind in ("lines of prose", "short lines", "one long line", "paragraphs", "table rows"):
        by_stage(*made_page(kind, 4, seed=9))  # what is compiled and imported once
        measured = [[by_stage(*made_page(kind, size, seed)) for seed in range(3)] for size in SIZES]
        for stage in measured[0][0]:
            seconds = [min(one[stage] for one in tries) for tries in measured]
            growth = " · ".join(f"{b / a:.1f}" if a > 0.002 else "–" for a, b in itertools.pairwise(seconds))
            print(f"| {kind} | {stage} | {' · '.join(f'{s:.3f}' for s in seconds)} | {growth} |", flush=True)


def print_growth_of_a_batch(folder: Path, pages: int) -> None:
    """Print CPU seconds and peak memory as a batch grows to its tenfold."""
    print("\n| pages | CPU s | peak MB of any process |\n|---|---|---|")
    for size in (1, 4, 10):
        write_pages(folder / f"in-{size}", pages * size)
        cpu, _, megabytes = run(folder, f"in-{size}")
        print(f"| {pages * size} | {cpu:.1f} | {megabytes:.0f} |", flush=True)


def print_cost(folder: Path, pages: int, pairs: int) -> None:
    """Print by how much CPU time and time by the clock rise with syncs, digests, limits and their messages, in pairs of runs."""
    write_pages(folder / "in", pages)
    print(f"\n| {pages} pages, two workers | CPU s | s | CPU s without | s without | CPU | time |\n|---|---|---|---|---|---|---|")
    ratios = []
    for number in range(pairs):
        order = (False, True) if number % 2 else (True, False)
        found = {bare: run(folder, "in", 2, bare) for bare in order}
        (cpu, seconds, _), (bare_cpu, bare_seconds, _) = found[False], found[True]
        ratios.append((cpu / bare_cpu, seconds / bare_seconds))
        cells = (
            f"{cpu:.1f}",
            f"{seconds:.1f}",
            f"{bare_cpu:.1f}",
            f"{bare_seconds:.1f}",
            *(f"{ratio:.3f}" for ratio in ratios[-1]),
        )
        print(f"| {number + 1} | {' | '.join(cells)} |", flush=True)
    cpu_ratio, time_ratio = (statistics.median(ratio) for ratio in zip(*ratios, strict=True))
    print(f"median: CPU time × {cpu_ratio:.3f}, time by the clock × {time_ratio:.3f}")


if __name__ == "__main__":
    main()
