"""The columns of stage data. A row is a value of the model; a tuple of values inside it becomes parallel list columns.

    Document.blocks: tuple[Block, ...]   →   blocks.index: list<int64>, blocks.text: list<string>, …

So a stage's Parquet files can be read by DuckDB or pandas, and by any code that takes only the columns it needs.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import pyarrow as pa

Row = TypeVar("Row")

# Arrow's own allocator keeps what it is given back: a process that has read many tables stays half as large again.
pa.set_memory_pool(pa.system_memory_pool())

_SCALARS: dict[type[Any], Any] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.large_binary(),
}


@dataclass(frozen=True, slots=True)
class _Column:
    """One Arrow column: its name, its type, and how a row gives its value."""

    name: str
    type: Any
    get: Callable[[Any], Any]


def columns_of(kind: type[Any]) -> list[_Column]:
    """Return the columns in which rows of the model class `kind` are stored."""
    return [column for name, hint in _hints(kind).items() for column in _columns(name, hint)]


def to_table(rows: Sequence[Any], kind: type[Any]) -> pa.Table:
    """Return rows of the model class `kind` as an Arrow table."""
    columns = columns_of(kind)
    arrays = [pa.array([column.get(row) for row in rows], type=column.type) for column in columns]
    return pa.Table.from_arrays(arrays, schema=pa.schema([(column.name, column.type) for column in columns]))


def to_rows(table: pa.Table, kind: type[Row]) -> list[Row]:
    """Return the rows of a table; a column that was not read takes the value that its type has when empty."""
    values = {name: table.column(name).to_pylist() for name in table.column_names}
    return [_build(kind, "", values, place) for place in range(table.num_rows)]


def _columns(name: str, hint: Any) -> Iterable[_Column]:
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        for inner, inner_hint in _hints(hint).items():
            for column in _columns(inner, inner_hint):
                yield _Column(f"{name}.{column.name}", column.type, _nested(name, column.get))
        return
    item = _item(hint)
    if item is not None and dataclasses.is_dataclass(item):
        assert isinstance(item, type)
        for inner, inner_hint in _hints(item).items():
            yield _Column(f"{name}.{inner}", pa.list_(_scalar(inner_hint)), _listed(name, inner))
    elif item is not None:
        yield _Column(name, pa.list_(_scalar(item)), lambda row: list(getattr(row, name)))
    elif typing.get_origin(hint) is dict:
        yield _Column(name, pa.map_(pa.string(), pa.string()), lambda row: list(getattr(row, name).items()))
    else:
        yield _Column(name, _scalar(hint), lambda row: getattr(row, name))


def _nested(name: str, get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: get(getattr(row, name))


def _listed(name: str, inner: str) -> Callable[[Any], Any]:
    return lambda row: [getattr(item, inner) for item in getattr(row, name)]


def _build(kind: type[Row], prefix: str, values: dict[str, list[Any]], place: int) -> Row:
    fields: dict[str, Any] = {}
    for name, hint in _hints(kind).items():
        full = prefix + name
        item = _item(hint)
        if dataclasses.is_dataclass(hint):
            assert isinstance(hint, type)
            fields[name] = _build(hint, f"{full}.", values, place)
        elif item is not None and dataclasses.is_dataclass(item):
            assert isinstance(item, type)
            fields[name] = _build_items(item, full, values, place)
        elif full not in values:
            fields[name] = _empty(hint)
        elif item is not None:
            fields[name] = tuple(values[full][place])
        elif typing.get_origin(hint) is dict:
            fields[name] = dict(values[full][place])
        else:
            fields[name] = _value(hint, values[full][place])
    return kind(**fields)


def _build_items(kind: type[Any], prefix: str, values: dict[str, list[Any]], place: int) -> tuple[Any, ...]:
    """Return the items that parallel list columns hold for one row."""
    hints = _hints(kind)
    if f"{prefix}.{next(iter(hints))}" not in values:
        return ()
    lists = []
    for name, hint in hints.items():
        column = values[f"{prefix}.{name}"][place]
        lists.append([hint(value) for value in column] if isinstance(hint, type) and issubclass(hint, StrEnum) else column)
    return tuple(kind(*items) for items in zip(*lists, strict=True))


def _hints(kind: type[Any]) -> dict[str, Any]:
    """Return the types of a class's fields; kept, since they are asked for with each row."""
    if kind not in _known_hints:
        _known_hints[kind] = typing.get_type_hints(kind)
    return _known_hints[kind]


_known_hints: dict[type[Any], dict[str, Any]] = {}


def _item(hint: Any) -> Any:
    """Return the type of the items if `hint` is `tuple[item, ...]`, else None."""
    return typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else None


def _scalar(hint: Any) -> Any:
    return pa.string() if issubclass(hint, StrEnum) else _SCALARS[hint]


def _value(hint: Any, value: Any) -> Any:
    return hint(value) if issubclass(hint, StrEnum) else value


def _empty(hint: Any) -> Any:
    if typing.get_origin(hint) is tuple:
        return ()
    if typing.get_origin(hint) is dict:
        return {}
    return next(iter(hint)) if issubclass(hint, StrEnum) else hint()
