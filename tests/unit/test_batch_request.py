"""What is asked for: settings file, options and dates become one set of settings."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from pipeline.batch.request import Request, checked_date
from pipeline.errors import SettingsError, UsageError


def test_options_beat_the_file_and_the_file_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[run]\ninputs = ["in"]\noutput = "file"\njobs = 3\nmax_reject = 0.2\n', encoding="utf-8")
    run = Request(output="asked", config=str(file), max_reject=0.0).settings().run
    assert (run.inputs, run.output, run.jobs, run.max_reject, run.cache) == (("in",), "asked", 3, 0.0, ".dechrome")
    assert Request(inputs=("other",), config=str(file)).settings().run.inputs == ("other",)
    assert Request(jobs=0, config=str(file)).settings().run.jobs == 0


def test_date_is_filled_in_where_it_is_asked_for() -> None:
    run = (
        Request(inputs=("in/{date}", "{date}-{date}", "fixed"), output="out/{date}", name="daily-{date}", date="2026-11-21")
        .settings()
        .run
    )
    assert run.inputs == ("in/2026-11-21", "2026-11-21-2026-11-21", "fixed")
    assert (run.output, run.name) == ("out/2026-11-21", "daily-2026-11-21")


def test_without_a_date_it_is_today() -> None:
    before = datetime.date.today().isoformat()
    found = Request(inputs=("in/{date}",)).settings().run.inputs
    assert found in {(f"in/{before}",), (f"in/{datetime.date.today().isoformat()}",)}


@pytest.mark.parametrize("text", ["2026-11-21", "2024-02-29", "1999-01-01"])
def test_a_day_is_a_date(text: str) -> None:
    assert checked_date(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-29",
        "2026-13-01",
        "20261121",
        "21.11.2026",
        "2026-11-21T10",
        "2026-1-2",
        " 2026-11-21",
        "2026-11-21\n",
        "２０２６-11-21",
        "../x",
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    with pytest.raises(UsageError, match="--date"):
        checked_date(text)


@pytest.mark.parametrize("inputs", [("in",), ("in/{date}",)])
def test_wrong_date_is_an_error_even_if_nothing_asks_for_it(inputs: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="2026-02-30"):
        Request(inputs=inputs, date="2026-02-30").settings()


def test_no_inputs_are_an_error_that_says_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"\[run\] inputs"):
        Request().settings()


@pytest.mark.parametrize(
    ("request_", "words"), [(Request(("in",), jobs=-1), "run.jobs"), (Request(("in",), max_reject=2.0), "run.max_reject")]
)
def test_options_are_checked_like_settings(request_: Request, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        request_.settings()
