"""A table that stands as records, one below the other, where the terminal is too narrow for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions, RenderableType

READABLE = 10  # cells that a column of words needs at least to be read
BORDER = 3  # cells beside each column
INDENT = 2
GAP = 2  # cells between two texts of a line


class Sheet(Table):
    """A table whose rows become records where its columns could no longer be read.

    Numbers are never folded: a column of numbers needs its whole breadth, a column of words
    `READABLE` cells.
    """

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Draw as a table, or as records."""
        if self._needed(console, options) <= options.max_width:
            yield from super().__rich_console__(console, options)  # type: ignore[misc]
        else:
            yield from self._records(options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Say how broad it is: as broad as there is room where it stands as records."""
        if self._needed(console, options) <= options.max_width:
            return super().__rich_measure__(console, options)
        return Measurement(1, options.max_width)

    def _needed(self, console: Console, options: ConsoleOptions) -> int:
        free = options.update(max_width=10_000)
        whole = 1
        for column in self.columns:
            cells = [*column.cells, column.header]
            broad = max(Measurement.get(console, free, cell).maximum for cell in cells)
            words = column.justify != "right"
            whole += BORDER + (min(broad, READABLE) if words else broad)
        return whole

    def _records(self, width: int) -> Iterator[RenderableType]:
        """Write the first cells of a row as its heading, the others below with their columns."""
        if self.title:
            yield Text(str(self.title), style="bold")
        heads = [_text(column.header) for column in self.columns]
        named = max(_words_in_front(column.justify for column in self.columns), 1)
        rows = zip(*(column.cells for column in self.columns), strict=True)
        for row, cells in zip(self.rows, rows, strict=True):
            texts = [_text(cell) for cell in cells]
            front = [text for text in texts[:named] if text.plain.strip()]
            if front:  # a row without names goes on with the record above it
                yield Text(" · ").join(front)
            pairs = [
                Text(f"{head.plain} ", style="dim").append_text(text)
                for head, text in zip(heads[named:], texts[named:], strict=True)
                if text.plain.strip()
            ]
            for line in _lines(pairs, width - INDENT):
                yield Padding(line, (0, 0, 0, INDENT))
            if row.end_section:
                yield Text("")
        if self.caption:
            yield Text(str(self.caption), style="italic")
        yield Text("")


def _words_in_front(justified: Iterable[str]) -> int:
    """Count the columns of words before the first of numbers, two at most."""
    count = 0
    for justify in justified:
        if justify == "right" or count == 2:  # noqa: PLR2004
            break
        count += 1
    return count


def _lines(parts: Iterable[Text], width: int) -> Iterator[Text]:
    """Put texts side by side as far as a line goes; none is broken that fits a line."""
    line = Text()
    for part in parts:
        if line and line.cell_len + GAP + part.cell_len > width:
            yield line
            line = Text()
        line.append(" " * GAP if line else "").append_text(part)
    if line:
        yield line


def _text(cell: RenderableType) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))
