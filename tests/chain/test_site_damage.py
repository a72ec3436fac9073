"""Pages of a site prove how one was damaged that could not prove it by itself, whatever the shards and their order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PROSE = "Die Brücke über den Fluß wurde größer, schöner und länger als früher; müde Gäste hörten, daß sie öfter geöffnet würde."
SHORT = "Voices rose é fell, and nobody who heard them that night knew why."


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode().decode("cp850").encode())


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(3):
        _write(folder / f"{number}.txt", f"Strecke {number}\n\n{PROSE}\n")
    _write(folder / "short.txt", f"Notes\n\n{SHORT}\n")
    return folder


def _texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "text").iterdir())}


def test_a_short_page_is_mended_as_the_others_of_its_site(run: Run, pages: Path) -> None:
    run(pages)
    found = _texts(Path("out"))
    assert SHORT in found["short.txt.txt"]
    assert all(PROSE in found[f"{number}.txt.txt"] for number in range(3))
    Path("shards.toml").write_text("[ingest.shards]\nmax_pages = 1\n", encoding="utf-8")
    run(pages, output="other", cache="other-cache", config="shards.toml")
    assert _texts(Path("other")) == found


def test_one_damaged_page_proves_nothing_of_another(run: Run, pages: Path) -> None:
    (pages / "1.txt").unlink()
    (pages / "2.txt").unlink()
    run(pages)
    assert SHORT not in _texts(Path("out"))["short.txt.txt"]
