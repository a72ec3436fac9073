"""How time and memory grow: `python benchmarks/reliability_growth.py [--pages 200] [--only page|batch|cost] [--inputs FOLDER]`.

Made-up pages, or for `batch` and `cost` pages of a folder, drawn by chance. `page`: one page of 1×, 4×, 16× as many lines or
blocks through each stage; growth is the factor of the CPU time from one to the next, and 4 is linear. `batch`: a batch of 1×,
4×, 10× as many pages: CPU time and the peak memory of the run and of its largest worker. `cost`: the same batch with and without
all that keeps it safe, in pairs of runs; beside it, the share of its CPU time that one run spends on that, which is the
steadier figure on a machine with other work.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
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


def write_pages(folder: Path, count: int, source: Path | None) -> None:
    """Write made-up pages of twenty sites, or copy pages of a folder, drawn by chance; the largest is among few as among many."""
    folder.mkdir()
    if source:
        files = sorted(path for path in source.rglob("*") if path.is_file())
        random.Random(0).shuffle(files)
        largest = max(files, key=lambda path: path.stat().st_size)
        files = [largest, *(path for path in files if path != largest)]
        if len(files) < count:
            raise SystemExit(f"{source}: holds {len(files)} pages, fewer than {count}; ask for fewer --pages")
        for path in files[:count]:
            shutil.copyfile(path, folder / path.name)
        return
    chance = random.Random(count)
    for number in range(count):
        site = f"site-{number % 20}.example"
        body = "".join(f"<p>{' '.join(sentence(chance) for _ in range(4))}</p>" for _ in range(30))
        links = "".join(f'<li><a href="/{n}">{chance.choice(WORDS)} {n}</a></li>' for n in range(40))
        head = f'<link rel="canonical" href="https://{site}/{number}"><title>Page {number}</title>'
        page = f"<html><head>{head}</head><body><ul>{links}</ul>"
        (folder / f"{number}.html").write_text(f"{page}<h1>Page {number}</h1>{body}</body></html>", encoding="utf-8")


# Python imports this in each process of a batch that is measured, so that all of them import the same. SAFETY in the environment:
# "off" does without syncs, digests of results and outputs, limits of pages and what is said of them (digests by which results
# are found must differ: chance gives them); a path: the CPU seconds spent on all that are added to this file.
MEASURED = """
import functools, hashlib, os, time, uuid
import pipeline.batch.batch as batch, pipeline.batch.outputs as outputs
import pipeline.cache.disk as disk, pipeline.cache.store as store
import pipeline.engines.local as local, pipeline.engines.worker as worker

SAFETY = os.environ["SAFETY"]
if SAFETY == "off":
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
elif SAFETY:
    spent, depth = 0.0, 0
    def counted(function):
        @functools.wraps(function)
        def call(*arguments):
            global spent, depth
            begun, depth = time.thread_time(), depth + 1
            try:
                return function(*arguments)
            finally:
                depth -= 1
                if not depth:
                    spent += time.thread_time() - begun
        return call
    class Hashes: sha256 = staticmethod(counted(hashlib.sha256))
    os.fsync = counted(os.fsync)
    disk.sync = outputs.sync = counted(disk.sync)
    disk.sync_tree = outputs.sync_tree = counted(disk.sync_tree)
    store.hashlib = Hashes
    store.Store.checked = counted(store.Store.checked)
    store.Store.is_whole = counted(store.Store.is_whole)
    batch.digest_of_file = outputs.digest_of_file = counted(batch.digest_of_file)
    local.LocalEngine._look_at_memory = counted(local.LocalEngine._look_at_memory)
    for name in ("enter", "leave", "rest"):
        setattr(worker._PageWatch, name, counted(getattr(worker._PageWatch, name)))
    def tell():
        global spent
        with open(SAFETY, "a") as file:
            file.write(f"{spent}\\n")
        spent = 0.0
    def telling(function):
        @functools.wraps(function)
        def call(*arguments):
            try:
                return function(*arguments)
            finally:
                tell()
        return call
    worker._answer = telling(worker._answer)
    outputs.publish_batch = telling(outputs.publish_batch)
    import pipeline.batch.make as make
    make.publish_batch = outputs.publish_batch
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run took: CPU seconds and seconds, peak megabytes of itself and of its largest worker, CPU seconds for safety."""

    cpu: float
    seconds: float
    run_megabytes: float
    worker_megabytes: float
    safety_cpu: float


def run(folder: Path, inputs: str, jobs: int = 1, safety: str = "") -> Measured:
    """Run a batch in a process of its own, with its `safety` as it is, "off", or "counted"."""
    (folder / "measured").mkdir(exist_ok=True)
    (folder / "measured" / "sitecustomize.py").write_text(MEASURED, encoding="utf-8")
    out, told = f"out-{time.monotonic_ns()}", folder / "told"
    told.write_text("", encoding="utf-8")
    path = [str(folder / "measured"), str(ROOT)]
    stated = str(told) if safety == "counted" else safety
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "SAFETY": stated, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pipeline.cli", "run", inputs, "-o", out, "--cache", f"{out}.cache", "-j", str(jobs)]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL) as process:
        own, largest = peaks(process)
    seconds, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode in (0, 1), process.returncode
    for made in (out, f"{out}.cache"):
        shutil.rmtree(folder / made)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(cpu, seconds, own, largest, sum(map(float, told.read_text("utf-8").split())))


def peaks(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for a run and return the peak megabytes of it and of its largest worker, as /proc tells ten times a second."""
    own = largest = 0.0
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None:
        own = max(own, peak_megabytes(process.pid))
        with suppress(OSError):
            largest = max([largest, *(peak_megabytes(int(pid)) for pid in children.read_text("ascii").split())])
        time.sleep(0.1)
    return own, largest


def peak_megabytes(pid: int) -> float:
    """Return the peak memory of a process that is at work; 0 if it is gone."""
    try:
        rows = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0.0
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("VmHWM:")), 0.0)


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
    parser.add_argument("--inputs", type=Path, help="a folder with pages for `batch` and `cost` (default: made-up ones)")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        if asked.only in (None, "page"):
            print_growth_of_a_page()
        if asked.only in (None, "batch"):
            print_growth_of_a_batch(Path(aside), asked.pages, asked.jobs, asked.inputs)
        if asked.only in (None, "cost"):
            print_cost(Path(aside), 4 * asked.pages, asked.pairs, asked.jobs, asked.inputs)


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


def print_growth_of_a_batch(folder: Path, pages: int, jobs: int, source: Path | None) -> None:
    """Print CPU seconds and peak memory as a batch grows to its tenfold."""
    print("\n| pages | CPU s | peak MB of the run | of its largest worker |\n|---|---|---|---|")
    for size in (1, 4, 10):
        write_pages(folder / f"in-{size}", pages * size, source)
        one = run(folder, f"in-{size}", jobs)
        print(f"| {pages * size} | {one.cpu:.1f} | {one.run_megabytes:.0f} | {one.worker_megabytes:.0f} |", flush=True)


def print_cost(folder: Path, pages: int, pairs: int, jobs: int, source: Path | None) -> None:
    """Print by how much CPU time and time by the clock rise with syncs, digests, limits and what is said of them."""
    write_pages(folder / "in", pages, source)
    print(
        f"\n| {pages} pages, {jobs} workers | CPU s | s | CPU s without | s without | CPU | time |\n|---|---|---|---|---|---|---|"
    )
    ratios = []
    for number in range(pairs):
        order = ("off", "") if number % 2 else ("", "off")
        found = {safety: run(folder, "in", jobs, safety) for safety in order}
        safe, bare = found[""], found["off"]
        ratios.append((safe.cpu / bare.cpu, safe.seconds / bare.seconds))
        cells = [f"{value:.1f}" for value in (safe.cpu, safe.seconds, bare.cpu, bare.seconds)]
        print(f"| {number + 1} | {' | '.join([*cells, *(f'{ratio:.3f}' for ratio in ratios[-1])])} |", flush=True)
    cpu_ratio, time_ratio = (statistics.median(ratio) for ratio in zip(*ratios, strict=True))
    print(f"median: CPU time × {cpu_ratio:.3f}, time by the clock × {time_ratio:.3f}")
    counted = run(folder, "in", jobs, "counted")
    print(f"counted in one run: {counted.safety_cpu:.2f} of {counted.cpu:.1f} CPU s, {counted.safety_cpu / counted.cpu:.1%}")


if __name__ == "__main__":
    main()
