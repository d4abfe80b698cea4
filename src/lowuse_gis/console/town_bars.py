"""Low-use and undetermined land by town, as bars that fit the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from lowuse_gis.console.bars import BAR, bar
from lowuse_gis.console.show import VERDICT_STYLE
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

NAME = 16  # cells of a name at most
LEAST = 8  # cells of the longest bar at least; with less there is none
SURE, OPEN = VERDICT_STYLE["low_use"], VERDICT_STYLE["undetermined"]


def town_bars(by_type: pd.DataFrame, mu: float, width: int) -> Iterator[Text]:
    """Draw a bar per town: low-use land, and behind it what is undetermined.

    Parameters
    ----------
    by_type
        Areas (m²) by town and type.
    mu
        The m² of a mu.
    width
        Cells of the terminal.

    Yields
    ------
    Text
        A heading, then a line per town; nothing where there is no such land.
    """
    towns = by_type.groupby(["town_code", "town_name"], as_index=False)[
        ["low_use_area", "possible_area"]
    ].sum()
    longest = towns["possible_area"].max() if len(towns) else 0.0
    if not longest > 0:
        return
    names = [
        str(n or c or "—") for n, c in zip(towns["town_name"], towns["town_code"], strict=True)
    ]
    told = [
        f"{low / mu:,.0f} / {most / mu:,.0f}"
        for low, most in zip(towns["low_use_area"], towns["possible_area"], strict=True)
    ]
    broad = min(max(map(cell_len, names)), NAME, max(width - max(map(len, told)) - 1, 2))
    cells = min(width - broad - max(map(len, told)) - 3, BAR)
    yield Text.assemble(
        (_("By town (mu)"), "bold"), "  ", ("█ ", SURE), _("low-use"), "  ", ("█ ", OPEN),
        _("with all that is undetermined"),
    )  # fmt: skip
    for name, low, most, text in zip(
        names, towns["low_use_area"], towns["possible_area"], told, strict=True
    ):
        line = Text(set_cell_size(name, broad) + " ")
        if cells >= LEAST:
            whole, sure = bar(most, longest, cells), bar(low, longest, cells)
            behind = whole[len(sure) :]
            joined = f"{SURE} on {OPEN}" if behind else SURE  # the cell that both share
            line.append(sure[:-1], SURE).append(sure[-1:], joined).append(behind, OPEN)
            line.append(" " * (cells - len(sure) - len(behind) + 1))
        yield line.append(text)
