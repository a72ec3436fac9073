"""What a stage's results depend on besides its input: code, settings, knowledge, libraries."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.metadata
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_OPTIONAL = frozenset(("lxml", "charset-normalizer", "cchardet", "faust-cchardet", "chardet", "html5lib", "py3langid"))
_REQUIREMENT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def digest(value: Any) -> str:
    """Return the digest of a JSON value, its keys in order."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sources_of(package: str) -> dict[str, str]:
    """Return the digest of each module of a package and of the modules of `pipeline` that these import, by name.

    The files in a package's folder `weights` are part of it. Imports inside functions count; those for type checkers alone count
    too, which costs a rerun at most.
    """
    found: dict[str, str] = {}
    waiting = [
        f"{package}.{path.relative_to(_ROOT / _below(package)).with_suffix('').as_posix().replace('/', '.')}"
        for path in sorted((_ROOT / _below(package)).rglob("*.py"))
    ]
    while waiting:
        name = waiting.pop().removesuffix(".__init__")
        if name in found:
            continue
        path = _file_of(name)
        if path is None:
            continue
        source = path.read_bytes()
        found[name] = hashlib.sha256(source).hexdigest()
        waiting += _imports(source)
        for data in sorted(path.parent.glob("weights/*")) if path.name == "__init__.py" else ():
            found[f"{name}/{data.name}"] = digest_of_file(data)
    return dict(sorted(found.items()))


def digest_of_module(module: str) -> str:
    """Return the digest of one module of `pipeline`, without what it imports."""
    path = _file_of(module)
    assert path is not None, module
    return digest_of_file(path)


def versions_of(distributions: Iterable[str]) -> dict[str, str]:
    """Return the versions of distributions and of all that they may use and that is installed, and of Python itself.

    Of optional requirements those count that change results and are installed, such as cchardet, with which trafilatura decodes.
    """
    found: dict[str, str] = {}
    waiting = list(distributions)
    while waiting:
        name = _normal(waiting.pop())
        if name in found:
            continue
        known = _distribution(name)
        if known is None:
            continue
        found[name], requires = known
        waiting += requires
    found["python"] = f"{sys.version_info.major}.{sys.version_info.minor}"
    found["unicode-data"] = unicodedata.unidata_version
    return dict(sorted(found.items()))


def base_digest(parts: Mapping[str, Any]) -> str:
    """Return the digest of what a stage depends on besides its input."""
    return digest(dict(parts))


@lru_cache(maxsize=512)
def _distribution(name: str) -> tuple[str, tuple[str, ...]] | None:
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    requires = [(line, match[0]) for line in found.requires or () if (match := _REQUIREMENT.match(line))]
    return found.version, tuple(name for line, name in requires if "extra ==" not in line or _normal(name) in _OPTIONAL)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _below(module: str) -> str:
    return module.removeprefix("pipeline").lstrip(".").replace(".", "/")


def _file_of(module: str) -> Path | None:
    base = _ROOT / _below(module)
    for path in (base / "__init__.py", base.with_suffix(".py")):
        if path.is_file():
            return path
    return None


@lru_cache(maxsize=1024)
def _imports(source: bytes) -> tuple[str, ...]:
    """Return the modules of `pipeline` that a source imports, and for `from x import y` both x and x.y."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(name for name in names if name.startswith("pipeline."))
