"""What can be wrong in a rulebook, said so that a person finds it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

ERROR, WARNING = "error", "warning"
SHOWN = 3
LONGEST = 400


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a rulebook.

    Attributes
    ----------
    file
        Seen from the folder that holds the rulebooks, such as ``jinghai/criteria/village.toml``.
    code
        The criterion, obstacle, threshold, column or source; empty where it is the whole file.
    key
        The key or heading; empty where it is the whole entry.
    kind
        Its stable name, such as ``unknown-column``.
    severity
        ``error`` or ``warning``.
    message, hint
        What is wrong, and what to do about it; one line each.
    """

    file: str
    code: str
    key: str
    kind: str
    severity: str
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Place:
    """Where faults are found, and those found there.

    Attributes
    ----------
    file, code
        The file and the entry.
    found
        The list that faults are added to.
    """

    file: str
    code: str
    found: list[Fault] = field(default_factory=list)

    def error(self, kind: str, key: str, message: str, hint: str = "") -> None:
        """Note an error: the rulebook does not say what it means to say."""
        self._note(key, kind, ERROR, message, hint)

    def warning(self, kind: str, key: str, message: str, hint: str = "") -> None:
        """Note a warning: it works, but hardly as it was meant."""
        self._note(key, kind, WARNING, message, hint)

    def unknown(self, kind: str, key: str, message: str, name: str, known: Iterable[str]) -> None:
        """Note a name that nobody knows, with the nearest known ones as the hint."""
        self.error(kind, key, message.format(name=name), nearest(name, known))

    def _note(self, key: str, kind: str, severity: str, message: str, hint: str) -> None:
        texts = map(one_line, (self.file, self.code, key, kind, severity, message, hint))
        self.found.append(Fault(*texts))

    def at(self, code: str) -> Place:
        """Return the place of another entry of the same file."""
        return Place(self.file, code, self.found)


def one_line(text: str) -> str:
    """Make one line of a text that a file gave, without signs that steer a terminal.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str

    Examples
    --------
    >>> one_line("a" + chr(10) + chr(27) + "[2J")
    'a [2J'
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    short = plain if len(plain) <= LONGEST else plain[:LONGEST] + "…"
    return " ".join(short.split())


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the known names that look most like one that is not known.

    Parameters
    ----------
    name
        What was written.
    known
        What could have been meant.

    Returns
    -------
    str
        A hint; where nothing is near, some of the known names.

    Examples
    --------
    >>> nearest("plot_ration", ["area", "plot_ratio"]).endswith("plot_ratio")
    True
    """
    names = sorted(set(known) - {""})
    folded = {known_name.lower(): known_name for known_name in names}
    near = difflib.get_close_matches(name.strip().lower()[:LONGEST], folded, n=SHOWN)
    if near:
        listed = ", ".join(folded[match] for match in near)
        return _("nearest known names: {names}").format(names=listed)
    more = ", …" if len(names) > 2 * SHOWN else ""
    listed = ", ".join(names[: 2 * SHOWN]) or "-"
    return _("known names: {names}").format(names=listed + more)
