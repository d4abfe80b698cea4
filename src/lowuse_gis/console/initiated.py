"""What ``lowuse init`` found in a folder, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.show import files_written, table, to_screen
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.init import Outcome
    from lowuse_gis.stages.propose import Proposed


def show_initiated(outcome: Outcome) -> None:
    """Show which file is what, what is doubtful, and what to do next.

    Parameters
    ----------
    outcome
        Of the command.
    """
    screen = to_screen()
    made = table(
        _("What the files are"),
        [(_("file"), "left"), (_("source"), "left"), (_("records"), "right"), (_("CRS"), "left"),
         (_("encoding"), "left"), (_("fields known"), "right"), (_("doubts"), "left")],
    )  # fmt: skip
    for one in outcome.proposed:
        style = "" if one.used else "yellow" if one.source else "dim"
        made.add_row(*_row(one), style=style)
    screen.print(made)
    for notice in outcome.notices:
        screen.print(Text(f"{notice.code} {notice.file}: {notice.note}", style="dim"))
    doubtful = sum(bool(one.source) and not one.used for one in outcome.proposed)
    if doubtful:
        said = _("{count} files are doubtful: commented out in {file}")
        screen.print(Text(said.format(count=doubtful, file=outcome.file), style="yellow"))
    files_written([outcome.file])
    screen.print(_("next:"), Text(_next(outcome), style="bold"), soft_wrap=True)


def initiated_json(outcome: Outcome) -> dict[str, Any]:
    """Return what was found as plain data.

    Parameters
    ----------
    outcome
        Of the command.

    Returns
    -------
    dict
    """
    return {
        "project": str(outcome.file),
        "files": [
            {
                "path": one.path,
                "layer": one.layer,
                "source": one.source,
                "used": one.used,
                "why": one.why,
                "doubts": [doubt for doubt in one.doubts if doubt],
                "others": list(one.others),
                "records": one.seen.count,
                "crs": one.seen.crs,
                "encoding": one.seen.encoding,
                "fields": {f.name: f.column for f in one.seen.fields if f.column},
                "lacking": list(one.seen.lacking),
                "mapping": dict(one.mapping),
            }
            for one in outcome.proposed
        ],
        "notices": [vars(notice) for notice in outcome.notices],
        "next": _next(outcome),
    }


def _row(one: Proposed) -> list[str]:
    seen = one.seen
    known = sum(bool(field.column) for field in seen.fields)
    return [
        f"{one.path}:{one.layer}" if one.layer else one.path,
        one.source or _("not recognised"),
        f"{seen.count:,}" if seen.count >= 0 else "",
        seen.crs,
        seen.encoding,
        f"{known:,}" if one.source else "",
        "; ".join(filter(None, one.doubts)),
    ]


def _next(outcome: Outcome) -> str:
    """Name the next command: what is doubtful is to be settled, then checked, then judged."""
    folder = outcome.file.parent
    if any(one.used and one.source == "parcels" for one in outcome.proposed):
        return f"lowuse classify --project {folder} -o result.gpkg"
    return f"lowuse check --project {folder} -o check"
