"""Each kind of cache file, with each kind of damage: found and made again, or refused; never wrong bytes."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.batch.batch import Batch
from pipeline.batch.keeping import Checked, damages
from pipeline.batch.request import Request
from pipeline.batch.runs import batch_of, forget_batches, read_record
from pipeline.cache.inputs import InputIndex
from pipeline.cli.keeping import collect, parsed_size, verify_cache
from pipeline.cli.running import run_batch
from pipeline.errors import EnvironmentFault, UsageError
from tests.chain.crashing import first_inputs, outputs, results, second_inputs

Run = Callable[..., Batch]
KINDS = {
    "table": "entries/normalise/*/*/clean.parquet",
    "faults": "entries/ingest/*/*/faults.parquet",
    "documents": "entries/segment/*/*/documents.parquet",
    "manifest": "entries/chrome/*/*/manifest.json",
    "ingest index": "indexes/ingest/*.json",
    "segment index": "indexes/segment/*.json",
    "publish index": "indexes/publish/*.json",
    "run": "runs/out.json",
    "latest": "runs/latest.json",
    "inputs": "inputs/*.json",
    "input index": "inputs.sqlite",
}
# Nobody reads them here, but `verify` finds them: nothing below the documents has to be made again, and the index of what was
# published tells of the output folder before it was copied.
NOT_READ = ("documents", "publish index")
DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "flip": lambda body, chance: _flipped(body, chance.randrange(len(body)), 1 << chance.randrange(8)),
    "truncate": lambda body, chance: body[: chance.randrange(len(body))],
    "empty": lambda _, __: b"",
    "zeros": lambda body, _: bytes(len(body)),
}


def _flipped(body: bytes, place: int, bits: int) -> bytes:
    changed = bytearray(body)
    changed[place] ^= bits
    return bytes(changed)


def again(folder: Path) -> int:
    """Run in a folder and return the exit code, without what a process remembers."""
    forget_batches()
    return run_batch(Request(("in",), "out", jobs=1, max_reject=1.0))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "whole"
    first_inputs(folder)
    for path in (folder / "in").iterdir():
        os.utime(path, (1_000_000, 1_000_000))
    os.chdir(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.cache.inputs._SETTLED_SECONDS", -1e9)
        assert again(folder) == 0
    return folder


@pytest.fixture
def place(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(whole, tmp_path / "case")
    monkeypatch.chdir(tmp_path / "case")
    return tmp_path / "case"


CASES = [*((kind, "flip") for kind in KINDS), *zip(KINDS, itertools.cycle(("truncate", "empty", "zeros")), strict=False)]


@pytest.mark.parametrize(("kind", "damage"), CASES)
def test_damage_never_gives_wrong_bytes(kind: str, damage: str, place: Path, whole: Path) -> None:
    """Outputs are taken away, so that results are read; the run must give those of before."""
    chance = random.Random(f"{kind} {damage}")
    for path in sorted((place / ".dechrome").glob(KINDS[kind])):
        path.write_bytes(DAMAGES[damage](path.read_bytes(), chance))
    expected = outputs(whole)
    shutil.rmtree(place / "out")
    assert again(place) == 0
    assert outputs(place) == expected
    assert read_record(Path(".dechrome"))["name"] == "out"
    assert verify_cache(None, 1.0, True) == 0 or kind in NOT_READ


@pytest.mark.parametrize("kind", ["ingest index", "publish index", "manifest", "run"])
def test_no_single_byte_of_a_record_can_change_unseen(kind: str, place: Path) -> None:
    path = sorted((place / ".dechrome").glob(KINDS[kind]))[0]
    body, chance = path.read_bytes(), random.Random(kind)
    for number in [*range(0, len(body), max(1, len(body) // 300)), *(chance.randrange(len(body)) for _ in range(100))]:
        path.write_bytes(_flipped(body, number, 1 << chance.randrange(8)))
        found = [damage.what for damage in damages(Path(".dechrome"), 1.0, Checked())]
        expected = str((path.parent if kind == "manifest" else path).relative_to(place))
        same = json.loads(path.read_bytes()) == json.loads(body) if _is_json(path) else False
        assert same or expected in found
    path.write_bytes(body)


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return True


def test_no_byte_of_the_input_index_can_give_a_wrong_digest(place: Path) -> None:
    path = Path(".dechrome/inputs.sqlite")
    body, chance = path.read_bytes(), random.Random(3)
    files = sorted(Path("in").iterdir())

    def known() -> list[str]:
        index = InputIndex(Path(".dechrome"))
        try:
            return [index.digest(file)[0] for file in files]
        finally:
            index.close()

    expected = known()
    for _ in range(300):
        path.write_bytes(_flipped(body, chance.randrange(len(body)), 1 << chance.randrange(8)))
        assert known() == expected


def test_verify_names_damage_and_puts_it_aside(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert again(place) == 0
    assert verify_cache(None, 1.0, False) == 0
    table = sorted(Path(".dechrome").glob(KINDS["table"]))[0]
    table.write_bytes(_flipped(table.read_bytes(), 100, 1))
    (place / "out" / "pages.jsonl").write_text("changed", encoding="utf-8")
    capsys.readouterr()
    assert verify_cache(None, 1.0, False) == 4
    said = capsys.readouterr().out
    assert str(table.parent) in said
    assert "put aside" in said
    assert "pages.jsonl: not as it was published" in said
    assert not table.exists()
    assert again(place) == 0
    assert verify_cache(None, 1.0, False) == 0


def test_verify_of_a_sample_looks_at_a_share(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = []
    for share in (0.0, 0.3, 1.0):
        assert verify_cache(None, share, False) == 0
        counts.append(int(capsys.readouterr().out.split()[0]))
    assert counts[0] == 0
    assert 0 < counts[1] < counts[2] == len(results(place))


def test_verify_can_leave_damage_where_it_is(place: Path) -> None:
    table = sorted(Path(".dechrome").glob(KINDS["documents"]))[0]
    table.write_bytes(b"")
    assert verify_cache(None, 1.0, True) == 4
    assert table.exists()


def test_gc_keeps_what_recorded_runs_need(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = results(place)
    second_inputs(place)
    assert again(place) == 0
    assert results(place) > before
    collect(None, [], "", True)
    assert "would go" in capsys.readouterr().out
    everything = results(place)
    collect(None, [], "", False)
    assert results(place) < everything
    assert verify_cache(None, 1.0, False) == 0
    made = {stage: report.made for stage, report in _reports().items()}
    assert again(place) == 0
    assert all(report.made == 0 for report in _reports().values()), made


def _reports() -> dict[str, object]:
    return {str(stage): report for stage, report in batch_of(Request(("in",), "out", jobs=1, max_reject=1.0)).reports.items()}


def test_gc_with_a_size_stops_there(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second_inputs(place)
    assert again(place) == 0
    collect(None, [], "1G", False)
    assert capsys.readouterr().out.startswith("0 gone")
    collect(None, [], "1", False)
    assert "needed by kept runs" in capsys.readouterr().out
    assert again(place) == 0


def test_gc_beside_a_run_spares_what_is_new(place: Path) -> None:
    from pipeline.cache.lock import locked

    second_inputs(place)
    for name in results(place):
        os.utime(place / name, (1, 1))
    before = results(place)
    with locked(Path(".dechrome"), "a test"):
        assert again(place) == 0  # the same process may take the lock again
        Path(".dechrome/runs/out.json").unlink()  # as if that run had not come so far yet
        collect(None, [], "", False)
        assert results(place) - before
    assert again(place) == 0


@pytest.mark.parametrize(("text", "size"), [("500", 500), ("1K", 1_000), ("2.5g", 2_500_000_000), ("1TB", 10**12)])
def test_sizes(text: str, size: int) -> None:
    assert parsed_size(text) == size


@pytest.mark.parametrize("text", ["", "x", "-1", "1X", "K", "1 2"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="max-size"):
        parsed_size(text)


def test_a_full_disk_is_said_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real file system of a few pages, where the system lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        first_inputs(tmp_path)
        monkeypatch.chdir(tmp_path)
        request = Request(("in",), str(disk / "out"), cache=str(disk / "cache"), jobs=1, max_reject=1.0)
        with pytest.raises(EnvironmentFault, match="No space left on device|disk is full"):
            run_batch(request)
        assert not (disk / "out" / "pages.jsonl").exists()
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        forget_batches()
        assert run_batch(request) == 0
    finally:
        monkeypatch.chdir("/")
        subprocess.run(["umount", str(disk)], check=True)
