"""Every rule keeps the promises of its own examples; the catalogue is complete; sentences that speak of phrases are spared."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import knowledge
from pipeline.chrome.examples import failed_examples
from pipeline.chrome.kept import read, written
from pipeline.chrome.phrases import phrases
from pipeline.chrome.rulebook import parse_rules
from pipeline.chrome.sieve import forms_of
from pipeline.errors import RuleError
from pipeline.knowledge import derived_forms, load_rules, rule_book
from pipeline.model import Block, Kind
from pipeline.settings import ChromeSettings

RULES = load_rules()
KEPT = Path(knowledge.__file__).with_name("chrome") / "rules" / "kept.json"
COMPLETE = ("ar bg cs da de el en es fa fi fr he hi hr hu id it ja ko nl no pl pt ro ru sk sr sv th tr uk vi zh").split()
FAMILIES = (
    "account advertisement app author breadcrumb captcha comment consent copyright counter donation feedback forum job language "
    "navigation newsletter notice pagination paywall player poll print recipe related share shop tags ticker"
).split()
# Basics: the families that stand on most pages.
BASIC = "bn ca sl".split()
BASIC_FAMILIES = "account comment consent copyright counter navigation newsletter pagination print related share".split()

PROSE = """
Please enable JavaScript in your browser before you start the exercise.
Copyright 2003 was stamped on the back of the photograph.
All rights reserved is a phrase that nobody reads.
We use cookies to improve our tea, my aunt used to say.
By using this site you agree to our terms, says the small print, and nobody has read it.
You have successfully subscribed to a worldview, the critic wrote.
An error occurred, please try again later, said the voice on the phone, and the line went dead.
Subscribe to continue reading was the last thing she saw before the screen went black.
Your email address will not be published in the parish magazine without your consent.
Read more than one book a month and you will sleep better.
Follow us on Facebook was painted on the side of the van.
Share on Facebook only what you would pin to the church door.
Sign up for our newsletter is what every second page now says.
Leave a comment in the book at the door when you go.
Download the app before you travel, the bus company advises, because tickets are not sold on board.
Loading the truck took three hours.
Bitte aktivieren Sie JavaScript in Ihrem Browser, bevor Sie mit der Übung beginnen.
Alle Rechte vorbehalten stand auf der Rückseite des Bildes.
Diese Website verwendet Cookies, schreibt der Verein, obwohl niemand weiß, wozu.
Deine E-Mail-Adresse wird nicht veröffentlicht, versprach der Verein, doch am Montag stand sie am Brett.
Tous droits réservés, disait la pancarte accrochée au portail.
Nous utilisons des cookies pour décorer le gâteau, explique la pâtissière.
Veuillez activer JavaScript dans votre navigateur avant de commencer l'exercice.
Todos los derechos reservados, decía el cartel de la puerta.
Utilizamos cookies para decorar la tarta, explica la pastelera.
Active JavaScript en su navegador antes de empezar el ejercicio.
Tutti i diritti riservati, diceva la scritta sul retro della foto.
Utilizziamo i cookie per decorare la torta, spiega la pasticciera.
Todos os direitos reservados, dizia a placa no portão.
Все права защищены — эта надпись стояла на обороте снимка.
Мы используем файлы cookie только в этом примере, пишет автор учебника.
Включите JavaScript в браузере, прежде чем начать упражнение.
Tüm hakları saklıdır yazısı fotoğrafın arkasında duruyordu.
版权所有这四个字印在照片背面。
本网站使用Cookie，这句话她每天要看十遍。
すべての著作権は父に属すると祖母は言った。
Wszelkie prawa zastrzeżone, głosił napis na odwrocie zdjęcia.
Alla rättigheter förbehållna, stod det på baksidan av fotot.
Alle rechten voorbehouden, stond er op de achterkant van de foto.
جميع الحقوق محفوظة، هكذا كان مكتوباً على ظهر الصورة.
تمامی حقوق محفوظ است، پشت عکس نوشته بود.
सर्वाधिकार सुरक्षित, फोटो के पीछे यही लिखा था।
Forgot your password is the question that the clerk hears most often.
The comments are closed since the murder, and the editor does not want to open them again.
Printed from the original plates in 1911, the book sells for a small fortune.
By clicking "I agree", you agree to everything, and that is the joke.
You must be logged in to vote in the club's elections, which is why so few do.
To continue reading, sign in at the desk and take a seat by the window.
This content is for members only, the sign said, and the pool lay empty all summer.
Unauthorized use of the boat is strictly prohibited by the harbour master.
No part of this page may be copied was written in the margin by a later hand.
Thank you for subscribing to the theory of the flat earth.
Donate now or the roof will fall, the vicar wrote.
Този сайт използва бисквитки, пише авторът, и никой не знае защо.
Táto stránka používa cookies, napísal autor do svojho denníka.
Ova stranica koristi kolačiće, napisala je u svom dnevniku te večeri.
Tämä sivusto käyttää evästeitä, kirjoitti täti päiväkirjaansa.
Ez az oldal sütiket használ, írta a néni a naplójába aznap este.
""".strip().splitlines()
# A banner says the same, but for who says it.
KNOWN_TO_FAIL = (
    "This website uses cookies to personalise content, and that is where the trouble began for the small firm.",
    "Wir verwenden Cookies, um die Torte zu verzieren.",
)


def test_what_is_kept_beside_the_tables_is_what_they_hold():
    tables = _parsed_tables()
    kept = {name: table.rules for name, table in read(KEPT.read_text("utf-8")).items()}
    assert kept == tables, "a table has changed: `make forms`"
    forms = {pattern: [form._replace(**_tuples(form)) for form in forms] for pattern, forms in derived_forms().items()}
    assert forms == {rule.pattern: forms_of(rule.pattern) for rule in RULES}, "a pattern has changed: `make forms`"


def _parsed_tables():
    found = {}
    for path in sorted(KEPT.parent.glob("*/*.toml")):
        name, language = f"rules/{path.parent.name}/{path.name}", path.parent.name
        found[name] = tuple(parse_rules(path.read_text("utf-8"), name=name, language=language, family=path.stem))
    return found


def _tuples(form):
    return {name: tuple(value) for name, value in form._asdict().items() if isinstance(value, list)}


def test_a_table_that_has_changed_is_read_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    tables = {name: (table.digest, table.rules) for name, table in read(KEPT.read_text("utf-8")).items()}
    other = replace(tables["rules/sl/share.toml"][1][0], weight=9.5)
    tables["rules/sl/share.toml"] = ("0" * 64, (other,))  # its text has another digest
    tables["rules/sl/print.toml"] = (tables["rules/sl/print.toml"][0], (replace(other, id="sl.print.kept"),))
    few = ("rules/sl/share.toml", "rules/sl/print.toml")
    kept.write_text(written([(name, *tables[name]) for name in few]), encoding="utf-8")
    monkeypatch.setattr(knowledge, "_kept_file", lambda: kept)
    rules = {rule.id: rule for rule in load_rules()}
    assert rules[other.id].weight != 9.5
    assert "sl.print.kept" in rules
    assert rules["en.account.sign-up"] in RULES


@pytest.mark.parametrize("language", [*COMPLETE, *BASIC])
def test_rules_keep_their_examples(language: str) -> None:
    derived = derived_forms()
    own = [rule for rule in RULES if rule.language == language]
    assert own
    assert [sentence for rule in own for sentence in failed_examples(rule, derived)] == []


@pytest.mark.parametrize(("languages", "families"), [(COMPLETE, FAMILIES), (BASIC, BASIC_FAMILIES)], ids=["complete", "basic"])
def test_every_language_has_its_families(languages: list[str], families: list[str]) -> None:
    known = defaultdict(set)
    for rule in RULES:
        known[rule.language].add(rule.family)
    missing = {language: sorted(set(families) - known[language]) for language in languages}
    assert not {language: names for language, names in missing.items() if names}


@pytest.mark.parametrize(
    "sentence", [*PROSE, *(pytest.param(one, marks=pytest.mark.xfail(strict=True)) for one in KNOWN_TO_FAIL)]
)
def test_a_sentence_that_speaks_of_a_phrase_is_spared(sentence: str) -> None:
    assert list(phrases(Block(0, Kind.LINE, 0, sentence), rule_book())) == []


def test_what_is_kept_beside_the_tables_is_part_of_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept.json"
    monkeypatch.setattr(knowledge, "_kept_file", lambda: kept)
    digests = []
    for content in ("{}", "{\n}\n", None):
        kept.unlink(missing_ok=True)
        if content is not None:
            kept.write_text(content, encoding="utf-8")
        digests.append(knowledge.rules_digest(knowledge.knowledge_digests(ChromeSettings())))
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("damaged", ['{\n"a": [[', '{"a": 1}', "[]", '{"a": ["0", [["a.b.c"]]]}'])
def test_a_damaged_file_of_kept_tables_is_named_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: str
) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(damaged, encoding="utf-8")
    monkeypatch.setattr(knowledge, "_kept_file", lambda: kept)
    with pytest.raises(RuleError, match=r"kept\.json: damaged .*make forms"):
        derived_forms()


def test_a_table_of_the_package_may_be_named_as_ones_own() -> None:
    assert load_rules([str(KEPT.with_name("sl") / "share.toml")]) == RULES
