"""What the floors' judge calls: text → clean text, the headline first."""

from pipeline import clean
from pipeline.normalise import with_headline


def clean_text(text: str) -> str:
    """Return a dumped text cleaned."""
    return with_headline(clean(text))
