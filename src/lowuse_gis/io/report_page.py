"""Write a report as one page for a browser."""

from __future__ import annotations

import base64
from importlib import resources
from typing import TYPE_CHECKING

from lowuse_gis.io.report_context import context_of, environment

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model.report import Report


def write_report_page(path: Path, report: Report) -> None:
    """Write a report as a page with its pictures in it.

    Parameters
    ----------
    path
        A new file.
    report
        The content; all of it is text, none is markup.
    """
    own = resources.files("lowuse_gis") / "page" / "report.html"
    page = environment().from_string(own.read_text(encoding="utf-8"))
    context = context_of(
        report, lambda png, _told: "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    )
    path.write_text(page.render(context), encoding="utf-8", newline="\n")
