"""Dumped text: what becomes of the line that the ranker takes for the headline, sure or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice, product

import numpy as np
import pytest

from pipeline.chrome import find_chrome
from pipeline.chrome import text as text_path
from pipeline.chrome.lines import counted_items, under_related
from pipeline.knowledge import rule_book
from pipeline.learned.headline import behind_trail, is_no_headline, lines_that_hold, speakers
from pipeline.learned.tokens import Floats
from pipeline.model import Action, Evidence, Judgement, SiteTemplate
from pipeline.settings import ChromeSettings

from .builders import BRIDGE, FERRY, PUPILS, text_document

COOKIE = "The bridge between the two servers returns a cookie, which has to be sent back with each of the requests that follow."
AD = "The advertisement that the council put into the paper in May was read by four people, all of whom had written it."
HEADLINE = "Old bridge closes for repairs"


@dataclass(frozen=True)
class _Reader:
    """Stands for the line model: all lines are text, and one of them is the headline."""

    headline: int
    is_sure: bool

    def read(self, texts: Sequence[str], *_: object) -> tuple[Floats, int, bool]:
        return np.full(len(texts), -3.0, np.float32), self.headline, self.is_sure


def _judged(monkeypatch: pytest.MonkeyPatch, lines: Sequence[str], headline: int, is_sure: bool) -> Judgement:
    monkeypatch.setattr(text_path, "line_model", lambda _: _Reader(headline, is_sure))
    document = text_document("\n".join(lines))
    return find_chrome(document, SiteTemplate(document.site, 1, ()), rule_book(), ChromeSettings())


@pytest.mark.parametrize(("is_sure", "action"), [(True, Action.TITLE), (False, Action.KEEP)])
def test_a_headline_names_the_page_and_leaves_the_text_only_if_it_is_sure(
    monkeypatch: pytest.MonkeyPatch, is_sure: bool, action: Action
) -> None:
    judgement = _judged(monkeypatch, [HEADLINE, BRIDGE, PUPILS], 0, is_sure)
    assert judgement.title == HEADLINE
    assert judgement.verdicts[0].action is action


@pytest.mark.parametrize(("is_sure", "action"), [(True, Action.STRIP), (False, Action.KEEP)])
def test_copies_go_only_of_a_sure_headline(monkeypatch: pytest.MonkeyPatch, is_sure: bool, action: Action) -> None:
    judgement = _judged(monkeypatch, [HEADLINE, BRIDGE, HEADLINE, PUPILS], 0, is_sure)
    assert judgement.verdicts[2].action is action


def test_a_page_without_a_likely_line_has_no_title(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged(monkeypatch, [BRIDGE, PUPILS], -1, False).title == ""


@pytest.mark.parametrize("count", [120, 600, 3_000])
def test_a_book_of_paragraphs_stays_however_long_it_is(count: int) -> None:
    paragraphs = [
        f"In chapter {number} the {beast} crossed the {place} before {hour} in the morning, and nobody on the shore saw it come back."
        for number, (beast, place, hour) in enumerate(islice(cycle(product(_BEASTS, _PLACES, _HOURS)), count))
    ]
    document = text_document("\n".join(paragraphs))
    judgement = find_chrome(document, SiteTemplate(document.site, 1, ()), rule_book(), ChromeSettings())
    assert sum(verdict.action is Action.STRIP for verdict in judgement.verdicts) <= count // 100


_BEASTS = ("heron", "otter", "old ferry", "grey horse", "postman", "goat", "fisherman's dog")
_PLACES = ("river", "sound", "market square", "frozen lake", "bridge at Tarn", "salt marsh")
_HOURS = ("four", "half past five", "six", "seven", "the first bell")


@pytest.mark.parametrize(
    ("lines", "best", "expected"),
    [
        (["Home Region Old bridge closes for repairs", HEADLINE], 0, 1),
        (["Home Region Old bridge closes for repairs", "repairs"], 0, 0),  # too short to be the headline
        ([HEADLINE, "Old bridge"], 0, 0),
        ([f"News {HEADLINE}", "bridge closes for repairs", HEADLINE], 0, 2),  # the longest
    ],
)
def test_the_headline_is_what_a_trail_ends_with(lines: list[str], best: int, expected: int) -> None:
    assert behind_trail(best, lines, range(len(lines))) == expected


_BODY = [BRIDGE, "In the valley", PUPILS, FERRY]


def _without_model(lines: Sequence[str]) -> dict[str, Action]:
    document = text_document("\n".join(lines))
    judgement = find_chrome(document, SiteTemplate(document.site, 1, ()), rule_book(), ChromeSettings(learned=False))
    return {lines[verdict.block]: verdict.action for verdict in judgement.verdicts}


def test_without_a_model_lines_outside_the_body_go_and_those_inside_stay() -> None:
    actions = _without_model(["Kestrel", "Ardle", "Hexley", *_BODY, "Share this article", "Thornaby", "Corrie"])
    outside = {line for line in ("Kestrel", "Ardle", "Hexley", "Thornaby", "Corrie") if actions[line] is Action.STRIP}
    assert {"Thornaby", "Corrie"} <= outside
    assert actions["In the valley"] is Action.KEEP
    assert actions[BRIDGE] is actions[PUPILS] is actions[FERRY] is Action.KEEP


def test_without_a_model_paragraphs_below_the_body_go_on_long_pages_alone() -> None:
    teaser = "The mayor of the next town says that her own bridge will be painted green before the summer begins."
    menu = [f"{first}{one}{two}" for first in ("Ardle", "Corrie") for one in "abcdefghij" for two in "abcdefghij"]
    body = [f"{house} house: {text}" for house in ("Red", "Blue", "Green") for text in (BRIDGE, PUPILS, FERRY)]
    assert _without_model([*body, "Leave a reply", *menu, teaser])[teaser] is Action.STRIP
    assert _without_model([*body, "Leave a reply", *menu[:8], teaser])[teaser] is Action.KEEP


def test_without_a_model_the_list_below_the_paragraphs_of_a_short_page_stays() -> None:
    list_below = ["Ingredients", "200 g flour", "A pinch of salt", "Two lemons", "A jug of cold tea"]
    actions = _without_model([*_BODY, *list_below])
    assert {actions[line] for line in list_below} == {Action.KEEP}


def test_without_a_model_a_page_of_several_texts_has_no_body() -> None:
    menu = [f"Place {'abcdefghij'[n]}" for n in range(10)]
    texts = [BRIDGE, *menu * 3, PUPILS, *menu * 3, BRIDGE.replace("bridge", "tower"), *menu * 3, PUPILS.replace("p", "b")]
    document = text_document("\n".join(texts))
    judgement = find_chrome(document, SiteTemplate(document.site, 1, ()), rule_book(), ChromeSettings(learned=False))
    assert not any(seen.rule == "line.outside-body" for seen in judgement.evidence)


def _text_evidence(lines: Sequence[str], scores: Sequence[float], families: dict[int, str]) -> dict[int, str]:
    """Return which rule of `enclosed` speaks for each line, given the scores of all and of some the family of a rule against them."""
    blocks = text_document("\n".join(lines)).blocks
    evidence = [Evidence(place, "en.rule", family, 2.0, 0, 0) for place, family in families.items()]
    found = text_path.enclosed(blocks, dict(enumerate(scores)), evidence, is_book=False, headline=-1)
    return {seen.block: seen.rule for seen in found}


@pytest.mark.parametrize(
    ("lines", "scores", "families", "expected"),
    [
        ([BRIDGE, "In the valley", PUPILS], [-3, 1, -3], {}, {1: "line.between-text"}),
        ([BRIDGE, "Comments", PUPILS], [-3, 1, -3], {1: "comment"}, {1: "line.alone-between-text"}),
        ([BRIDGE, "Contact", PUPILS], [-3, 1, -3], {1: "navigation"}, {1: "line.menu-word-between-text"}),
        (["Log in", BRIDGE, "Comments", PUPILS], [3, -3, 1, -3], {0: "account", 2: "comment"}, {}),  # chrome elsewhere too
        (["Log in", BRIDGE, "Contact", PUPILS], [3, -3, 1, -3], {2: "navigation"}, {2: "line.menu-word-between-text"}),
        (["Log in", BRIDGE, "Contact", "Fares", PUPILS], [3, -3, 1, -3, -3], {2: "navigation"}, {}),  # not between paragraphs
        ([BRIDGE, "One", "Two", "Three", PUPILS], [-3, 1, 1, 1, -3], {}, {}),
        (["Log in", BRIDGE, "Cookies", COOKIE], [3, -3, 1, -3], {2: "consent"}, {2: "line.names-its-paragraph"}),
        (["Log in", BRIDGE, "Advertisement", AD], [3, -3, 1, -3], {2: "advertisement"}, {}),
        (["Log in", BRIDGE, "Cookies and ferries", COOKIE], [3, -3, 1, -3], {2: "consent"}, {}),
    ],
)
def test_a_few_lines_between_lines_of_text_are_text_rather(
    lines: list[str], scores: list[float], families: dict[int, str], expected: dict[int, str]
) -> None:
    assert _text_evidence(lines, scores, families) == expected


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        (["You may also like", "New benches for the square", "Ferry fares go up again", BRIDGE], {1, 2}),
        (["You may also like", "New benches for the square", "Fares", BRIDGE], set()),  # a heading stands before the paragraph
        (["You may also like", "New benches for the square", "The ferry is late.", BRIDGE], set()),
        (["You may also like", "New benches for the square"], set()),
        (["You may also like", *["New benches for the square"] * 5, BRIDGE], set()),
        (["Home", "New benches for the square", BRIDGE], set()),
    ],
)
def test_few_titles_under_a_line_that_announces_them_are_teasers(lines: list[str], titles: set[int]) -> None:
    blocks = text_document("\n".join(lines)).blocks
    family = "related" if lines[0].startswith("You") else "navigation"
    found = under_related(blocks, [Evidence(0, "en.rule", family, 3.0, 0, 0)])
    assert {seen.block for seen in found} == titles


def test_page_titles_and_trails_are_counted_for_the_headline_that_they_hold() -> None:
    lines = ["the lift small hours quarterly", "small hours quarterly", "fiction the lift", "the lift", "the lifts"]
    assert lines_that_hold(lines, [1, 3, 4]).tolist() == [[0, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("scores", "families", "kept"),
    [
        ([1, -3, 2.9, -3], {}, {0, 2}),
        ([1, -3, 2.9, -3], {0: "account"}, {2}),  # a rule knows it
        ([1, -3, 3.1, -3], {}, set()),  # one is surely chrome: the others may be
        ([-1, -3, -2, -3], {}, set()),
    ],
)
def test_where_no_line_is_surely_chrome_the_model_alone_takes_none_out(
    scores: list[float], families: dict[int, str], kept: set[int]
) -> None:
    blocks = text_document("\n".join(["Log in", BRIDGE, "Fares", PUPILS])).blocks
    evidence = [Evidence(place, "model.chrome-line", "model", score, 0, 0) for place, score in enumerate(scores)]
    evidence += [Evidence(place, "en.rule", family, 1.0, 0, 0) for place, family in families.items()]
    found = list(text_path.clean_page(blocks, dict(enumerate(scores)), evidence))
    assert {seen.block for seen in found} == kept
    assert all(scores[seen.block] + seen.weight <= 0 for seen in found)


@pytest.mark.parametrize(
    ("lines", "counted"),
    [
        (["3", BRIDGE, "2", PUPILS, "1", FERRY], [0, 2, 4]),
        (["#1", "Red house", BRIDGE, "#2", "Blue house", PUPILS, "#3", "Green house", FERRY], [0, 3, 6]),
        (["1", BRIDGE, "2", PUPILS, "7", FERRY], []),
        (["1", BRIDGE, "2", PUPILS], []),
        (["1", "Bridge closed", "2", "Ferry late", "3", "Pupils tired", "Imprint", "Contact", BRIDGE], []),  # the most read
        (["1", "2", "3", "4", "Next", "Last", "Top"], []),
    ],
)
def test_numbers_that_count_paragraphs_are_text(lines: list[str], counted: list[int]) -> None:
    assert [seen.block for seen in counted_items(text_document("\n".join(lines)).blocks)] == counted


def test_who_speaks_again_and_again_is_no_headline() -> None:
    talk = ["Quill", "By asking.", "The Weir", "What did you find?"] * 3
    assert speakers(["The clock", *talk]) == {"Quill", "The Weir"}
    assert not speakers(["The clock", *talk[:2] * 5])  # the head of each post of one thread
    assert not speakers(["The clock", *talk[:8]])


@pytest.mark.parametrize(
    "line",
    [
        "- 3 eggs",
        "• Butter",
        "Ingredients:",
        "to the boat,",
        "word " * 31,
        "20 January 2023",
        "20 มกราคม 2566",
        "“Are you coming?” she asked.",
        "« Pourquoi ? »",
        "— Ni idea.",
        BRIDGE,
    ],
)
def test_items_speech_and_sentences_are_no_headlines(line: str) -> None:
    assert is_no_headline(line)


@pytest.mark.parametrize(
    "line",
    [
        HEADLINE,
        "“We will rebuild,” says mayor",
        "Why the bridge closed?",
        "No more trains.",
        "3 eggs a day",
        "1. FC Ashby win again",
        "เปิดสะพาน" * 12,
    ],
)
def test_may_be_a_headline(line: str) -> None:
    assert not is_no_headline(line)


def test_a_numbered_line_is_no_headline_where_others_are_numbered_too() -> None:
    assert is_no_headline("1. Scope", is_list=True)
    assert not is_no_headline("1. Scope")
