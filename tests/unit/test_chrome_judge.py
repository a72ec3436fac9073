"""The verdict: one for each block, threshold and protect honoured, nothing removed that is not in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chrome.headings import NO_HEADLINE, Headline
from pipeline.chrome.judge import TEXT_PRIOR, judge, score_blocks
from pipeline.chrome.rulebook import compile_protect
from pipeline.knowledge import load_rules
from pipeline.model import Action, Document, Evidence, Judgement

from .builders import BRIDGE, FERRY, PUPILS, against, cut_of, text_document


def _judge(
    document: Document,
    evidence: list[Evidence],
    threshold: float = 0.0,
    protect: tuple[str, ...] = (),
    headline: Headline = NO_HEADLINE,
) -> Judgement:
    return judge(document, evidence, headline, TEXT_PRIOR, threshold, compile_protect(protect))


def _actions(judgement: Judgement) -> list[str]:
    return [verdict.action.value for verdict in judgement.verdicts]


def test_a_line_stays_unless_something_speaks_against_it() -> None:
    document = text_document("one\ntwo\nthree")
    one, two, _ = document.blocks
    judgement = _judge(document, [against(one, 3.0), against(two, 3.0), against(two, -3.0)])
    assert _actions(judgement) == ["strip", "keep", "keep"]
    assert [verdict.score for verdict in judgement.verdicts] == [TEXT_PRIOR + 3, TEXT_PRIOR, TEXT_PRIOR]


@pytest.mark.parametrize(("threshold", "action"), [(-2.0, "strip"), (0.9, "strip"), (1.0, "keep"), (5.0, "keep")])
def test_only_a_score_above_the_threshold_strips(threshold: float, action: str) -> None:
    document = text_document("one\ntwo words stay")
    judgement = _judge(document, [against(document.blocks[0], 2.0), against(document.blocks[1], -9.0)], threshold)
    assert _actions(judgement) == [action, "keep"]


@pytest.mark.parametrize("pattern", ["^one", "ONE$", "^one$"])
def test_protect_beats_any_evidence_whole_or_part(pattern: str) -> None:
    document = text_document("» One!\ntwo\nthree")
    evidence = [against(block, 9.0) for block in document.blocks] + [cut_of(document.blocks[0], "!")]
    judgement = _judge(document, evidence, protect=(pattern,))
    assert _actions(judgement) == ["keep", "strip", "strip"]
    assert [span.text for span in judgement.removed] == ["two", "three"]


def test_headline_becomes_the_title_whatever_is_said_of_it() -> None:
    document = text_document(f"Old bridge\n{BRIDGE}")
    judgement = _judge(document, [against(document.blocks[0], 9.0)], headline=Headline("Old bridge", 0))
    assert (_actions(judgement), judgement.title, judgement.removed) == (["title", "keep"], "Old bridge", ())


def test_two_phrases_of_one_family_are_one_observation_and_others_add_up() -> None:
    document = text_document("one\ntwo")
    one, two = document.blocks
    scores = score_blocks(document, [
        against(one, 1.0, "share"), against(one, 2.5, "share"), against(one, 2.0, "share"), against(one, 0.5, "links"), against(one, 0.25, "links"),
        against(two, -1.0, "share"), against(two, -1.0, "share"), cut_of(two, "two"),
    ], TEXT_PRIOR)  # fmt: skip
    assert scores == {0: TEXT_PRIOR + 2.5 + 0.75, 1: TEXT_PRIOR - 2.0}


def test_removed_names_the_strongest_rule_against_the_block() -> None:
    document = text_document("one\ntwo")
    block = document.blocks[0]
    evidence = [
        against(block, 1.5, "links", "weak"),
        against(block, 4.0, "share", "strong"),
        against(block, -9.0, "content", "for"),
        against(block, 9.0, "x", "all"),
    ]
    [removed] = _judge(document, evidence).removed
    assert (removed.rule, removed.family, removed.score) == ("all", "x", TEXT_PRIOR + 5.5)


def test_loss_guard_keeps_prose_when_all_of_it_would_go() -> None:
    document = text_document(f"Menu\n{BRIDGE}\n{PUPILS}\n{FERRY}")
    judgement = _judge(document, [against(block, 9.0) for block in document.blocks])
    assert _actions(judgement) == ["strip", "keep", "keep", "keep"]
    assert judgement.flags == ("loss-guard",)
    assert [span.text for span in judgement.removed] == ["Menu"]


@pytest.mark.parametrize("kept", [BRIDGE, "A list of names"])
def test_loss_guard_is_silent_while_something_stays(kept: str) -> None:
    document = text_document(f"{PUPILS}\n{FERRY}\n{kept}")
    judgement = _judge(document, [against(block, 9.0) for block in document.blocks[:2]])
    assert (_actions(judgement), judgement.flags) == (["strip", "strip", "keep"], ())


def test_page_of_which_nothing_stays_is_flagged() -> None:
    document = text_document("Menu\nHome")
    assert _judge(document, [against(block, 9.0) for block in document.blocks]).flags == ("nothing-kept",)


def test_cuts_of_a_kept_block_are_removed_and_of_a_stripped_one_swallowed() -> None:
    document = text_document("It rained. Read more\nRead more. Sign up\nthree")
    one, two, _ = document.blocks
    judgement = _judge(document, [cut_of(one, "Read more"), cut_of(two, "Sign up"), against(two, 9.0)])
    assert [span.text for span in judgement.removed] == ["Read more", "Read more. Sign up"]


def test_overlapping_cuts_are_removed_once() -> None:
    document = text_document("abcdef")
    [block] = document.blocks
    judgement = _judge(document, [cut_of(block, "bcd"), cut_of(block, "cde"), cut_of(block, "bc"), cut_of(block, "ef")])
    covered = [at for span in judgement.removed for at in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    assert {1, 2, 4, 5} <= set(covered)


_LINES = st.lists(
    st.sampled_from(["Menu", BRIDGE, PUPILS, FERRY, "Read more »", "é 🙂", "It rained. Read more"]), min_size=1, max_size=8
)


@st.composite
def _pages(draw: st.DrawFn) -> tuple[Document, list[Evidence], Headline]:
    document = text_document("\n\n".join(draw(_LINES)))
    evidence = []
    for block in draw(st.lists(st.sampled_from(document.blocks), max_size=12)):
        start = draw(st.integers(block.start, block.end - 1))
        end = draw(st.integers(start + 1, block.end))
        is_cut = draw(st.booleans())
        span = (start, end) if is_cut else (block.start, block.end)
        evidence.append(
            Evidence(block.index, "r", draw(st.sampled_from(["share", "x"])), draw(st.floats(-9, 9)), *span, cut=is_cut)
        )
    headline = draw(st.sampled_from([-1, *range(len(document.blocks))]))
    return document, evidence, Headline(document.blocks[headline].text if headline >= 0 else "", headline)


@given(_pages(), st.floats(-3, 3), st.sampled_from([(), ("menu",), ("rained",)]))
def test_every_block_has_one_verdict_and_every_span_is_in_the_text(
    made: tuple[Document, list[Evidence], Headline], threshold: float, protect: tuple[str, ...]
) -> None:
    document, evidence, headline = made
    judgement = _judge(document, evidence, threshold, protect, headline)
    assert [verdict.block for verdict in judgement.verdicts] == [block.index for block in document.blocks]
    titles = sum(verdict.action is Action.TITLE for verdict in judgement.verdicts)
    assert titles == (headline.block >= 0 and bool(judgement.title))  # a text of one line is a body without a headline
    assert all(document.text[span.start : span.end] == span.text for span in judgement.removed)
    assert all(one.end <= two.start for one, two in zip(judgement.removed, judgement.removed[1:], strict=False))
    stripped = [
        (block.start, block.end) for block, v in zip(document.blocks, judgement.verdicts, strict=True) if v.action is Action.STRIP
    ]
    assert set(stripped) <= {(span.start, span.end) for span in judgement.removed}
    for block in document.blocks:
        if protect and protect[0] in block.text.lower():
            assert not any(block.start <= span.start < block.end for span in judgement.removed)
    assert judgement == _judge(document, evidence, threshold, protect, headline)


def test_two_rules_of_one_family_are_one_observation():
    document = text_document("Share this\nShare it")
    for family in {rule.family for rule in load_rules()}:
        seen = [Evidence(0, f"en.{family}.{name}", family, weight, 0, 10) for name, weight in (("one", 1.0), ("other", 2.5))]
        assert score_blocks(document, seen, 0.0)[0] == 2.5, family
