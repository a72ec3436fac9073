"""Chrome glued to a line: "…to post commentsSign Up", "…the mayor said. Read more"; cut off, and the rest stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.chrome.rulebook import GLUED_CHARS, Rule, RuleBook, part_view, view
from pipeline.text.words import ends_sentence, is_prose, word_count

_SEPARATORS = "|»›•·"
_FEWEST_PIECES, _MOST_RUN_WORDS, _MOST_PIECE_WORDS = 3, 40, 5
_PIECE_WEIGHT, _SURE_WEIGHT = 1.5, 6.0
_ENUMERATOR = re.compile(r"(?:\d{1,3}|[a-zA-Z])[.)]")
_COMMAND_WORDS = 2  # "Open the app. Log in." tells what to do; a button has no full stop
_BETWEEN = frozenset("|/·•»›>-–—&+,")
# A letter that may be a capital, neither behind a capital nor at the beginning of a word behind a word.
_NO_CAPITALS = "a-z\\d\u00df-\u00f6\u00f8-\u00ff\u0430-\u045f\u0590-\u109f\u2e80-\ua63f\uac00-\ud7ff"
_MAY_BE_BEHIND_SEAM = re.compile(rf"[^\W_{_NO_CAPITALS}](?<![A-Z].)(?<!\w .)")
_SEPARATED = re.compile(rf"[{_SEPARATORS}]")
_NEAR_SEAM = 64  # characters before a seam tell what it is
# The end of a sentence with something behind it. What stands there must be a line of such a weight, and in doubt a sure one.
_BEHIND_SENTENCE = re.compile(r"(?:[.!?…؟।۔][\"'”»)\]]*\s+|[。！？][」』”）]*\s*)(?=\S)")
_TAIL_WEIGHT, _SURE_LINE = 1.5, 4.0
_MOST_TAIL_CHARS, _FEWEST_TAIL_CHARS, _FEWEST_WORDS = 120, 4, 4  # of what is cut off, and of the sentence before it
_ITEM = re.compile(r"\s*(?:\d{1,3}|[a-zA-Z])[.)]\s")
_CITES = "source"  # the family of addresses: one behind a sentence is what the sentence speaks of
_CASE_SEAM = re.compile(r"(?<=[^\W\d_])(?=[^\W_])")
_MOST_SEAMS = 60
AD = "advertisement"  # the family whose lines stand between paragraphs, and before one where the line break is lost
_LABEL_WEIGHT, _MOST_LABEL_WORDS = 2.5, 2
_ROUNDS = 8  # pieces glued to one line; more than that is a menu, which other evidence finds


@dataclass(frozen=True, slots=True)
class Peeled:
    """What was glued to a line: (start, end, rule) of each piece, and where the rest lies, as offsets in the line."""

    pieces: tuple[tuple[int, int, Rule], ...]
    start: int
    end: int

    def rest(self, line: str) -> str:
        """Return what remains of `line`, trimmed."""
        return line[self.start : self.end].strip()


def peel(line: str, book: RuleBook) -> Peeled:
    """Return the pieces of chrome glued to either end of `line`, outermost first, by the rules that may fuse.

    A piece counts only behind a seam: a capital letter glued to a word ("commentsSign Up"), the end of a sentence, or a
    separator. "They want to sign up" has none and stays whole. Behind the last sentence of a line that ends as no sentence does,
    and for the label of an advertisement before a sentence, any rule of whole lines will do.
    """
    pieces: list[tuple[int, int, Rule]] = []
    start, end = 0, len(line)
    for _ in range(_ROUNDS):
        text, offsets = view(line[start:end])
        tail = _tail(text, book)
        if tail and not (line[start:end].rstrip().endswith(".") and word_count(text[tail[1] :]) <= _COMMAND_WORDS):
            rule, at = tail
            cut = start + _without_separator(line[start : start + offsets[at]])
            pieces.append((cut, end, rule))
            end = cut
            continue
        behind = _behind_sentence(line[start:end], book, is_first=not pieces)
        if behind:
            rule, at = behind
            pieces.append((start + at, end, rule))
            end = start + at
            continue
        head = _head(text, book) or _label(line[start:end], text, book)
        if not head:
            break
        rule, at = head
        after = line[start + offsets[at] : end]
        cut = end - _without_separator(after[::-1])
        pieces.append((start, cut, rule))
        start = cut
    return Peeled(tuple(pieces), start, end)


def _without_separator(rest: str) -> int:
    """Return the length of what remains beside a cut piece, without the separator that stood between them."""
    trimmed = rest.rstrip()
    return len(trimmed.rstrip(_SEPARATORS)) if trimmed[-1:] in _SEPARATORS else len(rest)


def may_be_glued(text: str, line: str, book: RuleBook) -> bool:
    """Return False if nothing can be glued to a text: it has no seam, or no rule fits its ends; `line` is its `view`."""
    if not line:
        return False
    edges = (line,) if len(line) <= 2 * GLUED_CHARS else (line[:GLUED_CHARS], line[-GLUED_CHARS:])
    if any(_SEPARATED.search(edge) or _seams(edge) for edge in edges) and book.may_be_glued(line):
        return True
    return _BEHIND_SENTENCE.search(text, max(0, len(text) - _MOST_TAIL_CHARS)) is not None or _label(text, line, book) is not None


def _behind_sentence(text: str, book: RuleBook, is_first: bool) -> tuple[Rule, int] | None:
    """Return the longest piece behind a sentence at the end of `text` that is a line of chrome, with its offset.

    It must be a sure one behind a question, in a numbered item ("Which site was it? Facebook", "2. Press the button. Next"), and
    if it ends as a sentence does, unless one behind it was cut off ("Missed it? Get our newsletter").
    """
    is_sentence = is_first and _ends_whole(text)
    is_item = _ITEM.match(text) is not None
    seams = list(_BEHIND_SENTENCE.finditer(text, max(0, len(text) - _MOST_TAIL_CHARS)))
    for seam in seams[-1:] if is_sentence else seams:
        at = seam.end()
        if word_count(text[max(0, at - _MOST_TAIL_CHARS) : at]) < _FEWEST_WORDS:
            continue
        rule = _whole_line(text[at:], book)
        if rule is None or (is_sentence and word_count(text[at:]) <= _COMMAND_WORDS):
            continue
        if rule.weight >= _SURE_LINE or not (is_sentence or is_item or seam[0][0] in "?？؟"):
            return rule, at
    return None


def _ends_whole(text: str) -> bool:
    """Return whether a text ends as a sentence does, and is not broken off ("more ...")."""
    return ends_sentence(text) and not text.rstrip().endswith(("...", "…"))


def _whole_line(piece: str, book: RuleBook) -> Rule | None:
    """Return the rule that a piece of a line is, or the first of those that it is made of ("FacebookTwitter")."""
    own = view(piece)[0]
    if not own:
        return None
    if own.isascii() and len(own) < _FEWEST_TAIL_CHARS:
        return None  # dumps break lines at links: "It should. In" goes on
    rule = book.is_chrome_line(own)
    if rule and rule.weight >= _TAIL_WEIGHT and rule.family != _CITES:
        return rule
    pieces = _glued_words(own, book) or run_of_chrome(own, book)
    return pieces[0] if pieces else None


def _glued_words(piece: str, book: RuleBook) -> list[Rule]:
    """Return the rules of which a piece consists when it is cut at capitals, each as long as can be: "TWEET THISPIN IT"."""
    seams = [0, *(found.start() for found in _CASE_SEAM.finditer(piece) if piece[found.start()].isupper()), len(piece)]
    if not 2 < len(seams) <= _MOST_SEAMS:
        return []
    rules: list[Rule] = []
    at = 0
    while at < len(seams) - 1:
        for end in range(len(seams) - 1, at, -1):
            rule = book.is_chrome_line(part_view(piece[seams[at] : seams[end]]), piece)
            if rule and rule.weight >= _TAIL_WEIGHT:
                rules.append(rule)
                at = end
                break
        else:
            return []
    return rules


def _label(text: str, line: str, book: RuleBook) -> tuple[Rule, int] | None:
    """Return the label of an advertisement that a sentence begins behind, at the start of `line`, which is the `view` of `text`.

    In scripts without capitals none is found.
    """
    words = line.split(" ", _MOST_LABEL_WORDS)
    for count in range(len(words) - 1, 0, -1):
        label = " ".join(words[:count])
        if label[:1].isupper() and words[count][:1].isupper() and ends_sentence(text) and is_prose(text[len(label) :]):
            rule = book.is_chrome_line(part_view(label), line)
            if rule and rule.family == AD and rule.weight >= _LABEL_WEIGHT:
                return rule, len(label)
    return None


def _seams(text: str) -> list[int]:
    """Return the places behind a seam near the end of `text`, as far from it as a glued piece may begin."""
    first = max(0, len(text) - GLUED_CHARS)
    places = [found.start() for found in _MAY_BE_BEHIND_SEAM.finditer(text, first)]
    places += [found.start() + 2 for found in _SEPARATED.finditer(text, first)]
    return [at for at in places if 0 < at < len(text) and _is_seam_before(text, at)]


def _tail(text: str, book: RuleBook) -> tuple[Rule, int] | None:
    """Return the longest piece at the end of `text` that stands behind a seam, with the offset at which it begins."""
    return min(book.tails(text, _seams(text)), key=lambda item: item[1], default=None)


def _head(text: str, book: RuleBook) -> tuple[Rule, int] | None:
    """Return the longest piece at the start of `text` that ends at a seam, with the offset at which it ends."""
    found = [(rule, at) for rule, at in book.heads(text) if at < len(text) and _is_seam_after(text, at, rule.family == AD)]
    return max(found, key=lambda item: item[1], default=None)


def _is_seam_before(text: str, at: int) -> bool:
    before, first = text[at - 1], text[at]
    if before != " ":
        return first.isupper() and (before.islower() or before.isdigit() or before in ".!?…)\"'”»")
    rest = text[max(0, at - _NEAR_SEAM) : at].rstrip()
    if _ENUMERATOR.fullmatch(rest):
        return False  # "1. Sign up" is a step of instructions
    return rest[-1:] in _SEPARATORS or (first.isupper() and ends_sentence(rest))


def _is_seam_after(text: str, at: int, is_label: bool) -> bool:
    """Return whether a piece at the start of `text` ends at a seam.

    One word glued to another is a name ("SharePoint") unless it is the label of an advertisement.
    """
    last, after = text[at - 1], text[at]
    if after == " ":
        return text[at:].lstrip()[:1] in _SEPARATORS
    return after in _SEPARATORS or (after.isupper() and last.islower() and (is_label or " " in text[:at]))


def run_of_chrome(line: str, book: RuleBook) -> list[Rule]:
    """Return the rules of the pieces if a line (as `view` gives it) is nothing but chrome, three pieces or two sure ones.

    "Share Facebook X Email 12 Shares", "Home News Sign in": menus and button bars that a scraper put on one line. The pieces are
    found from left to right, each as long as can be.
    """
    words = line.split(" ")
    if not _FEWEST_PIECES <= len(words) <= _MOST_RUN_WORDS:
        return []
    if not book.may_begin_with_chrome(line) or not (words[-1] in _BETWEEN or book.may_end_with_chrome(line)):
        return []
    pieces: list[Rule] = []
    at = 0
    while at < len(words):
        rest = part_view(" ".join(words[at : at + _MOST_PIECE_WORDS]))
        most = min(len(words), at + _MOST_PIECE_WORDS) if rest and book.may_begin_with_chrome(rest, line) else at
        for end in range(most, at, -1):
            rule = book.is_chrome_line(part_view(" ".join(words[at:end])), line)
            if rule and rule.weight >= _PIECE_WEIGHT:
                pieces.append(rule)
                at = end
                break
        else:
            if words[at] not in _BETWEEN:
                return []
            at += 1
    is_sure = len(pieces) >= 2 and sum(rule.weight for rule in pieces) >= _SURE_WEIGHT
    return pieces if is_sure or len(pieces) >= _FEWEST_PIECES else []
