"""Text that was decoded with the wrong charset before it reached us: found and mended line by line, with the plan."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# Text without two neighbouring letters outside ASCII, and without the usual first halves, cannot be mojibake.
_SUSPICIOUS = re.compile("[\u0080-\u009fÂÃ]|[^\x00-\x7f]{2}")


def looks_suspicious(text: str) -> bool:
    """Return whether a text may be mojibake; a quick check that lets most lines pass without ftfy."""
    return not text.isascii() and _SUSPICIOUS.search(text) is not None


def repair_mojibake(text: str) -> tuple[str, str]:
    """Return the text with its mojibake mended line by line, and the plan (ftfy's steps); well text comes back as it is.

    >>> repair_mojibake("cafÃ©"), repair_mojibake("naïve café")
    (('café', 'encode latin-1, decode utf-8'), ('naïve café', ''))
    """
    if not looks_suspicious(text):
        return text, ""
    import ftfy

    lines: list[str] = []
    plans: dict[str, None] = {}
    for line in text.split("\n"):
        fixed = ftfy.fix_encoding_and_explain(line, _config())
        lines.append(fixed.text)
        if fixed.text == line:
            continue
        plan = ", ".join(f"{step.action} {step.parameter}" for step in fixed.explanation or ())
        if plan:
            plans[plan] = None
    return "\n".join(lines), "; ".join(plans)


@lru_cache(maxsize=1)
def _config() -> Any:
    import ftfy

    return ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, normalization=None)
