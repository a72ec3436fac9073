"""The errors that dechrome raises on purpose; each message says what is wrong, where, and how to cure it."""

from __future__ import annotations


class DechromeError(Exception):
    """A failure that a person can mend; `exit_code` is what the command line returns for it."""

    exit_code = 70


class UsageError(DechromeError):
    """Something that was asked for cannot be: a missing path, no input, a bad option."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file or a setting is wrong."""


class RuleError(UsageError):
    """A rule table is wrong: bad pattern, missing example, or an example that fails."""


class TooManyRejectsError(DechromeError):
    """More pages were rejected than the settings allow, or none was cleaned; the outputs are there."""

    exit_code = 1


class LockedError(DechromeError):
    """Another run holds the cache."""

    exit_code = 3


class EnvironmentFault(DechromeError):
    """The machine stands in the way: disk full, output not writable."""

    exit_code = 4


class DamagedEntry(DechromeError):
    """A cache entry does not hold what its manifest says."""

    exit_code = 4


class Reject(Exception):
    """One input that cannot be cleaned; it becomes a row among the rejects and the batch goes on."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
