"""One entry of a rulebook's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Entry:
    """One entry of a file: a criterion, an obstacle, a measure, a threshold row, a source.

    Attributes
    ----------
    folder, file, code
        Where it stands and what it is called.
    content
        Its keys.
    land_type
        The type that heads its file.
    """

    folder: str
    file: str
    code: str
    content: Mapping[str, Any]
    land_type: str = ""

    def text(self, key: str) -> str:
        """Return a text of the entry; empty where there is none."""
        value = self.content.get(key, "")
        return value if isinstance(value, str) else ""
