"""Chrome glued to a line is cut at a seam, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chrome.fused import peel, run_of_chrome
from pipeline.chrome.rulebook import Rule, RuleBook
from pipeline.knowledge import rule_book


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


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("The ferry will sail again on Monday. Print", "The ferry will sail again on Monday."),
        ("Der Fluss stieg in der Nacht weiter an. mehr ...", "Der Fluss stieg in der Nacht weiter an."),
        ("The ferry will sail again on Monday. Read also: The last lamp of Hexley", "The ferry will sail again on Monday."),
        ("The ferry will sail again on Monday. FacebookTwitterWhatsAppE-Mail", "The ferry will sail again on Monday."),
        (
            "„Das Boot ist schon wieder voll“, sagte sie leise. FacebookTwitterE-Mail",
            "„Das Boot ist schon wieder voll“, sagte sie leise.",
        ),
        ("The ferry will sail again on Monday. TWEET THISPIN IT", "The ferry will sail again on Monday."),
        ("Das Boot fährt am Montag wieder. Nichts verpassen? Hier geht es zum Newsletter", "Das Boot fährt am Montag wieder."),
        ("渡船下周一恢复航行，票价不变。广告", "渡船下周一恢复航行，票价不变。"),
        ("渡し船は月曜日に再開する予定だ。 この記事は有料会員限定です。", "渡し船は月曜日に再開する予定だ。"),
        ("नाव सोमवार को फिर चलेगी और किराया वही रहेगा। विज्ञापन", "नाव सोमवार को फिर चलेगी और किराया वही रहेगा।"),
        ("ستعود العبارة إلى العمل يوم الاثنين المقبل. اقرأ المزيد", "ستعود العبارة إلى العمل يوم الاثنين المقبل."),
        (
            "Publicité Le bac reprendra ses traversées du fleuve lundi matin vers huit heures.",
            "Le bac reprendra ses traversées du fleuve lundi matin vers huit heures.",
        ),
        (
            "Реклама Паром снова пойдёт через реку в понедельник утром, около восьми часов, и будет ходить до поздней осени.",
            "Паром снова пойдёт через реку в понедельник утром, около восьми часов, и будет ходить до поздней осени.",
        ),
    ],
)
def test_behind_a_sentence_any_line_of_chrome_is_cut(line: str, rest: str) -> None:
    assert peel(line, rule_book()).rest(line) == rest


@pytest.mark.parametrize(
    "line",
    [
        "The ferry will sail again on Monday. Print money, he said",
        "The ferry will sail again on Monday. She pressed Print.",
        "She looked at the old machine for a while. Print.",
        "Ask the clerk at the desk. Share.",
        "The figures are from the yearbook of the town. https://example.org/yearbook",
        "If this sounds familiar, it should. In",  # the line goes on behind a link
        "3. Print",
        "Publicité et politique font rarement bon ménage.",
        "Werbung wirkt.",
        "Dr. Mehr",
        "SharePoint is what the council keeps its papers in.",
        "LoginForm",
        "Which site did the pupils find in the lesson? Facebook",
        "2. Now press the second button from the left. Next",
        "Advertisement Rules for Doctors Change in the Whole Valley This Year",
    ],
)
def test_what_follows_a_sentence_and_may_be_one_stays(line: str) -> None:
    assert peel(line, rule_book()).pieces == ()


@pytest.mark.parametrize("line", ["A. " * 20_000, "It rained. It snowed. " * 10_000, "Old Bridge " * 20_000, "a | B " * 20_000])
def test_a_very_long_line_is_looked_at_at_its_ends(line: str) -> None:
    assert len(peel(line, rule_book()).pieces) <= 8
