"""Input paths to files: everything below a folder is listed once, under a name of its own, or named as a fault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.sources.folders import list_inputs


def _fill(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")
    return root


def _paths(*inputs: Path, exclude: tuple[str, ...] = (), own: tuple[Path, ...] = ()) -> list[str]:
    return [listed.path for listed in list_inputs([str(path) for path in inputs], exclude, own)]


def test_files_are_listed_by_name_below_their_root(tmp_path: Path) -> None:
    _fill(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", "B.txt", "a.txt")
    assert _paths(tmp_path) == ["B.txt", "a.txt", "a/b/c.txt", "a/z.txt", "b.txt"]


def test_a_file_is_an_input_under_its_own_name(tmp_path: Path) -> None:
    _fill(tmp_path, "a/page.txt", "a/.hidden.txt")
    assert _paths(tmp_path / "a/page.txt", tmp_path / "a/.hidden.txt") == [".hidden.txt", "page.txt"]


def test_dot_files_and_dot_folders_below_an_input_are_none(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt", ".DS_Store", ".git/config", "a/.b/c.txt", "a/d.txt")
    assert _paths(tmp_path) == ["a.txt", "a/d.txt"]


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ((), ["README.md", "a.txt", "sub/README.md", "sub/b.tmp"]),
        (("README.md",), ["a.txt", "sub/README.md", "sub/b.tmp"]),
        (("*.md",), ["a.txt", "sub/b.tmp"]),
        (("sub/*",), ["README.md", "a.txt"]),
        (("*.tmp", "a.*"), ["README.md", "sub/README.md"]),
        (("readme.md", "sub"), ["README.md", "a.txt", "sub/README.md", "sub/b.tmp"]),
    ],
)
def test_exclude_leaves_out_what_its_globs_name(tmp_path: Path, exclude: tuple[str, ...], left: list[str]) -> None:
    _fill(tmp_path, "README.md", "a.txt", "sub/README.md", "sub/b.tmp")
    assert _paths(tmp_path, exclude=exclude) == left


def test_the_runs_own_folders_are_no_inputs(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt", "out/pages.jsonl", "cache/entries/x", "outside.txt")
    assert _paths(tmp_path, own=(tmp_path / "out", tmp_path / "a/../cache")) == ["a.txt", "outside.txt"]


def test_a_pipe_is_listed_as_a_fault_and_never_opened(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    _, pipe = list_inputs([str(tmp_path)])
    assert (pipe.path, pipe.fault, pipe.is_page) == ("pipe.txt", "not-a-file", False)
    [alone] = list_inputs([str(tmp_path / "pipe.txt")])
    assert alone.fault == "not-a-file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders_are_faults(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt", "b.txt", "locked/c.txt")
    (tmp_path / "b.txt").chmod(0)
    (tmp_path / "locked").chmod(0)
    try:
        found = list_inputs([str(tmp_path)])
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert [(one.path, one.fault) for one in found] == [("a.txt", ""), ("b.txt", "unreadable"), ("locked", "unreadable")]


def test_a_link_that_leads_nowhere_is_a_fault(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "ring.txt").symlink_to(tmp_path / "ring.txt")
    assert [(one.path, one.fault) for one in list_inputs([str(tmp_path)])] == [
        ("a.txt", ""), ("gone.txt", "unreadable"), ("ring.txt", "unreadable"),
    ]  # fmt: skip


def test_a_loop_of_folders_ends_and_lists_each_file_once(tmp_path: Path) -> None:
    _fill(tmp_path, "a/b.txt")
    (tmp_path / "a/up").symlink_to(tmp_path, target_is_directory=True)
    files = [one for one in list_inputs([str(tmp_path)]) if not one.fault]
    assert [one.path for one in files] == ["a/b.txt"]


def test_a_link_to_a_folder_is_not_left_out_in_silence(tmp_path: Path) -> None:
    _fill(tmp_path, "elsewhere/a.txt", "in/b.txt")
    (tmp_path / "in/linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert any(one.path.startswith("linked") for one in list_inputs([str(tmp_path / "in")]))


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    _fill(tmp_path, "elsewhere/a.txt", "in/b.txt")
    (tmp_path / "in/a.txt").symlink_to(tmp_path / "elsewhere/a.txt")
    assert [(one.path, one.fault) for one in list_inputs([str(tmp_path / "in")])] == [("a.txt", ""), ("b.txt", "")]


def test_same_name_below_two_roots_gets_a_number(tmp_path: Path) -> None:
    _fill(tmp_path, "one/x.tar.txt", "two/x.tar.txt", "three/x.tar.txt", "one/x.tar~2.txt", "one/only.txt", "one/x~2.tar.txt")
    found = list_inputs([str(tmp_path / name) for name in ("one", "two", "three")])
    assert len({one.path for one in found}) == len(found) == 6
    assert {"x.tar.txt", "x~2.tar.txt", "x~3.tar.txt", "only.txt"} <= {one.path for one in found}
    assert next(one.file for one in found if one.path == "x.tar.txt") == tmp_path / "one/x.tar.txt"


def test_name_that_is_not_utf8_becomes_valid_unicode_and_stays_apart(tmp_path: Path) -> None:
    for raw in (b"caf\xe9.txt", "café.txt".encode(), b"caf\\xe9.txt", b"a\nb.txt"):
        (tmp_path / os.fsdecode(raw)).write_bytes(raw)
    found = list_inputs([str(tmp_path)])
    assert len({one.path.encode("utf-8") for one in found}) == 4
    assert {one.file.read_bytes() for one in found} == {b"caf\xe9.txt", "café.txt".encode(), b"caf\\xe9.txt", b"a\nb.txt"}


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    _fill(tmp_path, "a.txt")
    with pytest.raises(UsageError, match=r"nowhere: no such file"):
        list_inputs([str(tmp_path), str(tmp_path / "nowhere")])


@pytest.mark.parametrize("names", [[], [".hidden"], ["a.md"]])
def test_nothing_to_clean_is_an_error(tmp_path: Path, names: list[str]) -> None:
    _fill(tmp_path, *names)
    with pytest.raises(UsageError, match="nothing to clean"):
        list_inputs([str(tmp_path)], exclude=["*.md"])


def test_no_inputs_are_an_error() -> None:
    with pytest.raises(UsageError, match="no inputs"):
        list_inputs([])
