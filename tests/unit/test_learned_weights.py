"""A weights file from outside is used whole and sound, or refused with its name; nothing in it is run, and no page falls for it."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.errors import SettingsError
from pipeline.learned.lines import line_model
from pipeline.learned.main_text import block_model

MODELS: dict[str, Callable[[str], Any]] = {"html.npz": block_model, "lines.npz": line_model}
Arrays = dict[str, np.ndarray[Any, Any]]


def own(name: str) -> bytes:
    return resources.files("pipeline.learned").joinpath("weights", name).read_bytes()


def arrays_of(name: str) -> Arrays:
    with np.load(io.BytesIO(own(name))) as found:
        return dict(found)


@pytest.fixture(params=sorted(MODELS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def refused(name: str, path: Path) -> bool:
    try:
        MODELS[name](str(path))
    except SettingsError as error:
        assert str(path) in str(error)
        return True
    return False


def test_the_packages_own_may_be_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(own(name))
    assert not refused(name, path)


def test_a_network_without_its_last_layer_is_refused(tmp_path: Path) -> None:
    arrays = arrays_of("lines.npz")
    del arrays["known.network.weights2"], arrays["known.network.biases2"]
    np.savez(tmp_path / "mine.npz", **arrays)  # type: ignore[arg-type]
    assert refused("lines.npz", tmp_path / "mine.npz")


def test_flipped_and_cut_bytes_are_refused_or_say_the_same(name: str, tmp_path: Path) -> None:
    """The archive has a checksum of each array; what it does not cover is read by nobody."""
    body, chance, path = own(name), random.Random(name), tmp_path / "mine.npz"
    whole = arrays_of(name)
    for number in range(30):
        place = chance.randrange(len(body)) if number % 3 else len(body) - 1 - chance.randrange(3_000)
        damaged = (
            body[:place]
            if number % 5 == 0
            else body[:place] + bytes([body[place] ^ 1 << chance.randrange(8)]) + body[place + 1 :]
        )
        path.write_bytes(damaged)
        if not refused(name, path):
            with np.load(path) as found:
                assert all(np.array_equal(found[key], whole[key]) for key in whole)


def _not_a_number(arrays: Arrays, key: str) -> None:
    arrays[key] = arrays[key].astype(np.float64)
    arrays[key].flat[0] = np.nan


def _huge(arrays: Arrays, key: str) -> None:
    arrays[key] = arrays[key].astype(np.int64)
    arrays[key].flat[0] = 1 << 40


DAMAGES: dict[str, Callable[[Arrays, str], None]] = {
    "missing": lambda arrays, key: arrays.__delitem__(key),
    "not a number": _not_a_number,
    "words": lambda arrays, key: arrays.__setitem__(key, np.array(["a", "b"])),
    "empty": lambda arrays, key: arrays.__setitem__(key, arrays[key].ravel()[:0]),
    "three dimensions": lambda arrays, key: arrays.__setitem__(key, np.zeros((2, 2, 2))),
}
TREES = ("tree", "feature", "first", "last")


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_archive_whose_arrays_do_not_fit_is_refused(name: str, damage: str, tmp_path: Path) -> None:
    place = list(DAMAGES).index(damage)
    for key in list(arrays_of(name))[place :: len(DAMAGES)]:
        arrays = arrays_of(name)
        DAMAGES[damage](arrays, key)
        path = tmp_path / f"{key}.npz"
        np.savez(path, **arrays)  # type: ignore[arg-type]
        assert refused(name, path), key


@pytest.mark.parametrize("part", TREES)
def test_trees_that_name_what_cannot_be_are_refused(name: str, part: str, tmp_path: Path) -> None:
    keys = [key for key in arrays_of(name) if key.rpartition(".")[2] == part]
    for key in keys[:1]:
        arrays = arrays_of(name)
        _huge(arrays, key)
        path = tmp_path / f"{key}.npz"
        np.savez(path, **arrays)  # type: ignore[arg-type]
        assert refused(name, path), key


class _Opened:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("opened",)


def test_a_pickle_is_not_opened(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arrays = arrays_of(name)
    for key in list(arrays)[::10]:
        packed = np.empty(1, object)
        packed[0] = _Opened()
        np.savez("mine.npz", **{**arrays, key: packed})  # type: ignore[arg-type]
        assert refused(name, Path("mine.npz"))
    assert not Path("opened").exists()


def test_an_archive_that_unpacks_to_too_much_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("words.keys.npy", "w") as member,
    ):
        for _ in range(1_100):
            member.write(bytes(1_000_000))
    assert path.stat().st_size < 10_000_000
    assert refused(name, path)


def test_a_file_that_was_written_again_is_read_again(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(own(name))
    assert MODELS[name](str(path)) is MODELS[name](str(path))
    path.write_bytes(b"no weights")
    assert refused(name, path)
