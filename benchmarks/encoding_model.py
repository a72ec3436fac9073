"""Learns the letter pairs of `pipeline/text/letters_data.py` from the sentences in `benchmarks/encoding/sentences`."""

from __future__ import annotations

import base64
import itertools
import json
import unicodedata
import zlib
from collections import Counter
from pathlib import Path

SENTENCES = Path(__file__).parent / "encoding" / "sentences"
TARGET = Path(__file__).parent.parent / "pipeline" / "text" / "letters_data.py"
SCRIPTS = {
    "latin": "en fr de es pt it nl sv da nb fi is ca pl cs sk hu hr sl ro tr lt lv et vi sq",
    "cyrillic": "ru uk bg sr be mk",
    "greek": "el",
    "hebrew": "he",
    "arabic": "ar fa",
    "thai": "th",
}
# Letters that a language has, seen or not: seldom ones must not look impossible.
ALPHABETS = {
    "fr": "àâæçéèêëîïôœùûüÿ", "de": "äöüß", "es": "áéíóúüñ", "pt": "áâãàçéêíóôõú", "it": "àèéìíîòóùú", "nl": "éëïóöüèê",
    "sv": "åäöé",
    "da": "æøåé", "nb": "æøåéòô", "fi": "äöåšž", "is": "áðéíóúýþæö", "ca": "àçéèíïóòúü·", "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "hr": "čćđšž", "sl": "čšž", "ro": "ăâîșțşţ", "tr": "çğıöşüâîû",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž", "et": "äöõüšž", "sq": "ëç", "en": "éèêïñç", "ru": "ё", "uk": "іїєґ", "be": "ўіё", "sr": "ђјљњћџ",
    "mk": "ѓѕјљњќџѐѝ", "bg": "ѝ", "el": "άέήίόύώϊϋΐΰς", "ar": "ءآأؤإئةىًٌٍَُِّْ", "fa": "پچژگکی",
}  # fmt: skip
TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def sentences(language: str) -> list[str]:
    """Return the sentences of a language."""
    return (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()


def as_in_1258(text: str) -> str:
    """Return Vietnamese with its tones as characters of their own, as windows-1258 spells it."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tones = [mark for mark in parts if mark in TONES]
        rest = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
        out.append(rest + "".join(tones) if tones and ord(rest[0]) >= 0x41 and char not in "àáèéêìíòóôùúâãñõ" else char)
    return "".join(out)


def learn(texts: dict[str, list[str]]) -> dict[str, object]:
    """Return what `letters.unpacked` reads, learnt from the sentences of each language."""
    from pipeline.text import letters

    packed: dict[str, object] = {}
    for script, names in SCRIPTS.items():
        known = [name for name in names.split() if name in texts]
        prose = {name: [as_in_1258(line) if name == "vi" else line for line in texts[name]] for name in known}
        every = {letters.folded_letter(c) for lines in prose.values() for line in lines for c in line if _is_letter(c)}
        every |= {char for name in known for char in ALPHABETS.get(name, "") if _is_letter(char)}
        every |= _letters_of(script)
        if script == "latin":
            every |= set("abcdefghijklmnopqrstuvwxyz")
        else:
            every = {char for char in every if not char.isascii()}
        alphabet = "".join(sorted(every))
        languages = {}
        for name in known:
            pairs: Counter[tuple[int, int]] = Counter()
            singles: Counter[int] = Counter()
            for line in prose[name]:
                signs = [sign(alphabet, char) for char in f" {line} "]
                pairs.update(itertools.pairwise(signs))
                singles.update(signs[1:])
            total = sum(singles.values())
            for char in ALPHABETS.get(name, ""):
                if _is_letter(char):
                    singles[sign(alphabet, char)] += 1
            if script == "latin":
                for char in "abcdefghijklmnopqrstuvwxyz":
                    singles[sign(alphabet, char)] += 0.2
            languages[name] = [
                sorted([s, round(1e5 * n / total)] for s, n in singles.items() if s >= letters.FIRST_LETTER),
                sorted([a, b, n] for (a, b), n in pairs.items()),
            ]
        packed[script] = {"letters": alphabet, "languages": languages}
    return packed


def _letters_of(script: str) -> set[str]:
    """Return the letters of a script that its charsets write, whether or not one of our languages has them."""
    from pipeline.text import detect, letters

    chars = {
        bytes([code]).decode(charset, "ignore")
        for charset, (name, prior) in detect.SINGLE.items()
        if name == script and prior > -8
        for code in range(0x80, 0x100)
    }
    return {letters.folded_letter(char) for char in chars if char and _is_letter(char)}


def sign(alphabet: str, char: str) -> int:
    """Return a character's number, as `letters` gives it."""
    from pipeline.text import letters

    at = alphabet.find(letters.folded_letter(char))
    if at >= 0:
        return letters.FIRST_LETTER + at
    if char.isascii():
        return letters.DIGIT if char.isdigit() else letters.FOREIGN if char.isalpha() else letters.SPACE
    return letters.MARK if not char.isalpha() else letters.STRANGE


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def main() -> None:
    texts = {path.stem: sentences(path.stem) for path in SENTENCES.glob("*.txt")}
    raw = json.dumps(learn(texts), ensure_ascii=False, separators=(",", ":")).encode()
    data = base64.b85encode(zlib.compress(raw, 9)).decode()
    lines = "\n".join(f"    {line!r}" for line in (data[at : at + 120] for at in range(0, len(data), 120)))
    TARGET.write_text(
        f'"""Letter pairs, packed by `benchmarks/encoding_model.py`; not to be edited."""\n\nPACKED = (\n{lines}\n)\n',
        encoding="utf-8",
    )
    print(f"{TARGET.name}: {len(data)} bytes, {len(raw)} unpacked")


if __name__ == "__main__":
    main()
