"""Damage real pages and clean them: `python benchmarks/reliability_fuzz.py FOLDER [--count 10000] [--seed 1]`.

Each page of FOLDER (HTML or text, also .gz) that is small enough is damaged in one to four ways (`tests/hostile/damaging.py`) and
given to `pipeline.clean`. What ends as anything but a CleanDocument or a Reject is a finding: an exception, a death of the
process, a page over the time limit, a text that breaks its own promises. Page N of a seed is always the same: `--only N` cleans
it alone, `--write DIR` keeps the pages of findings. Prints a table of damages; exit code 1 if there are findings.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.hostile.damaging import case, outcome


@dataclass(slots=True)
class Tally:
    """What came of the pages so far."""

    ends: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    findings: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, damages: Sequence[str], kind: str, detail: str, seconds: float) -> None:
        """Count one page."""
        for name in dict.fromkeys((*damages, "all")):
            self.ends.setdefault(name, Counter())[kind] += 1
            self.slowest[name] = max(self.slowest.get(name, 0.0), seconds)
        if kind == "rejected":
            self.reasons[detail] += 1
        if kind == "finding":
            self.findings.append((number, detail))


def cleaned_apart(
    pages: Sequence[bytes], seed: int, numbers: Sequence[int], most_bytes: int, seconds: float
) -> Iterator[tuple[int, str, str, float]]:
    """Return (number, kind, detail, CPU seconds) of each page, cleaned in a child that may die or hang; the next one goes on."""
    place = 0
    while place < len(numbers):
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            try:
                _clean_all(pages, seed, numbers[place:], most_bytes, theirs)
            finally:
                os._exit(0)
        os.close(theirs)
        with os.fdopen(ours, "rb", buffering=0) as line:
            rest = b""
            while place < len(numbers):
                if not select.select([line], [], [], 20 * seconds)[0]:
                    os.kill(child, signal.SIGKILL)
                got = line.read(65_536)
                if not got:
                    break
                *whole, rest = (rest + got).split(b"\n")
                for text in whole:
                    yield tuple(json.loads(text))
                    place += 1
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if place < len(numbers):
            yield numbers[place], "finding", f"the process ended with {status}, or hung and was killed", 0.0
            place += 1


def _clean_all(pages: Sequence[bytes], seed: int, numbers: Sequence[int], most_bytes: int, line: int) -> None:
    with os.fdopen(line, "w", encoding="utf-8") as told:
        for number in numbers:
            one, begun = case(pages, seed, number, most_bytes), time.process_time()
            kind, detail = outcome(one)
            print(json.dumps([number, kind, detail, time.process_time() - begun]), file=told, flush=True)


def pages_of(folder: Path, most_bytes: int) -> list[bytes]:
    """Return the pages below a folder that are no larger than that."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        body = path.read_bytes()
        body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        if 0 < len(body) <= most_bytes:
            found.append(body)
    if not found:
        sys.exit(f"{folder}: holds no page of at most {most_bytes} bytes")
    return found


def main() -> int:
    """Damage and clean pages; returns 1 if there are findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="clean this page of the seed, and no other")
    parser.add_argument("--max-bytes", type=int, default=40_000, help="of a page before it is damaged")
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU time from which on a page is a finding")
    parser.add_argument("--write", type=Path, help="folder for the pages of findings")
    asked = parser.parse_args()
    pages = pages_of(asked.folder, asked.max_bytes)
    numbers = range(asked.first, asked.first + asked.count) if asked.only is None else [asked.only]
    tally, begun = Tally(), time.monotonic()
    for number, kind, detail, seconds in cleaned_apart(pages, asked.seed, numbers, asked.max_bytes, asked.seconds):
        one = case(pages, asked.seed, number, asked.max_bytes)
        is_slow = seconds > asked.seconds and kind != "finding"
        ended = ("finding", f"{seconds:.1f} s of CPU time") if is_slow else (kind, detail)
        tally.add(number, one.damages, *ended, seconds)
        if ended[0] == "finding":
            given = f"url {str(one.url)[:40]!r}, type {one.media_type!r}"
            print(f"page {number} ({', '.join(one.damages)}; {given}): {ended[1]}", flush=True)
            if asked.write:
                asked.write.mkdir(parents=True, exist_ok=True)
                body = one.body.encode("utf-8", "surrogateescape") if isinstance(one.body, str) else one.body
                (asked.write / f"{asked.seed}-{number}.html").write_bytes(body)
    print("| damage | pages | cleaned | rejected | findings | slowest, CPU s |\n|---|---|---|---|---|---|")
    for name in (*sorted(set(tally.ends) - {"all"}), "all"):
        ends = tally.ends[name]
        cells = (name, ends.total(), ends["cleaned"], ends["rejected"], ends["finding"], f"{tally.slowest[name]:.2f}")
        print(f"| {' | '.join(map(str, cells))} |")
    reasons = dict(tally.reasons.most_common())
    print(f"\n{len(pages)} pages, seed {asked.seed}, {time.monotonic() - begun:.0f} s; rejected: {reasons}")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
