"""Kill and fail runs at many points: `python benchmarks/reliability_crashes.py [--points 200] [--workers 20] [--random 20]`.

Each point is a run that is killed, torn or refused by the disk at one of its changes to the disk, spread evenly over all stages
and commits, and a second run, whose outputs must be those of an undisturbed one, byte by byte. With `--workers`, as many points
in worker processes; with `--random`, as many kills of everything at a random moment. The seed is fixed; figures go to stdout.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.chain.crashing import COMMAND, ROOT, Runner, Scene, copy_of, outputs, run_with_workers, scene, trouble

MODES = ("kill", "torn", "28", "kill", "30", "torn", "kill", "5")  # errno: 28 disk full, 30 read-only, 5 input/output error


def main() -> int:
    """Run all points; returns 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--workers", type=int, default=20)
    parser.add_argument("--random", type=int, default=20)
    asked = parser.parse_args()
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        runner = Runner()
        place = scene(folder / "scene", runner.run)
        for number in range(asked.points):
            mode = MODES[number % len(MODES)]
            point = max(1, round(place.points * (number + 1) / asked.points))
            wrong += trouble(place, folder / "case", runner.run, mode, point)
            counts[mode] += 1
        runner.close()
        whole = copy_of(place.folder, folder / "whole")
        points = run_with_workers(whole).points if asked.workers else 0
        for number in range(asked.workers):
            mode = ("kill", "kill-one")[number % 2]
            wrong += trouble(place, folder / "case", run_with_workers, mode, max(1, round(points * (number + 1) / asked.workers)))
            counts[f"{mode} with workers"] += 1
        chance = random.Random(7)
        for _ in range(asked.random):
            wrong += _killed_at_random(place, folder / "case", chance)
            counts["at a random moment"] += 1
    for sentence in wrong:
        print(sentence)
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    print(f"{sum(counts.values())} points of {place.points} changes, {len(wrong)} wrong, {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


def _killed_at_random(place: Scene, folder: Path, chance: random.Random) -> list[str]:
    """Kill a run and its workers after a random time; returns what is wrong afterwards."""
    copy_of(place.folder, folder)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pipeline.cli", *COMMAND]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        time.sleep(chance.uniform(0.5, 6.0))
        os.killpg(process.pid, signal.SIGKILL)
    found = [] if outputs(folder) in (place.before, place.after) else ["the outputs are neither the old set nor the new"]
    code = run_with_workers(folder).code
    if code not in (0, 1) or outputs(folder) != place.after:
        found.append(f"the second try ends with {code}, or gives other bytes")
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    return [f"killed at random: {sentence}" for sentence in found]


if __name__ == "__main__":
    sys.exit(main())
