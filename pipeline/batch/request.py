"""What a person or a scheduler asks for: inputs, output, settings file, date. The same for the command line and for Luigi."""

from __future__ import annotations

import dataclasses
import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.settings import Settings, chrome_asked, load_settings

_DATE = "{date}"


@dataclass(frozen=True, slots=True)
class Request:
    """A run as asked for; what is empty or None is left to the settings file, and there to the defaults.

    `rejects_of` names a recorded run: only what that run rejected is looked at. `no_model` and `mode` stand for the settings
    `chrome.learned = false` and `chrome.mode`.
    """

    inputs: tuple[str, ...] = ()
    output: str = ""
    config: str = ""
    cache: str = ""
    name: str = ""
    date: str = ""
    jobs: int | None = None
    max_reject: float | None = None
    rejects_of: str = ""
    no_model: bool = False
    mode: str = ""

    def settings(self) -> Settings:
        """Return the settings of the run, `{date}` filled in; raises SettingsError or UsageError."""
        asked = {
            "inputs": list(self.inputs),
            "output": self.output,
            "cache": self.cache,
            "name": self.name,
        }
        given: dict[str, Any] = {key: value for key, value in asked.items() if value}
        given |= {key: value for key, value in (("jobs", self.jobs), ("max_reject", self.max_reject)) if value is not None}
        chrome = chrome_asked(self.no_model, self.mode)
        overrides = {section: values for section, values in (("run", given), ("chrome", chrome)) if values}
        settings = load_settings(Path(self.config) if self.config else None, overrides)
        return dataclasses.replace(settings, run=self._dated(settings))

    def _dated(self, settings: Settings) -> Any:
        run = settings.run
        if not run.inputs:
            raise UsageError("no inputs: name files or folders, or state [run] inputs in the settings file")
        date = self.date
        if any(_DATE in text for text in (*run.inputs, run.output, run.name)):
            date = checked_date(date) if date else datetime.date.today().isoformat()
        elif date:
            checked_date(date)
        return dataclasses.replace(
            run,
            inputs=tuple(text.replace(_DATE, date) for text in run.inputs),
            output=run.output.replace(_DATE, date),
            name=run.name.replace(_DATE, date),
        )


def checked_date(text: str) -> str:
    """Return a date as it stands in YYYY-MM-DD; raises UsageError for anything else.

    >>> checked_date("2026-11-21")
    '2026-11-21'
    """
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--date {text!r}: must be a day like 2026-11-21") from None
