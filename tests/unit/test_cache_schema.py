"""Stage data: every row of the model comes back from its columns as it was."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cache.schema import columns_of, to_rows, to_table
from pipeline.model import (
    CleanDocument,
    Document,
    Facts,
    Fault,
    Judgement,
    Page,
    RepairedDocument,
    SiteCounts,
    SiteTemplate,
)

_TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(["", "naïve 🙂 عربي 日本", "a\x00b\n\t", "\u2028", "'\"\\,"]))
st.register_type_strategy(str, _TEXTS)
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False))
ROWS: list[type[Any]] = [Page, Document, SiteCounts, SiteTemplate, Judgement, RepairedDocument, CleanDocument, Fault]


def _rows_of(kind: type[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.from_type(kind), max_size=4)


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_rows_come_back_as_they_were(kind: type[Any], data: st.DataObject) -> None:
    rows = data.draw(_rows_of(kind))
    table = to_table(rows, kind)
    assert table.num_rows == len(rows)
    assert table.column_names == [column.name for column in columns_of(kind)]
    assert to_rows(table, kind) == rows


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
def test_rows_survive_the_disk(tmp_path: Path, kind: type[Any]) -> None:
    row = _full(kind)
    pq.write_table(to_table([row, row], kind), tmp_path / "t.parquet", compression="zstd")
    [one, other] = to_rows(pq.read_table(tmp_path / "t.parquet"), kind)
    assert one == other == row
    assert all(type(getattr(one, field.name)) is type(getattr(row, field.name)) for field in dataclasses.fields(kind))


def _full(kind: type[Any]) -> Any:
    """Return a row whose every text, number and list holds something."""
    hints = {"str": "ä🙂", "int": 7, "float": 0.5, "bool": True, "bytes": b"\x00\xff", "dict[str, str]": {"b": "1", "a": "2"}}
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        hint = str(field.type)
        inner = hint.removeprefix("tuple[").removesuffix(", ...]")
        value = hints[inner] if inner in hints else _named(inner)
        values[field.name] = (value, value) if hint.startswith("tuple[") else value
    return kind(**values)


def _named(name: str) -> Any:
    import pipeline.model as model

    kind = getattr(model, name)
    return _full(kind) if dataclasses.is_dataclass(kind) else list(kind)[-1]


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
def test_no_rows_are_a_table_with_the_same_columns(kind: type[Any]) -> None:
    assert to_table([], kind).schema == to_table([_full(kind)], kind).schema
    assert to_rows(to_table([], kind), kind) == []


def test_columns_can_be_read_by_others() -> None:
    schema = to_table([], Document).schema
    assert schema.field("blocks.text").type == pa.list_(pa.string())
    assert schema.field("facts.authors").type == pa.list_(pa.string())
    assert schema.field("media").type == pa.string()
    assert to_table([], Page).schema.field("body").type == pa.large_binary()


def test_columns_that_were_not_read_are_empty() -> None:
    document = _full(Document)
    table = to_table([document], Document)
    [found] = to_rows(table.select([name for name in table.column_names if name != "html"]), Document)
    assert found == dataclasses.replace(document, html="")
    [bare] = to_rows(table.select(["id"]), Document)
    assert (bare.id, bare.blocks, bare.facts, bare.record) == ("ä🙂", (), Facts(), 0)
