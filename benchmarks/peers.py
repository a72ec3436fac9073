"""The tools that dechrome is measured beside, and dechrome itself, as the scoring scripts call them."""

import trafilatura

from pipeline.chrome import find_chrome
from pipeline.knowledge import rule_book
from pipeline.model import Action, Document, Facts, Media, SiteTemplate
from pipeline.segment.plain import blocks_of_text
from pipeline.settings import ChromeSettings

BOOK = rule_book()
SETTINGS = ChromeSettings()


def trafilatura_default(html, url=None):
    """HTML → text, by trafilatura as it comes."""
    return trafilatura.extract(html, url=url) or ""


def dechrome_lines(lines, settings=SETTINGS):
    """Lines of a dumped page → True for each that the chrome stage takes out of the text (the headline among them)."""
    text = "\n".join(lines)
    blocks = tuple(blocks_of_text(text))
    document = Document("", "", 0, "", "", Media.TEXT, "", "", "", 0.0, "", Facts(), text, "", blocks)
    judgement = find_chrome(document, SiteTemplate("", 0, ()), BOOK, settings)
    verdicts = iter(judgement.verdicts)
    return [bool(line.strip()) and next(verdicts).action is not Action.KEEP for line in lines]


def dechrome_held_out(lines, fold, folder="weights"):
    """As `dechrome_lines`, by the line model that was fitted without the page's fold (`dechrome train text … --folds`)."""
    return dechrome_lines(lines, ChromeSettings(text_weights=f"{folder}/lines-fold{fold}.npz"))


def dechrome_rules(lines):
    """As `dechrome_lines`, by rules and structure alone."""
    return dechrome_lines(lines, ChromeSettings(learned=False))
