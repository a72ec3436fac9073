"""Every rule keeps the promises of its own examples."""

import pytest

from pipeline.chrome.examples import failed_examples
from pipeline.chrome.rulebook import Rule
from pipeline.knowledge import load_rules


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_rule_keeps_its_examples(rule: Rule) -> None:
    assert failed_examples(rule) == []
