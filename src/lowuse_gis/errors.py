"""What a user can be told: one message, one hint, exit code 2.

Bad requests raise one of these; bad data never do, they become check rows.
"""

from __future__ import annotations


class LowuseError(Exception):
    """A request that cannot be carried out.

    Parameters
    ----------
    message
        What happened, one line, naming the file, field or value.
    hint
        What to do about it, one line.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[LowuseError], tuple[str, str]]:
        """Go from one process to another whole."""
        return type(self), (self.message, self.hint)


class InputError(LowuseError):
    """A file or table that cannot be used as it is."""


class RuleError(LowuseError):
    """A rulebook, criterion or threshold that is wrong."""


class OutputExistsError(LowuseError):
    """An output that stands already and must not be overwritten unasked."""


class OutputError(LowuseError):
    """An output that cannot be written."""


class SealError(LowuseError):
    """A sealed database that must not be changed, or a seal that does not hold."""


class DatabaseError(LowuseError):
    """A database that cannot be reached, or that refuses."""


class EngineError(LowuseError):
    """Workers that were lost, or that cannot be reached."""
