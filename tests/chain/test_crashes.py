"""A run that is killed, or that the disk fails, leaves the old outputs or the new, and the same command ends as if nothing had been.

Twenty points here; `benchmarks/reliability_crashes.py` goes through all of them, in worker processes too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chain.crashing import (
    KILLED,
    Runner,
    Scene,
    copy_of,
    first_inputs,
    leftovers,
    outputs,
    results,
    run_with_workers,
    scene,
    trouble,
)

POINTS = 20
ENOSPC, EROFS, EIO = "28", "30", "5"


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def place(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return scene(tmp_path_factory.mktemp("scene"), runner.run)


def point_of(place: Scene, number: int, of: int = POINTS) -> int:
    """Return one of a number of points that are spread evenly over a run, its last one among them."""
    return max(1, round(place.points * (number + 1) / of))


@pytest.mark.parametrize("number", range(POINTS))
def test_a_killed_run_goes_on_to_the_same_bytes(number: int, place: Scene, runner: Runner, tmp_path: Path) -> None:
    mode = "torn" if number % 4 == 3 else "kill"
    assert trouble(place, tmp_path / "case", runner.run, mode, point_of(place, number)) == []


@pytest.mark.parametrize("mode", [ENOSPC, EROFS, EIO])
@pytest.mark.parametrize("number", range(2))
def test_a_disk_that_fails_is_said_and_nothing_half_is_left(
    mode: str, number: int, place: Scene, runner: Runner, tmp_path: Path
) -> None:
    assert trouble(place, tmp_path / "case", runner.run, mode, point_of(place, number, 3)) == []


@pytest.fixture(scope="module")
def place_by_names(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A scene whose output folder holds a file of somebody else, so that outputs change name by name."""
    folder = tmp_path_factory.mktemp("names")
    first_inputs(folder / "start")
    (folder / "start" / "out").mkdir()
    (folder / "start" / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    return scene(folder, runner.run)


@pytest.mark.parametrize("back", range(6))
def test_outputs_that_change_name_by_name_are_finished_by_the_next_run(
    back: int, place_by_names: Scene, runner: Runner, tmp_path: Path
) -> None:
    """While they change, `run.json` is away; whatever ends the run then, the same command ends with the new set."""
    folder = copy_of(place_by_names.folder, tmp_path / "case")
    ended = runner.run(folder, "kill", place_by_names.points - 4 * back)
    assert ended.code == KILLED
    assert outputs(folder) in (place_by_names.before, place_by_names.after) or not (folder / "out" / "run.json").exists()
    assert runner.run(folder).code in (0, 1)
    assert outputs(folder) == place_by_names.after
    assert outputs(folder)["mine.txt"] == b"mine"
    assert leftovers(folder) == []


def test_the_message_names_the_place_and_the_cure(place: Scene, runner: Runner, tmp_path: Path) -> None:
    folder = copy_of(place.folder, tmp_path / "case")
    ended = runner.run(folder, ENOSPC, place.points // 2)
    assert ended.code == 4
    assert "No space left on device" in ended.said
    assert "free space or name another" in ended.said


def test_finished_work_is_not_done_again(place: Scene, runner: Runner, tmp_path: Path) -> None:
    folder = copy_of(place.folder, tmp_path / "case")
    runner.run(folder, "kill", point_of(place, 14))
    times = {name: (folder / name / "manifest.json").stat().st_mtime_ns for name in results(folder)}
    assert runner.run(folder).code in (0, 1)
    assert {name: (folder / name / "manifest.json").stat().st_mtime_ns for name in times} == times
    assert outputs(folder) == place.after


@pytest.fixture(scope="module")
def points_with_workers(place: Scene, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many changes to the disk a run with workers makes; what it publishes is what one without them does."""
    whole = copy_of(place.folder, tmp_path_factory.mktemp("workers") / "whole")
    points = run_with_workers(whole).points
    assert outputs(whole) == place.after
    return points


@pytest.mark.parametrize("mode", ["kill", "kill-one"])
def test_a_killed_worker_or_a_killed_run_with_workers(mode: str, place: Scene, points_with_workers: int, tmp_path: Path) -> None:
    assert trouble(place, tmp_path / "case", run_with_workers, mode, points_with_workers // 2) == []
