"""What was learnt of a delivery, on the screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.learn import LearntProfile

SHOWN = 60  # signs of what is to be confirmed


def show_learnt(found: LearntProfile) -> None:
    """Show what was learnt and what a person must look at; the profile where no file was named.

    Parameters
    ----------
    found
        Of the command.
    """
    if not found.written:
        sys.stdout.write(found.text)
        return
    profile = found.draft.profile
    to_screen().print(
        _("learnt: {files} entries of files, {layers} layers and sheets, {fields} fields").format(
            files=len(profile["file"]),
            layers=len(profile["layers"]),
            fields=sum(len(spec["fields"]) for spec in profile["layers"].values()),
        )
    )
    if found.draft.confirm:
        made = table(_("To confirm"), [(_("place"), "left"), (_("what"), "left")])
        for place, what in found.draft.confirm:
            made.add_row(place, what if len(what) <= SHOWN else f"{what[:SHOWN]}…")
        to_screen().print(made)
    errors = found.findings[found.findings["severity"] == "error"]
    for line in errors.drop_duplicates(["code", "file", "layer"]).itertuples():
        to_user().print(
            _("the delivery itself does not fit: {code} {title} {file} {layer}").format(
                code=line.code, title=line.title, file=line.file, layer=line.layer
            )
        )
    to_user().print(_("written: {file}").format(file=found.written))


def learnt_json(found: LearntProfile) -> dict[str, Any]:
    """Return the profile and what is to be confirmed.

    Parameters
    ----------
    found
        Of the command.

    Returns
    -------
    dict
    """
    return {
        "package": str(found.package),
        "profile": found.draft.profile,
        "confirm": [{"place": place, "what": what} for place, what in found.draft.confirm],
        "findings": found.findings,
    }
