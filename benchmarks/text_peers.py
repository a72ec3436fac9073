"""Rules that others clean dumped text by, re-implemented from their papers: lines → True for each line that goes.

For `score_text.py`: `python ../../shared/bench/score_text.py dumps.jsonl.gz text_peers:c4 text_peers:body_text_extraction …`
"""

import re

_WORD = re.compile(r"\w+")
_SHORT_SENTENCE = 5


def keep_all(lines):
    """Nothing goes."""
    return [False] * len(lines)


def drop_repeats(lines):
    """Every line that stands on the page more than once goes."""
    counts = {}
    for line in lines:
        counts[line] = counts.get(line, 0) + 1
    return [bool(line) and counts[line] > 1 for line in lines]


def c4(lines):
    """C4 (Raffel et al., 2020): lines without final punctuation, under five words, or that name JavaScript or a policy go."""
    bad = ["javascript", "lorem ipsum", "{", "terms of use", "privacy policy", "cookie policy"]
    bad += ["uses cookies", "use of cookies", "use cookies"]
    return [
        bool(line)
        and (
            not line.endswith((".", "!", "?", '"', "”"))
            or line.endswith("...")
            or len(line.split()) < _SHORT_SENTENCE
            or any(phrase in line.lower() for phrase in bad)
        )
        for line in lines
    ]


def refined_web(lines):
    """RefinedWeb (Penedo et al., 2023), appendix G.2: upper case, numerals, counters, one word, sign-in and cookie prompts."""
    counter = re.compile(r"\d+\s+(?:likes?|shares?|comments?|views?|retweets?|reposts?|upvotes?|downloads?)", re.IGNORECASE)
    prompt = re.compile(r"^(?:sign[- ]in|log[- ]in)|(?:read more|\.\.\.)$|items in cart", re.IGNORECASE)

    def goes(line):
        words, letters = line.split(), [char for char in line if char.isalpha()]
        if letters and sum(map(str.isupper, letters)) > 0.5 * len(letters):
            return True
        if not letters or len(words) == 1 or counter.fullmatch(line):
            return True
        return len(words) <= 10 and prompt.search(line) is not None

    return [bool(line) and goes(line) for line in lines]


def body_text_extraction(lines):
    """Body text extraction (Finn, Kushmerick and Smyth, 2001), on lines: the stretch with most words of prose, less others."""
    gains = []
    for line in lines:
        count = len(line.split())
        is_prose = count >= 10 or (count >= 5 and line.endswith((".", "!", "?", '"', "”")))
        gains.append(count if is_prose else -max(1, count) if line else 0)
    best = run = 0
    start = span_start = span_end = 0
    for place, gain in enumerate(gains):
        if run <= 0:
            run, start = 0, place
        run += gain
        if run > best:
            best, span_start, span_end = run, start, place + 1
    return [bool(line) and not span_start <= place < span_end for place, line in enumerate(lines)]


def text_density(lines, window=2, fewest=10.0):
    """Text density (Kohlschütter and Nejdl, 2008; Sun, Song and Liao, 2011), on lines: words a line, smoothed."""
    counts = [len(_WORD.findall(line)) for line in lines]
    said = [place for place, line in enumerate(lines) if line]
    dropped = [False] * len(lines)
    for at, place in enumerate(said):
        near = said[max(0, at - window) : at + window + 1]
        first = max(0, at - window)
        weights = [1 / (1 + abs(other - at)) for other in range(first, first + len(near))]
        density = sum(weight * counts[other] for weight, other in zip(weights, near, strict=True)) / sum(weights)
        dropped[place] = density < fewest
    return dropped
