"""``lowuse rules lint``: every fault of a rulebook at once."""

from __future__ import annotations

from dataclasses import dataclass

from lowuse_gis.core.lint import ERROR, Fault, lint
from lowuse_gis.io.rulebook_files import read_files


@dataclass(frozen=True)
class Linted:
    """What lint found.

    Attributes
    ----------
    name
        The rulebook's folder.
    files
        Number of files read.
    faults
        By file, code and key.
    """

    name: str
    files: int
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> int:
        """How many of the faults are errors."""
        return sum(fault.severity == ERROR for fault in self.faults)

    @property
    def warnings(self) -> int:
        """How many are warnings."""
        return len(self.faults) - self.errors


def linted(name: str) -> Linted:
    """Lint a rulebook.

    Parameters
    ----------
    name
        Name or folder.

    Returns
    -------
    Linted

    Raises
    ------
    RuleError
        Where there is no such rulebook at all.
    """
    raw = read_files(name)
    return Linted(raw.name, len(raw.paths), lint(raw))
