"""The tasks under Luigi's own command and scheduler: same bytes as `dechrome run`, and failures that do not exit 0."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.batch.batch import Batch

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG = ROOT / "config" / "luigi.cfg"
Run = Callable[..., Batch]


def luigi(*arguments: str, scheduler: str = "--local-scheduler") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "luigi", "--module", "tasks", *arguments, *scheduler.split()]
    environment = {**os.environ, "LUIGI_CONFIG_PATH": str(CONFIG), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, timeout=180, env=environment, check=False)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("en-dump-bus.txt", "en-dump-glasshouse.txt"):
        (folder / name).write_bytes((ROOT / "seeds" / "text" / name).read_bytes())
    return folder


def outputs(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "run.json"}


def test_luigi_gives_the_bytes_of_dechrome_run(run: Run, inputs: Path) -> None:
    run(inputs, cache="a")
    done = luigi("Run", "--inputs", json.dumps([str(inputs)]), "--out", "other", "--cache", "b")
    assert done.returncode == 0, done.stderr
    assert outputs(Path("other")) == outputs(Path("out"))


def test_a_stage_can_be_made_alone_with_what_it_needs(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = luigi("Chrome", "--inputs", json.dumps([str(inputs)]), "--cache", "c")
    assert done.returncode == 0, done.stderr
    assert sorted(os.listdir("c/entries")) == ["chrome", "ingest", "segment", "survey"]
    again = luigi("Chrome", "--inputs", json.dumps([str(inputs)]), "--cache", "c")
    assert "1 complete ones were encountered" in again.stderr + again.stdout


def test_two_luigi_workers_with_processes_of_their_own(run: Run, inputs: Path) -> None:
    run(inputs, cache="a")
    done = luigi("Run", "--inputs", json.dumps([str(inputs)]), "--out", "other", "--cache", "b", "--jobs", "2", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert outputs(Path("other")) == outputs(Path("out"))


def test_a_failed_run_does_not_exit_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = luigi("Run", "--inputs", '["missing"]', "--out", "out")
    assert done.returncode != 0
    assert "missing: no such file or folder" in done.stderr + done.stdout


def test_too_many_rejects_fail_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/blank.txt").write_text(" ", encoding="utf-8")
    Path("in/page.txt").write_text("A page of text that says something.", encoding="utf-8")
    good = luigi("Run", "--inputs", '["in"]', "--out", "out", "--max-reject", "0.5")
    bad = luigi("Run", "--inputs", '["in"]', "--out", "out", "--max-reject", "0.1")
    assert (good.returncode, bad.returncode != 0) == (0, True)
    assert "50.0% of the pages were rejected" in bad.stderr + bad.stdout


def test_a_settings_file_fills_in_the_date(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inputs.rename(tmp_path / "2026-11-21")
    Path("n.toml").write_text('[run]\ninputs = ["{date}"]\noutput = "clean-{date}"\n', encoding="utf-8")
    done = luigi("Run", "--config", "n.toml", "--date", "2026-11-21")
    assert done.returncode == 0, done.stderr
    assert Path("clean-2026-11-21/pages.jsonl").exists()


@pytest.fixture
def luigid(tmp_path: Path) -> Iterator[int]:
    """A real scheduler on a free port of this machine, ended after the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = "import sys; from luigi.cmdline import luigid; luigid(sys.argv[1:])"
    command = [
        sys.executable,
        "-c",
        start,
        "--address",
        "127.0.0.1",
        "--port",
        str(port),
        "--state-path",
        str(tmp_path / "state"),
    ]
    environment = {**os.environ, "LUIGI_CONFIG_PATH": str(CONFIG)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/task_list?data={{}}", timeout=2).read()
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, "luigid ended"
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_progress_reaches_the_scheduler(luigid: int, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = luigi("Run", "--inputs", json.dumps([str(inputs)]), "--out", "out", scheduler=f"--scheduler-port {luigid}")
    assert done.returncode == 0, done.stderr
    with urllib.request.urlopen(
        f"http://127.0.0.1:{luigid}/api/task_list?data=%7B%22status%22%3A%22DONE%22%7D", timeout=5
    ) as answer:
        tasks = json.load(answer)["response"]
    messages = {task["name"]: task["status_message"] for task in tasks.values()}
    assert set(messages) == {"Ingest", "Segment", "Survey", "Chrome", "Encoding", "Normalise", "Publish", "Run"}
    assert messages["Chrome"].startswith("chrome: 1 shards made, 0 from the cache, 2 pages")
