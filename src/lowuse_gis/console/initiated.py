"""What ``lowuse init`` found in a folder, on the screen."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.show import files_written, table, to_screen
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from lowuse_gis.commands.init import Outcome
    from lowuse_gis.model import Rulebook
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
        [(_("file"), "left"), (_("source"), "left"), (_("records"), "right"),
         (_("read as"), "left"), (_("doubts"), "left")],
    )  # fmt: skip
    for one in outcome.proposed:
        style = "" if one.used else "yellow" if one.source else "dim"
        made.add_row(*_row(one, outcome.rulebook), style=style)
    screen.print(made)
    for notice in outcome.notices:
        said = _("not used: {what}").format(what=notice.note or notice.file)
        screen.print(Text(f"{notice.code} {said}", style="dim"))
    if outcome.absent:
        titles = [_title(name, outcome.rulebook) for name in outcome.absent]
        lacking = _("nothing was found for: {names}").format(names=pick("、", ", ").join(titles))
        screen.print(Text(lacking, style="dim"))
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
        "absent": list(outcome.absent),
        "next": _next(outcome),
    }


def _title(source: str, rulebook: Rulebook) -> str:
    rule = rulebook.sources[source]
    return pick(rule.title, rule.title_en)


def _row(one: Proposed, rulebook: Rulebook) -> list[str]:
    seen = one.seen
    return [
        f"{one.path}:{one.layer}" if one.layer else one.path,
        _title(one.source, rulebook) if one.source else _("not recognised"),
        f"{seen.count:,}" if seen.count >= 0 else "",
        " ".join(filter(None, [seen.crs, seen.encoding])),
        "; ".join(filter(None, one.doubts)),
    ]


def _next(outcome: Outcome) -> str:
    """Name the next command: what was handed over is checked first."""
    return f"lowuse check --project {shlex.quote(str(outcome.file.parent))} -o check"
