"""What input files hold: a look at each before shards are cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.engines.watch import Watch
from pipeline.errors import Reject
from pipeline.ingest import ingest
from pipeline.settings import IngestSettings
from pipeline.sources import read_items


def scan_chunk(chunk: tuple[tuple[tuple[str, str], ...], IngestSettings], watch: Watch) -> list[list[dict[str, Any]]]:
    """Return for each (file, path) what it holds, in order: a dict for each item with record, id, site, bytes and where it
    begins, or with a fault."""
    files, settings = chunk
    found = [sorted(_scan(Path(file), path, settings, watch), key=_record) for file, path in files]
    watch.rest()
    return found


def _record(item: dict[str, Any]) -> int:
    record: int = item["record"]
    return record


def _scan(file: Path, path: str, settings: IngestSettings, watch: Watch) -> Iterator[dict[str, Any]]:
    banned: list[dict[str, Any]] = []

    def is_wanted(record: int) -> bool:
        try:
            watch.enter(f"{path}\n{record}")
        except Reject as reject:
            banned.append(_fault(record, "", reject))
            return False
        return True

    try:
        for item in read_items(file, path, settings, is_wanted):
            try:
                page = ingest(item, settings)
            except Reject as reject:
                yield _fault(item.record, item.id, reject)
                continue
            finally:
                watch.leave()
            yield {
                "record": page.record,
                "id": page.id,
                "site": page.site,
                "bytes": len(page.body),
                "start": item.start,
                "digest": item.digest,
            }
    except OSError as error:
        yield _fault(0, "", Reject("unreadable", error.strerror or str(error)))
    yield from banned


def _fault(record: int, item_id: str, reject: Reject) -> dict[str, Any]:
    is_page = reject.reason != "not-a-page"
    return {"record": record, "id": item_id, "fault": reject.reason, "detail": reject.detail, "is_page": is_page}
