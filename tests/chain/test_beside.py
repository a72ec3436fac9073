"""`verify` and `gc` beside a batch that is at work: nothing is called damaged, and the batch ends as if it had been alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.batch.request import Request
from pipeline.cli.keeping import collect, verify_cache
from pipeline.cli.running import run_batch
from tests.chain.crashing import ROOT, first_inputs, outputs, results


def test_verify_and_gc_leave_a_batch_at_work_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    for folder in (alone, beside):
        first_inputs(folder)
    monkeypatch.chdir(alone)
    assert run_batch(Request(("in",), "out", jobs=1, max_reject=1.0)) == 0
    monkeypatch.chdir(beside)
    command = [sys.executable, "-m", "pipeline.cli", "run", "in", "-o", "out", "--max-reject", "1", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    seen = set()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            if Path(".dechrome/entries").exists():
                assert verify_cache(None, 1.0, False) == 0, capsys.readouterr().out
                collect(None, [], "", False)
                seen.add(len(results(beside)))
            time.sleep(0.2)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 0, said
    assert b"put aside" not in said
    assert len(seen) > 1  # it was at work
    assert outputs(beside) == outputs(alone)
    assert results(beside) == results(alone)
    assert verify_cache(None, 1.0, False) == 0
