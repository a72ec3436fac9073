"""The table of texts in the wild, those that must stay, and those that we still get wrong; and what holds for any text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoding import repair_texts, replay
from pipeline.errors import Reject
from pipeline.ingest.unpack import unpack
from pipeline.settings import EncodingSettings
from pipeline.text.charsets import decode

HERE = Path(__file__).parent
SENTENCES = HERE.parent.parent / "benchmarks" / "encoding" / "sentences"
HARD = HERE.parent.parent / "benchmarks" / "encoding" / "hard.txt"
CASES = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))["case"]
SETTINGS = EncodingSettings()


@dataclass(frozen=True)
class Repaired:
    """A page after the encoding stage."""

    lines: list[str]
    is_replayed: bool


def repaired(text: str, settings: EncodingSettings = SETTINGS) -> Repaired:
    lines, repairs = repair_texts(text.split("\n"), settings)
    return Repaired(lines, all(replay(one) == one.after for one in repairs))


def _params() -> list[Any]:
    marks = {True: lambda why: [pytest.mark.xfail(reason=why, strict=True)], False: lambda _: []}
    return [pytest.param(case, id=case["name"], marks=marks["known" in case](case.get("known", ""))) for case in CASES]


@pytest.mark.parametrize("case", _params())
def test_case(case: dict[str, Any]) -> None:
    after = case["before"] if case.get("stay") else case["after"]
    found = repaired(case["before"])
    assert "\n".join(found.lines) == after
    assert found.is_replayed
    assert repaired(after).lines == after.split("\n")


@pytest.mark.parametrize("path", sorted(SENTENCES.glob("*.txt")), ids=lambda path: path.stem)
def test_well_text_stays(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert repaired(text).lines == text.split("\n")
    for line in text.split("\n"):
        assert repaired(line).lines == [line]


@pytest.mark.parametrize("line", HARD.read_text(encoding="utf-8").splitlines())
def test_hard_line_stays(line: str) -> None:
    assert repaired(line).lines == [line]


@pytest.mark.parametrize("charset", ["cp1252", "latin-1", "cp1250", "cp1251", "cp1254", "mac-roman", "cp437"])
@pytest.mark.parametrize("language", ["fr", "de", "pl", "ru", "el", "tr", "ja", "zh", "ar", "vi"])
def test_damaged_page_comes_back(language: str, charset: str) -> None:
    text = "\n".join((SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()[:8])
    damaged = "".join(_char(code, charset) for code in text.encode())
    found = repaired(damaged)
    assert "\n".join(found.lines) == text
    assert found.is_replayed


def _char(code: int, charset: str) -> str:
    char = bytes([code]).decode(charset, "replace")
    return chr(code) if char == "\ufffd" else char


_PIECES = st.sampled_from(
    [
        *(
            "crème ",
            "Ã©",
            "â€™",
            "Â ",
            "Ã ",
            "&amp;",
            "&lt;b&gt;",
            "amp;",
            "&",
            "\x01",
            "\x85",
            "Привет ",
            "РџСЂРё",
            "<b>",
            "`",
            "é",
            "“ok”",
        ),
        *(
            " ",
            "\u00a0",
            "x",
            "\u200c",
            "\u202e",
            "\ufffd",
            "Ïðèâåò ",
            "├®",
            "&#128;",
            "&Atilde;",
            "&copy;",
            "\n",
            "’",
            "ш",
            "語",
            "ç",
        ),
    ]
)


@given(st.one_of(st.lists(_PIECES, max_size=12).map("".join), st.text(max_size=40)))
def test_repairing_twice_is_repairing_once_and_the_log_replays(text: str) -> None:
    once = repaired(text)
    assert once.is_replayed
    assert repaired("\n".join(once.lines)).lines == once.lines


@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=shift_jis", "text/plain; charset=koi8-r", "charset=x"]))
def test_no_bytes_raise(body: bytes, media_type: str) -> None:
    found = decode(body, media_type)
    assert found.text.encode("utf-8", "strict").decode("utf-8") == found.text
    assert 0.0 <= found.confidence <= 1.0
    assert found.why


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x78\x9c", b"\x8b\x02\x80"]))
def test_no_packed_bytes_raise_anything_but_a_reject(body: bytes, head: bytes) -> None:
    try:
        opened = unpack(head + body, 100_000, 100.0)
    except Reject as reject:
        assert reject.reason
    else:
        assert len(opened) <= 100_000


@given(st.sampled_from(sorted(SENTENCES.glob("*.txt"))), st.integers(0, 5), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_unicode_comes_back_whole(path: Path, at: int, charset: str) -> None:
    text = "\n".join(path.read_text(encoding="utf-8").splitlines()[at : at + 3])
    assert decode(text.encode(charset), "text/html; charset=iso-8859-1").text == text
