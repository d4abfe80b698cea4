"""Charts in workbooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

WIDTH, HEIGHT = 620, 520  # pixels
MOST = 100  # points
GREEN, GREY = "#2F6F4F", "#999999"


@dataclass(frozen=True)
class Scatter:
    """Points of two columns of a sheet, with a line that parts each axis.

    Attributes
    ----------
    across, up
        Headings of the columns.
    title
        Of the chart.
    lines
        Where the axes are parted.
    """

    across: str
    up: str
    title: str
    lines: tuple[float, float]


def add_scatter(
    book: xlsxwriter.Workbook, page: Worksheet, frame: pd.DataFrame, chart: Scatter, first: int
) -> None:
    """Draw a chart beside the table of a sheet.

    Parameters
    ----------
    book, page, frame
        The workbook, the sheet and its content.
    chart
        What to draw.
    first
        First row of the content.
    """
    drawn = book.add_chart({"type": "scatter"})
    last, headings = first + len(frame) - 1, list(frame.columns)
    x, y = headings.index(chart.across), headings.index(chart.up)
    drawn.add_series(
        {
            "name": chart.title,
            "categories": [page.get_name(), first, x, last, x],
            "values": [page.get_name(), first, y, last, y],
            "marker": {"type": "circle", "size": 6, "fill": {"color": GREEN}},
        }
    )
    scale = {"min": 0, "max": MOST, "crossing": 0, "major_gridlines": {"visible": False}}
    across, up = chart.lines
    drawn.set_x_axis({**scale, "name": f"{chart.across}  (| {across:g})"})
    drawn.set_y_axis({**scale, "name": f"{chart.up}  (— {up:g})"})
    beneath = len(headings) + 2  # the ends of the lines stand in cells that the chart covers
    ends = (("|", (across, across), (0, MOST)), ("—", (0, MOST), (up, up)))
    for number, (name, xs, ys) in enumerate(ends):
        row = first + 2 * number
        for at in range(2):
            page.write_number(row + at, beneath, xs[at])
            page.write_number(row + at, beneath + 1, ys[at])
        drawn.add_series(
            {
                "name": name,
                "categories": [page.get_name(), row, beneath, row + 1, beneath],
                "values": [page.get_name(), row, beneath + 1, row + 1, beneath + 1],
                "marker": {"type": "none"},
                "line": {"color": GREY, "dash_type": "dash"},
            }
        )
    drawn.set_title({"name": chart.title})
    drawn.set_legend({"none": True})
    drawn.set_size({"width": WIDTH, "height": HEIGHT})
    page.insert_chart(1, len(headings) + 1, drawn)
