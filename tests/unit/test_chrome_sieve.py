"""The sieve lets no pattern pass unseen: what a rule matches, it is tried on."""

import pytest

from pipeline.chrome.rulebook import LINE, view
from pipeline.chrome.sieve import Sieve, literals_of, width_of
from pipeline.knowledge import load_rules

RULES = load_rules()


@pytest.mark.parametrize(("pattern", "literals"), [
    ("read more", {"read more"}),
    ("(?:share|e-?mail) (?:this|it)", {"share", "mail"}),
    ("(?:leave|post) an? comment", {" comment"}),
    ("(?:read|view) ?(?:more|all)?", {"read", "view"}),
    ("Lesen", {"lesen"}),
    (r"\d+", None),
    (r"(?:\d+|x) votes?", {" vote"}),
    (r"[\pL-]+app herunterladen", {"app herunterladen"}),
    ("the (?:x)?", None),
    ("(unclosed", None),
])  # fmt: skip
def test_literals_of_patterns(pattern: str, literals: set[str] | None) -> None:
    found = literals_of(pattern)
    if literals is None:
        assert found is None or all("the" in literal for literal in found)
    else:
        assert found == literals


@pytest.mark.parametrize(("pattern", "width"), [("read more", (9, 9)), ("a?b{2,3}", (2, 4))])
def test_width_of_patterns(pattern: str, width: tuple[int, int]) -> None:
    assert width_of(pattern) == width


def test_every_example_of_every_rule_passes_the_sieve() -> None:
    sieve = Sieve([rule.pattern for rule in RULES])
    for number, rule in enumerate(RULES):
        for line in rule.matches:
            seen = view(line)[0]
            assert number in sieve.always or number in sieve.candidates(seen), f"{rule.id}: {line}"
            if rule.scope == LINE and "\n" not in line:
                least, most = width_of(rule.pattern)
                assert least <= len(seen) <= most, f"{rule.id}: {line}"


def test_few_rules_have_to_be_tried_on_every_line() -> None:
    assert len(Sieve([rule.pattern for rule in RULES]).always) < len(RULES) / 15
