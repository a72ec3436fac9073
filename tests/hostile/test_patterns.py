"""No regular expression of ours goes back without end: each meets long lines made of what it looks for.

Rules are RE2, which cannot; these are the expressions of Python's `re` in the code. They run in a process of their own whose CPU time
the system limits, at many times what they need: one that takes time with the square of the length does not end within it.
"""

from __future__ import annotations

import importlib
import itertools
import os
import pkgutil
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import pipeline

ROOT = Path(__file__).resolve().parent.parent.parent
LENGTH = 8_000
MOST_PIECES = 9
CPU_SECONDS = 60
# Asked of markup alone in which each `<` has its end: what a parser wrote, or a page up to its last `>`.
OF_WHOLE_TAGS = tuple(f"pipeline.segment.markup.{name}[0]" for name in ("_COMMENT", "_FRAMES", "_SCRIPTS", "_TAG", "_VERBATIM"))
AT_THE_BEGINNING = ("pipeline.ingest.media._HTML_START[0]",)  # asked nowhere else


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Return the compiled expressions that stand in modules of the package, by name."""
    for module in sorted(one.name for one in pkgutil.walk_packages(pipeline.__path__, "pipeline.")):
        if ".train" in module or module.endswith("__main__"):
            continue
        for name, value in sorted(vars(importlib.import_module(module)).items()):
            found = value if isinstance(value, tuple | list) else [value]
            for number, one in enumerate(found):
                if isinstance(one, re.Pattern):
                    yield f"{module}.{name}[{number}]", one


def pieces(pattern: re.Pattern[Any]) -> list[str]:
    """Return short texts that parts of an expression match: its literals, and a sign of each class."""
    found: dict[str, None] = {}

    def walk(part: Any) -> str:
        run = literals = ""
        for kind, value in part:
            if kind is code.LITERAL:
                run += chr(value)
                literals += chr(value)
                continue
            found.setdefault(literals)
            literals = ""
            inner = [sub for sub in _inner(kind, value) if sub]
            for sub in inner:
                found.setdefault(walk(sub))
            run += _sign(kind, value) if not inner else ""
        found.setdefault(literals)
        found.setdefault(run)
        return run

    found.setdefault(walk(parser.parse(pattern.pattern, pattern.flags)))
    whole = [piece for piece in found if piece]
    return [*whole, *(sign for sign in (" ", "a") if sign not in found)][:MOST_PIECES]


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is code.SUBPATTERN:
        return [value[3]]
    if kind is code.BRANCH:
        return list(value[1][:3])
    if kind in (code.ASSERT, code.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is code.ATOMIC_GROUP else []


def _sign(kind: Any, value: Any) -> str:
    """Return a sign that a class matches, "" for what matches no sign."""
    if kind is code.ANY:
        return "x"
    if kind is code.NOT_LITERAL:
        return "y"
    if kind is not code.IN:
        return ""
    for sign in ("a", " ", "1", ".", "-", "\u00e9", "\u00c3", '"'):
        if re.match(_class(value), sign):
            return sign
    return next((chr(one if what is code.LITERAL else one[0]) for what, one in value if what in (code.LITERAL, code.RANGE)), "")


def _class(value: Any) -> str:
    names = {
        code.CATEGORY_SPACE: r"\s", code.CATEGORY_NOT_SPACE: r"\S", code.CATEGORY_WORD: r"\w", code.CATEGORY_NOT_WORD: r"\W",
        code.CATEGORY_DIGIT: r"\d", code.CATEGORY_NOT_DIGIT: r"\D",
    }  # fmt: skip
    text = ""
    for kind, one in value:
        if kind is code.NEGATE:
            text += "^"
        elif kind is code.LITERAL:
            text += f"\\U{one:08x}"
        elif kind is code.RANGE:
            text += f"\\U{one[0]:08x}-\\U{one[1]:08x}"
        elif kind is code.CATEGORY:
            text += names[one]
    return f"[{text}]"


def hostile_lines(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Return long texts of pieces of an expression, alone and in pairs, each with an end that spoils a match."""
    own = pieces(pattern)
    for unit in dict.fromkeys([*own, *(a + b for a, b in itertools.permutations(own, 2))]):
        yield unit * (LENGTH // len(unit)) + "\x00"
    for first, unit in itertools.permutations([*own, "\n"], 2):
        yield first + unit * (LENGTH // len(unit)) + "x\nx"


def meet_all() -> None:
    """Let each expression look for itself in its hostile lines."""
    for name, pattern in patterns():
        print(name, flush=True)
        if name in OF_WHOLE_TAGS:
            continue
        for line in hostile_lines(pattern):
            text: Any = line if isinstance(pattern.pattern, str) else line.encode("utf-8", "replace")
            pattern.match(text)
            if name not in AT_THE_BEGINNING:
                sum(1 for _ in pattern.finditer(text))


def test_patterns_end_in_time() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))

    command = [sys.executable, "-c", "from tests.hostile.test_patterns import meet_all; meet_all()"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, preexec_fn=limit, check=False)
    seen = done.stdout.split()
    assert done.returncode == 0, f"{seen[-1:]}: {done.stderr[-500:]}"
    assert len(seen) > 80


@pytest.mark.parametrize(("expression", "expected"), [(r"(?:<!--.*?-->\s*)*<p", "<!--"), (r"(a+)+b", "a"), (r"[^\W_]+x", "a")])
def test_pieces_hold_what_an_expression_looks_for(expression: str, expected: str) -> None:
    assert any(piece.startswith(expected) for piece in pieces(re.compile(expression)))
