"""Survey: counts add up in any order, and templates seldom change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import DamageCount, LineCount, SiteCounts, SiteTemplate, TemplateLine
from pipeline.settings import SurveySettings
from pipeline.survey import band, count_lines, level_of, lower_share, merge_counts, template_of

from .builders import BRIDGE, text_document

_SITES = st.sampled_from(["a.example", "b.example", "folder:x"])
_DOCUMENTS = st.lists(
    st.builds(lambda lines, site: text_document("\n".join(lines), site=site), st.lists(st.sampled_from(["Home", "HOME »", "News", BRIDGE, "Größe, schön, Brücke".encode().decode("cp850")]), min_size=1), _SITES),
    max_size=8,
)  # fmt: skip


def _pages(counts: SiteCounts) -> dict[str, int]:
    pages: dict[str, int] = {}
    for line in counts.lines:
        pages[line.line] = pages.get(line.line, 0) + line.pages
    return pages


def test_each_page_counts_a_line_once_however_it_is_printed() -> None:
    documents = [
        text_document(text, site=site)
        for text, site in [("Home\nHOME »\nNews", "b"), ("Home\n" + "x" * 500, "b"), ("Home\n—", "a")]
    ]
    one, other = count_lines(documents)
    assert (one.site, one.pages, sum(one.levels), _pages(one)) == ("a", 1, 1, {"home": 1})
    assert (other.site, other.pages, sum(other.levels), _pages(other)) == ("b", 2, 2, {"home": 2, "news": 1})


def test_a_line_with_numbers_also_counts_with_its_numbers_masked() -> None:
    [counts] = count_lines([text_document("7 views"), text_document("12 views")])
    assert _pages(counts) == {"7 views": 1, "12 views": 1, "#0 views": 2}


@pytest.mark.parametrize(("chars", "counted"), [(400, True), (401, False)])
def test_very_long_lines_are_not_counted(chars: int, counted: bool) -> None:
    [counts] = count_lines([text_document("x" * chars)])
    assert bool(counts.lines) is counted


def _read_as(charset: str, text: str = BRIDGE) -> str:
    return f"Größe der Brücke über den Fluß: schön.\n{text}".encode().decode(charset)


def test_damage_that_several_pages_prove_is_a_habit_of_their_site() -> None:
    pages = [_read_as("cp850", f"{BRIDGE} {number}") for number in range(3)]
    documents = [text_document(text, site="a") for text in (*pages, _read_as("cp437"), BRIDGE, "Größe")]
    counts = [count_lines([document]) for document in documents]
    [merged] = merge_counts(row for one in reversed(counts) for row in one)
    assert merged == count_lines(documents)[0]
    assert merged.damages == (DamageCount("cp437", 1), DamageCount("cp850", 3))
    assert template_of(merged, SurveySettings()).damages == ("cp850",)
    assert template_of(
        SiteCounts("a", 9, (), (9,), (DamageCount("cp850", 2), DamageCount("koi8-r", 5))), SurveySettings()
    ).damages == ("koi8-r", "cp850")


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
    ("pages", "settings", "common", "rare"),
    [
        (10, SurveySettings(), ["half", "most"], ["three", "two"]),
        (10, SurveySettings(min_share=0.6), ["most"], ["half", "three", "two"]),
        (10, SurveySettings(min_share=0.0), ["half", "most", "three"], ["two"]),
        (10, SurveySettings(min_share=0.0, min_pages=4), ["half", "most"], ["three", "two"]),
        (100, SurveySettings(), [], ["half", "most", "three", "two"]),
        (900, SurveySettings(), [], ["most"]),
    ],
)
def test_template_holds_what_many_pages_share_and_what_a_few_do(
    pages: int, settings: SurveySettings, common: list[str], rare: list[str]
) -> None:
    lines = (LineCount("most", 9), LineCount("half", 5), LineCount("three", 3), LineCount("two", 2), LineCount("one", 1))
    template = template_of(SiteCounts("a", pages, lines, (pages,)), settings)
    assert [line.line for line in template.lines if line.share] == common
    assert [line.line for line in template.lines if not line.share] == rare
    assert template.pages_band == band(pages)


def test_one_page_more_of_a_large_site_changes_no_template() -> None:
    def template(pages: int) -> SiteTemplate:
        lines = (LineCount("home", pages), LineCount("news", pages - 10))
        return template_of(SiteCounts("a", pages, lines, (pages,)), SurveySettings())

    assert template(101) == template(102)
    assert template(101) == SiteTemplate("a", 96, (TemplateLine("home", 96, 1.0), TemplateLine("news", 64, 0.875)))


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_the_lower_bound_of_a_share_is_below_it_and_grows_with_the_pages(pages: int, share: float) -> None:
    count = int(pages * share)
    assert 0 <= lower_share(count, pages) <= count / pages + 1e-9
    assert lower_share(count, pages) <= lower_share(10 * count, 10 * pages) + 1e-9


def test_a_large_site_is_judged_by_a_sample_that_depends_on_its_pages_alone() -> None:
    """9,000 pages: a quarter of them counts; what only pages of low levels carry is let go, in whatever order they come."""
    pages = [f"page {number}" for number in range(9000)]
    rows = [
        SiteCounts("a", 1, (LineCount("home", 1, level_of(one)), LineCount(one, 1, level_of(one))), _levels(one)) for one in pages
    ]
    [whole] = merge_counts(rows)
    [backwards] = merge_counts(reversed([*merge_counts(rows[:100]), *rows[100:4000], *merge_counts(reversed(rows[4000:]))]))
    assert whole == backwards
    assert whole.pages == sum(whole.levels) == 9000
    assert 2000 < len({line.line for line in whole.lines}) < 2500
    template = template_of(whole, SurveySettings())
    assert template == SiteTemplate("a", 8192, (TemplateLine("home", 8192, 1.0),))


def _levels(page: str) -> tuple[int, ...]:
    return (*(0,) * level_of(page), 1)
