"""The wheel works from any folder: it carries the rules, the command, and nothing of the source tree's."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("dechrome-*.whl"))


def test_the_wheel_holds_code_and_rules_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    rules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pipeline" / "chrome" / "rules").rglob("*.toml")}
    assert rules
    assert rules <= set(names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"pipeline", "tasks", "dechrome"}


def test_the_installed_wheel_cleans_a_page_beside_a_users_own_tasks(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (tmp_path / "page.txt").write_text(
        "The mill wheel turns again\n\nSign Up\n\nAfter nine dry years the mill wheel turned again on Monday, and the miller wept.\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-m", "pipeline.cli", "clean", "page.txt"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[0] == "The mill wheel turns again"
    assert "Sign Up" not in done.stdout
    assert done.returncode == 0, done.stderr
