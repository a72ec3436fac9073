"""Runs that are killed or fail at a given change to the disk, and what must be true of what they leave.

A process that has everything imported forks for each run, so that a run costs its own work alone. With `workers`, the command
is started as a user does, with the injection in its workers too.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
INJECTED = ROOT / "tests" / "chain" / "injected"
COMMAND = ("run", "in", "-o", "out", "--jobs", "2")
KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, or minus the signal; what it said; and how many changes to the disk it made."""

    code: int
    said: str
    points: int


class Runner:
    """A warm process that forks a child for each run."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment.pop("DECHROME_INJECT", None)
        command = [sys.executable, str(Path(__file__)), "serve"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )

    def run(self, folder: Path, mode: str = "kill", point: int = 0, arguments: tuple[str, ...] = COMMAND) -> Ended:
        """Run `dechrome` in a folder, failing at a point (0: never)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"folder": str(folder), "mode": mode, "point": point, "arguments": arguments}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        assert self._process.stdout is not None
        self._process.stdout.close()


def run_with_workers(folder: Path, mode: str = "kill", point: int = 0, arguments: tuple[str, ...] = COMMAND) -> Ended:
    """Run `dechrome` as a user does, in processes of its own, each of them injected."""
    counter = folder.with_name(f"{folder.name}.points")
    counter.unlink(missing_ok=True)
    stated = {"mode": mode, "point": point, "root": str(folder), "counter": str(counter)}
    environment = {**os.environ, "PYTHONPATH": f"{INJECTED}{os.pathsep}{ROOT}", "DECHROME_INJECT": json.dumps(stated)}
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, start_new_session=True, timeout=300, check=False
    )
    return Ended(done.returncode, done.stderr.decode("utf-8", "replace"), int(counter.read_text() or 0))


def page(site: str, number: int, body: str) -> str:
    """Return a small page of a site."""
    return (
        f'<html><head><link rel="canonical" href="https://{site}/{number}"><title>Page {number} at {site}</title></head><body>'
        f"<nav>Home | Tides | Boats</nav><h1>Page {number} at {site}</h1><p>{body} The harbour master wrote it down in her "
        f"book, as she did each evening.</p><p>Nobody on {site} had seen the like since the winter of the long ice.</p></body></html>"
    )


def first_inputs(folder: Path) -> None:
    """Write the inputs of the first run: pages of three sites, records, something to reject."""
    inputs = folder / "in"
    inputs.mkdir(parents=True, exist_ok=True)
    for site in ("alder.example", "birch.example", "cedar.example"):
        for number in (1, 2):
            text = page(site, number, f"It rained {number} times.")
            (inputs / f"{site}-{number}.html").write_text(text, encoding="utf-8")
    (inputs / "records.jsonl").write_text(
        "".join(json.dumps({"id": f"r{n}", "text": f"A record of the tide, number {n}.\n"}) + "\n" for n in range(4)) + "{no\n",
        encoding="utf-8",
    )
    (inputs / "blank.txt").write_text(" \n", encoding="utf-8")


def second_inputs(folder: Path) -> None:
    """Change the inputs: one page is another, one is new, one is gone."""
    inputs = folder / "in"
    (inputs / "birch.example-1.html").write_text(page("birch.example", 1, "It snowed."), encoding="utf-8")
    (inputs / "yew.example-1.html").write_text(page("yew.example", 1, "The yew is old."), encoding="utf-8")
    (inputs / "cedar.example-2.html").unlink()


def outputs(folder: Path) -> dict[str, bytes]:
    """Return the published files below `out`, but run.json, which differs between equal runs."""
    out = folder / "out"
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    return {name: body for name, body in found.items() if name != "run.json"}


def results(folder: Path) -> set[str]:
    """Return the cached results that are there."""
    return {path.parent.relative_to(folder).as_posix() for path in folder.glob(".dechrome/entries/*/*/*/manifest.json")}


def leftovers(folder: Path) -> list[str]:
    """Return what is unfinished: attempts, folders in which outputs were written, half-written records."""
    patterns = (
        ".dechrome/attempts/*",
        ".out.dechrome-at-*",
        "out/.dechrome-at-*",
        ".dechrome/*/.*.json.*",
        ".dechrome/*/*/.*.json.*",
    )
    return [path.relative_to(folder).as_posix() for pattern in patterns for path in folder.glob(pattern)]


@dataclass(frozen=True, slots=True)
class Scene:
    """A first run that is done, changed inputs, and what the second run must make of them."""

    folder: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    results: set[str]
    points: int


def scene(folder: Path, run: Any, arguments: tuple[str, ...] = COMMAND) -> Scene:
    """Prepare a scene below `folder`; `run` is how runs are made."""
    start = folder / "start"
    first_inputs(start)
    assert run(start, arguments=arguments).code in (0, 1)
    before = outputs(start)
    second_inputs(start)
    whole = copy_of(start, folder / "whole")
    ended = run(whole, arguments=arguments)
    assert ended.code in (0, 1), ended.said
    return Scene(start, before, outputs(whole), results(whole), ended.points)


def copy_of(start: Path, folder: Path) -> Path:
    """Copy a scene; times too, by which unchanged inputs are known."""
    shutil.copytree(start, folder)
    return folder


def trouble(place: Scene, folder: Path, run: Any, mode: str, point: int, arguments: tuple[str, ...] = COMMAND) -> list[str]:
    """Make the second run fail at a point, then run it again; returns what is wrong, in sentences."""
    copy_of(place.folder, folder)
    ended = run(folder, mode, point, arguments)
    found = []
    if mode.isdigit():
        if ended.code not in (0, 1, 4):
            found.append(f"exit code {ended.code}: {ended.said[-300:]}")
        if "Traceback" in ended.said:
            found.append(f"a traceback: {ended.said[-600:]}")
    elif mode in ("kill", "torn") and ended.code != KILLED:
        found.append(f"not killed, but ended with {ended.code}: {ended.said[-300:]}")
    if outputs(folder) not in (place.before, place.after):
        found.append("the outputs are neither the old set nor the new")
    there = results(folder)
    again = run(folder, arguments=arguments)
    if again.code not in (0, 1):
        found.append(f"the second try ends with {again.code}: {again.said[-600:]}")
    elif outputs(folder) != place.after:
        found.append("the second try gives other bytes")
    if mode != "torn" and there - results(folder):
        found.append("results of the first try are gone")
    if not results(folder) >= place.results:
        found.append("results are missing")
    if left := leftovers(folder):
        found.append(f"left over: {left}")
    shutil.rmtree(folder, ignore_errors=True)
    return [f"{mode} at point {point}: {sentence}" for sentence in found]


def _serve() -> None:
    """Fork a child for each line on stdin."""
    import tempfile

    import luigi  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import trafilatura  # noqa: F401

    import tasks  # noqa: F401
    from pipeline import clean
    from pipeline.batch.request import Request
    from pipeline.batch.runs import batch_of
    from pipeline.cli.app import run_command
    from pipeline.engines.watch import PageLimits

    # By its path: some systems have a `sitecustomize` of their own, imported already.
    spec = importlib.util.spec_from_file_location("injected", INJECTED / "sitecustomize.py")
    assert spec is not None
    assert spec.loader is not None
    injected = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(injected)

    # Rules, models and the digests of the code are read before the forks: they are the same for all.
    for text in (page("alder.example", 1, "It rained."), "A record of the tide, number 1.\n"):
        clean(text)
    assert batch_of(Request(inputs=(str(INJECTED),), output="out")).bases
    PageLimits.any = property(lambda _: False)  # type: ignore[assignment]
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryDirectory() as aside:
            said, counter = Path(aside, "said"), Path(aside, "points")
            child = os.fork()
            if child == 0:
                os.setsid()
                handle = os.open(said, os.O_CREAT | os.O_WRONLY)
                os.dup2(handle, 2)
                os.dup2(handle, 1)
                os.chdir(asked["folder"])
                injected.install(asked["mode"], asked["point"], asked["folder"], str(counter))
                code = run_command(asked["arguments"])
                sys.stderr.flush()
                os._exit(code)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            points = int(counter.read_text() or 0) if counter.exists() else 0
            print(json.dumps({"code": status, "said": said.read_text("utf-8", "replace"), "points": points}), flush=True)


if __name__ == "__main__":
    _serve()
