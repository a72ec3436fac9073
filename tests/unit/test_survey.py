"""Survey: counts add up in any order, and templates seldom change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import LineCount, SiteCounts, SiteTemplate, TemplateLine
from pipeline.settings import SurveySettings
from pipeline.survey import band, count_lines, merge_counts, template_of

from .builders import BRIDGE, text_document

_SITES = st.sampled_from(["a.example", "b.example", "folder:x"])
_DOCUMENTS = st.lists(
    st.builds(lambda lines, site: text_document("\n".join(lines), site=site), st.lists(st.sampled_from(["Home", "HOME »", "News", BRIDGE]), min_size=1), _SITES),
    max_size=8,
)  # fmt: skip


def test_each_page_counts_a_line_once_however_it_is_printed() -> None:
    documents = [
        text_document(text, site=site)
        for text, site in [("Home\nHOME »\nNews", "b"), ("Home\n" + "x" * 500, "b"), ("Home\n—", "a")]
    ]
    assert count_lines(documents) == [
        SiteCounts("a", 1, (LineCount("home", 1),)),
        SiteCounts("b", 2, (LineCount("home", 2), LineCount("news", 1))),
    ]


@pytest.mark.parametrize(("chars", "counted"), [(400, True), (401, False)])
def test_very_long_lines_are_not_counted(chars: int, counted: bool) -> None:
    [counts] = count_lines([text_document("x" * chars)])
    assert bool(counts.lines) is counted


@given(_DOCUMENTS, st.randoms(use_true_random=False), st.integers(0, 8), st.integers(0, 8))
def test_counts_do_not_depend_on_order_or_shards(documents: list, random: object, one: int, two: int) -> None:  # type: ignore[type-arg]
    whole = count_lines(documents)
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    low, high = sorted((one, two))
    shards = [count_lines(shuffled[:low]), count_lines(shuffled[low:high]), count_lines(shuffled[high:])]
    assert merge_counts(row for shard in shards for row in shard) == whole
    assert merge_counts(row for shard in reversed(shards) for row in shard) == whole
    first_two = merge_counts([*shards[0], *shards[1]])
    last_two = merge_counts([*shards[1], *shards[2]])
    assert merge_counts([*first_two, *shards[2]]) == merge_counts([*shards[0], *last_two])
    assert merge_counts(whole) == whole


@given(st.integers(0, 10**9))
def test_band_is_at_most_a_third_below_and_never_falls(count: int) -> None:
    assert band(count) <= count < (band(count) * 3 + 1) // 2 + 1
    assert band(count) <= band(count + 1)
    assert band(band(count)) == band(count)


def test_bands() -> None:
    assert sorted({band(count) for count in range(1, 40)}) == [1, 2, 3, 4, 6, 8, 12, 16, 24, 32]


@pytest.mark.parametrize(
    ("pages", "settings", "lines"),
    [
        (10, SurveySettings(), ["half", "most", "three"]),
        (10, SurveySettings(min_share=0.31), ["half", "most"]),
        (10, SurveySettings(min_share=0.6), ["most"]),
        (10, SurveySettings(min_share=0.0), ["half", "most", "three"]),
        (10, SurveySettings(min_share=0.0, min_pages=4), ["half", "most"]),
        (100, SurveySettings(), []),
    ],
)
def test_template_holds_lines_on_enough_pages(pages: int, settings: SurveySettings, lines: list[str]) -> None:
    counts = SiteCounts("a", pages, (LineCount("most", 9), LineCount("half", 5), LineCount("three", 3), LineCount("two", 2)))
    template = template_of(counts, settings)
    assert [line.line for line in template.lines] == lines
    assert template.pages_band == band(pages)


def test_one_page_more_of_a_large_site_changes_no_template() -> None:
    def template(pages: int) -> SiteTemplate:
        return template_of(SiteCounts("a", pages, (LineCount("home", pages), LineCount("news", pages - 10))), SurveySettings())

    assert template(101) == template(102) == SiteTemplate("a", 96, (TemplateLine("home", 96), TemplateLine("news", 64)))
