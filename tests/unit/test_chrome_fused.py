"""Chrome glued to a line is cut at a seam, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chrome.fused import peel, run_of_chrome
from pipeline.chrome.rulebook import Rule, RuleBook


def _rule(name: str, pattern: str, fuses: bool = True) -> Rule:
    return Rule(f"en.test.{name}", "test", "en", "line", pattern, 3.0, "Test.", (name,), ("x",), fuses)


BOOK = RuleBook(
    (
        _rule("more", "read more"),
        _rule("sign", "sign up|sign up now"),
        _rule("skip", "skip to content"),
        _rule("share", "share this"),
        _rule("print", "print", fuses=False),
    )
)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("The mayor said no. Read more", "The mayor said no."),
        ("The mayor said no.Read more", "The mayor said no."),
        ("He said “no.” Read more", "He said “no.”"),
        ("Why?  Read more »", "Why?"),
        ("…to post commentsSign Up", "…to post comments"),
        ("Room 5Read more", "Room 5"),
        ("caféRead more", "café"),
        ("Skip to contentThe bridge is closed", "The bridge is closed"),
        ("Skip to content | The bridge is closed", "The bridge is closed"),
        ("The bridge is closed | Sign up", "The bridge is closed"),
        ("The bridge is closed » Read more", "The bridge is closed"),
        ("Skip to contentIt rained.Share thisRead more", "It rained."),
        ("It rained.Sign up now", "It rained."),
    ],
)
def test_piece_behind_a_seam_is_cut(line: str, rest: str) -> None:
    assert peel(line, BOOK).rest(line) == rest


@pytest.mark.parametrize(
    "line",
    [
        "They want to sign up", "Children should read more", "He told them: read more", "It rained. read more", "It rained, Read more",
        "Read more", "Read more books", "Sign up for it. Then go", "Skip to content of the book", "Resign up", "UNREAD MORE", "It rained.Print", "",
        "The sign says “Sign Up”", "You must read more.", "SIGN UPSIDE DOWN",
    ],
)  # fmt: skip
def test_line_without_a_seam_stays_whole(line: str) -> None:
    peeled = peel(line, BOOK)
    assert peeled.pieces == ()
    assert (peeled.start, peeled.end) == (0, len(line))


def test_pieces_are_named_outermost_first() -> None:
    line = "It rained.Share this Read more"
    peeled = peel("It rained.Share thisRead more", BOOK)
    assert [rule.id for _, _, rule in peeled.pieces] == ["en.test.more", "en.test.share"]
    assert peel(line, BOOK).pieces == ()


@given(
    st.lists(
        st.sampled_from(
            ["Read more", "Sign up", "Skip to content", "It rained.", " ", "\u00a0", " | ", "»", "river", "Ärger", "5", "\n"]
        )
    ).map("".join)
)
def test_pieces_and_rest_are_the_line(line: str) -> None:
    peeled = peel(line, BOOK)
    spans = sorted([(start, end) for start, end, _ in peeled.pieces] + [(peeled.start, peeled.end)])
    assert spans[0][0] == 0
    assert spans[-1][1] == len(line)
    assert all(one[1] == two[0] for one, two in zip(spans, spans[1:], strict=False))
    assert peeled.rest(line) in line


@pytest.mark.parametrize(
    "line", ["Read more Share this Print", "Share this | Read more › Sign up", "Read more Share this", "Sign up now Read more"]
)
def test_line_of_nothing_but_chrome_is_a_run(line: str) -> None:
    assert len(run_of_chrome(line, BOOK)) >= 2


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Read more",
        "Read more books",
        "Read more Share this now",
        "Share this with her and read more",
        "They print and share this",
        "| | |",
        "Read more " * 30,
    ],
)
def test_line_that_says_something_else_is_no_run(line: str) -> None:
    assert run_of_chrome(line.strip(), BOOK) == []
