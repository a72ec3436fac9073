"""`verify` and `gc` beside a batch that is at work: nothing is called damaged, and the batch ends as if it had been alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli.keeping import collect, verify_cache
from tests.chain.crashing import ROOT, first_inputs, outputs, page, second_inputs


def _started(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline.cli", "run", "in", "-o", "out", "--max-reject", "1", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_verify_and_gc_leave_a_batch_at_work_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    for folder in (alone, beside):
        first_inputs(folder)
        for number in range(40):
            text = page(f"site-{number % 8}.example", number, f"It rained {number} times.")
            (folder / "in" / f"more-{number}.html").write_text(text, encoding="utf-8")
    with _started(alone) as process:
        assert process.communicate(timeout=120)
        assert process.returncode == 0
    monkeypatch.chdir(beside)
    for change in (lambda _: None, second_inputs):  # the second run takes most of its results from the cache
        change(beside)
        rounds = 0
        with _started(beside) as process:
            while process.poll() is None:
                if Path(".dechrome/entries").exists():
                    assert verify_cache(None, 1.0, False) == 0, capsys.readouterr().out
                    collect(None, [], "", False)
                    rounds += 1
            said = process.communicate(timeout=120)[1]
        assert process.returncode == 0, said
        assert b"put aside" not in said
        assert rounds > 3
        if change is not second_inputs:
            assert outputs(beside) == outputs(alone)
    second_inputs(alone)
    with _started(alone) as process:
        assert process.communicate(timeout=120)
        assert process.returncode == 0
    assert outputs(beside) == outputs(alone)
    assert verify_cache(None, 1.0, False) == 0
