"""How time and memory grow: `python benchmarks/reliability_growth.py [--pages 100]`.

Made-up pages (no labelled data needed). First a batch of 1×, 4×, 16× as many pages: CPU seconds and peak memory of any process.
Then one page of 1×, 4×, 16× as many lines or blocks through each stage: CPU seconds. Growth is the factor from one to the next; 4
is linear. The last line is the cost of limits, digests and syncs: the same batch with and without workers' limits.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
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


def run(folder: Path, inputs: str, config: str) -> tuple[float, float]:
    """Run a batch in a process of its own; returns CPU seconds and peak megabytes of it and its workers."""
    (folder / "c.toml").write_text(config, encoding="utf-8")
    program = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run([sys.executable, '-m', 'pipeline.cli', *sys.argv[1:]], stderr=subprocess.DEVNULL).returncode\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    out = f"out-{time.monotonic_ns()}"
    command = [
        sys.executable,
        "-c",
        program,
        "run",
        inputs,
        "-o",
        out,
        "--cache",
        f"{out}.cache",
        "--config",
        "c.toml",
        "-j",
        "1",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert said[0] == "0", said
    return float(said[1]), float(said[2])


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


def made_page(kind: str, size: int) -> tuple[str, str]:
    """Return a page of a kind with `size` thousand lines or blocks, and its name."""
    chance = random.Random(size)
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
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    asked = parser.parse_args()
    print("| one page: thousand lines or blocks | stage | CPU s at 1, 4, 16 | growth |\n|---|---|---|---|")
    for kind in ("lines of prose", "short lines", "one long line", "paragraphs", "table rows"):
        by_stage(*made_page(kind, 1))  # what is compiled and imported once
        measured = [by_stage(*made_page(kind, size)) for size in SIZES]
        for stage in measured[0]:
            seconds = [one[stage] for one in measured]
            growth = " · ".join(f"{b / a:.1f}" if a > 0.001 else "–" for a, b in itertools.pairwise(seconds))
            print(f"| {kind} | {stage} | {' · '.join(f'{s:.3f}' for s in seconds)} | {growth} |", flush=True)
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        print("\n| pages | CPU s | peak MB of any process |\n|---|---|---|")
        for size in (1, 4, 10):
            write_pages(folder / f"in-{size}", asked.pages * size)
            seconds, megabytes = run(folder, f"in-{size}", "")
            print(f"| {asked.pages * size} | {seconds:.1f} | {megabytes:.0f} |", flush=True)
        pairs = []
        for _ in range(3):
            bare = run(folder, "in-4", "[limits]\npage_seconds = 0.0\npage_memory_bytes = 0\n")[0]
            pairs.append((run(folder, "in-4", "")[0], bare))
        ratios = sorted(whole / bare for whole, bare in pairs)
        print(f"\ncost of limits and workers, CPU with / without, three pairs: {', '.join(f'{ratio:.3f}' for ratio in ratios)}")
    print(f"peak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
