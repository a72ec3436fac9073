"""Imports point down only: the order of the layers is the architecture."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("ingest", "segment", "survey", "chrome", "encoding", "normalise", "publish")
# From the bottom up; modules of one row may not import each other unless they are in TOGETHER.
LAYERS = (
    ("errors", "settings", "model", "collector"),
    ("text",),
    ("learned",),
    STAGES,
    ("knowledge", "chain", "sources", "sinks"),
    ("train",),
    ("cache",),
    ("engines",),
    ("batch",),
    ("tasks",),
    ("cli",),
)
TOGETHER = {("settings", "errors"), ("model", "errors"), ("chain", "knowledge")}
ALONE = {"luigi": "tasks", "typer": "cli", "rich": "cli"}
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("pipeline", "tasks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = "tasks" if package == "tasks" else parts[1]
            if name != "__init__":
                yield name, path


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Return (top-level package, second part) of each import, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            first, _, rest = name.partition(".")
            yield first, rest.partition(".")[0]


@pytest.mark.parametrize(("layer", "path"), list(modules()), ids=lambda value: str(value)[-40:])
def test_imports_point_down(layer: str, path: Path) -> None:
    for first, second in imported(path):
        other = "tasks" if first == "tasks" else second if first == "pipeline" else ""
        if other in RANK and other != layer:
            below = RANK[other] < RANK[layer] or (layer, other) in TOGETHER
            assert below, f"{layer} imports {other}, which is not below it"


@pytest.mark.parametrize(("layer", "path"), list(modules()), ids=lambda value: str(value)[-40:])
def test_libraries_stay_where_they_belong(layer: str, path: Path) -> None:
    for first, _ in imported(path):
        if first in ALONE:
            assert layer == ALONE[first], f"{first} is known in {ALONE[first]} alone"


def test_every_module_has_a_layer() -> None:
    assert {name for name, _ in modules()} == set(RANK)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_does_no_input_or_output(stage: str) -> None:
    """A stage is a function of its arguments: no files, clock, network, environment, logging."""
    barred = {
        "os",
        "sys",
        "io",
        "pathlib",
        "logging",
        "time",
        "datetime",
        "random",
        "socket",
        "subprocess",
        "urllib.request",
        "tempfile",
    }
    for path in sorted((ROOT / "pipeline" / stage).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
                if node.module == "pathlib":
                    names = [] if all(a.name == "PurePosixPath" for a in node.names) else names
            assert not barred.intersection(names), f"{path.name} imports {barred.intersection(names)}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("open", "print", "input"), f"{path.name} calls {node.func.id}"
