"""The rows of one table of a result, packed group by group as they come: no more than a group of them is held as values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")

GROUP_ROWS = 16
_GROUP_CHARS = 4_000_000  # a group is closed before that many rows if they are as large as that


class Table(Generic[Row]):
    """Rows of one model class on their way into a Parquet file; its bytes depend on the rows and their order alone."""

    def __init__(self, kind: type[Row], rows: Iterable[Row] = ()) -> None:
        self.count = 0
        self._kind = kind
        self._texts = [field.name for field in dataclasses.fields(kind) if field.type in ("str", "bytes")]  # type: ignore[arg-type]
        self._group: list[Row] = []
        self._chars = 0
        self._sink: Any = None
        self._writer: Any = None
        self.extend(rows)

    def append(self, row: Row) -> None:
        """Add a row."""
        self.count += 1
        self._group.append(row)
        self._chars += sum(len(getattr(row, name)) for name in self._texts)
        if len(self._group) >= GROUP_ROWS or self._chars >= _GROUP_CHARS:
            self._close_group()

    def extend(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for row in rows:
            self.append(row)

    def packed(self) -> memoryview:
        """Return the bytes of the file, and none if there are no rows; nothing can be added any more."""
        if not self.count:
            return memoryview(b"")
        self._close_group()
        self._writer.close()
        return memoryview(self._sink.getvalue())

    def _close_group(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        from pipeline.cache.schema import to_table

        if not self._group:
            return
        group = to_table(self._group, self._kind)
        if self._writer is None:
            self._sink = pa.BufferOutputStream()
            self._writer = pq.ParquetWriter(self._sink, group.schema, compression="zstd", compression_level=3)
        self._writer.write_table(group)
        self._group, self._chars = [], 0


def rows_in(path: Path, kind: type[Row], columns: list[str] | None = None) -> Iterator[Row]:
    """Return the rows of a file one by one; it is open only while a group is read, and a group is held in its packed form.

    Raises OSError or pyarrow's ArrowException for a file that cannot be read.
    """
    import pyarrow.parquet as pq

    from pipeline.cache.schema import to_rows

    with pq.ParquetFile(path) as file:
        groups = file.num_row_groups
    for number in range(groups):
        with pq.ParquetFile(path) as file:
            group = file.read_row_group(number, columns=columns, use_threads=False)
        for place in range(group.num_rows):
            yield from to_rows(group.slice(place, 1), kind)
