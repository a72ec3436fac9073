"""One run at a time on a cache: the second is refused and told by whom, and a dead holder holds nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import pipeline
from pipeline.cache.lock import locked
from pipeline.errors import LockedError

_HOLDER = "import sys\nfrom pathlib import Path\nfrom pipeline.cache.lock import locked\nwith locked(Path(sys.argv[1]), 'dechrome run'):\n    print('held', flush=True)\n    sys.stdin.read()\n"
_ASKER = "import sys\nfrom pathlib import Path\nfrom pipeline.cache.lock import locked\nwith locked(Path(sys.argv[1]), 'x'):\n    pass\n"
_ROOT = Path(str(pipeline.__file__)).parent.parent


@contextmanager
def _held_by_another(root: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _HOLDER, str(root)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def _can_be_taken_by_another(root: Path) -> bool:
    return subprocess.run([sys.executable, "-c", _ASKER, str(root)], cwd=_ROOT, capture_output=True, check=False).returncode == 0


def test_second_process_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    with _held_by_another(tmp_path) as holder, pytest.raises(LockedError) as error, locked(tmp_path, "second"):
        pytest.fail("two runs hold one cache")
    assert "dechrome run" in str(error.value)
    assert str(holder.pid) in str(error.value)
    assert error.value.exit_code == 3


def test_killed_holder_holds_nothing(tmp_path: Path) -> None:
    with _held_by_another(tmp_path) as holder:
        holder.kill()
        holder.wait()
        with locked(tmp_path, "second"):
            assert not _can_be_taken_by_another(tmp_path)
    assert _can_be_taken_by_another(tmp_path)


def test_holder_may_take_it_again_and_keeps_it_until_the_outermost_ends(tmp_path: Path) -> None:
    with locked(tmp_path / "new/cache", "outer"):
        with locked(tmp_path / "new/../new/cache", "inner"):
            pass
        assert not _can_be_taken_by_another(tmp_path / "new/cache")
    assert _can_be_taken_by_another(tmp_path / "new/cache")


def test_failure_inside_frees_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside"), locked(tmp_path, "x"):
        raise ValueError("inside")
    assert _can_be_taken_by_another(tmp_path)


def test_two_caches_are_two_locks(tmp_path: Path) -> None:
    with _held_by_another(tmp_path / "one"), locked(tmp_path / "two", "x"):
        assert (tmp_path / "two/lock").exists()


def test_holder_that_wrote_nothing_readable_is_unknown(tmp_path: Path) -> None:
    with _held_by_another(tmp_path):
        (tmp_path / "lock").write_text("rubbish")
        with pytest.raises(LockedError, match="holder unknown"), locked(tmp_path, "x"):
            pass
