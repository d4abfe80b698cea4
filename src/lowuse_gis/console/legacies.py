"""Land of historical legacy on the screen: found, sealed, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.language import _, pick
from lowuse_gis.stages.legacy.answered import CURRENT, REJECTED, SUPERSEDED

if TYPE_CHECKING:
    from lowuse_gis.commands.legacy_find import Found
    from lowuse_gis.commands.legacy_seal import Sealed
    from lowuse_gis.commands.legacy_verify import Verified

SHOWN = 20  # records named on the screen; --json names all


def show_found(found: Found) -> None:
    """Show pieces and area by state, which add up to the base layer.

    Parameters
    ----------
    found
        Of the command.
    """
    labels = found.run.rulebook.domain("legacy_state")
    lines = found.balance.groupby("state", as_index=False)[["pieces", "area"]].sum()
    lines["order"] = lines["state"].map({state: at for at, state in enumerate(labels)})
    made = table(
        _("Land of historical legacy, {title}").format(title=found.run.rulebook.title),
        [(_("state"), "left"), (_("pieces"), "right"), (_("area (ha)"), "right")],
    )
    for line in lines.sort_values("order").itertuples():
        label = pick(*labels[str(line.state)])
        made.add_row(label, f"{line.pieces:,}", f"{line.area / 10_000:,.4f}")
    made.add_section()
    made.add_row(
        _("construction land"), f"{lines['pieces'].sum():,}", f"{found.whole / 10_000:,.4f}"
    )
    to_screen().print(made)
    _show_answers(found)
    for title, body in found.absent:
        to_user().print(_("not supplied: {title}; ask {body}").format(title=title, body=body))
    to_user().print(_("written: {file}").format(file=found.file))


def _show_answers(found: Found) -> None:
    """Name what the towns took off the list, and their answers that are not in force."""
    off = found.pieces[found.pieces["state"] == REJECTED]
    if len(off):
        made = table(
            _("Left out by the towns: {count} pieces").format(count=len(off)),
            [(_("legacy code"), "left"), (_("reason"), "left"), (_("confirmed by"), "left")],
        )
        for line in off.head(SHOWN).itertuples():
            made.add_row(str(line.legacy_code), str(line.reason), str(line.confirmed_by))
        to_screen().print(made)
    idle = _idle(found)
    if not len(idle):
        return
    words = found.run.rulebook.domain("legacy_answer")
    made = table(
        _("Answers that are not in force: {count}").format(count=len(idle)),
        [(_("line"), "right"), (_("legacy code"), "left"), (_("why not"), "left")],
    )
    for line in idle.head(SHOWN).itertuples():
        made.add_row(str(line.line), str(line.legacy_code), pick(*words[str(line.state)]))
    to_screen().print(made)


def _idle(found: Found) -> pd.DataFrame:
    if found.answers is None:
        return pd.DataFrame(columns=["line", "legacy_code", "decision", "state"])
    lines = found.answers[~found.answers["state"].isin([CURRENT, SUPERSEDED])]
    return lines[["line", "legacy_code", "decision", "state"]].reset_index(drop=True)


def found_json(found: Found) -> dict[str, Any]:
    """Return the balance.

    Parameters
    ----------
    found
        Of the command.

    Returns
    -------
    dict
    """
    return {
        "balance": found.balance,
        "area": round(found.whole, 2),
        "left_out_by_towns": pd.DataFrame(
            found.pieces.loc[found.pieces["state"] == REJECTED, ["legacy_code", "reason"]]
        ),
        "answers_not_in_force": _idle(found),
        "absent": [{"source": title, "body": body} for title, body in found.absent],
    }


def show_sealed(sealed: Sealed) -> None:
    """Show what was sealed, and what comes next.

    Parameters
    ----------
    sealed
        Of the command.
    """
    seal = sealed.seal
    to_screen().print(
        _("sealed: {records} records, {area} m², SHA-256 {sha}").format(
            records=f"{seal['records']:,}", area=f"{float(seal['area']):,.2f}", sha=seal["sha256"]
        )
    )
    to_user().print(
        _("print {folder}/封库确认表.pdf, have it signed and stamped, and keep it").format(
            folder=sealed.folder
        )
    )
    to_user().print(_("this database is never updated again"))


def sealed_json(sealed: Sealed) -> dict[str, Any]:
    """Return the seal without the hash of each record.

    Parameters
    ----------
    sealed
        Of the command.

    Returns
    -------
    dict
    """
    return {key: value for key, value in sealed.seal.items() if key != "hashes"} | {
        "left": dict(sealed.left)
    }


def show_verified(verified: Verified) -> None:
    """Show whether a copy is as it was sealed, and every record that is not.

    Parameters
    ----------
    verified
        Of the command.
    """
    seal = verified.seal
    if verified.holds:
        to_screen().print(
            _("as it was sealed on {day}: {records} records, SHA-256 {sha}").format(
                day=seal.get("sealed_on", ""), records=f"{seal['records']:,}", sha=seal["sha256"]
            )
        )
        if verified.signature:
            to_user().print(_("the signature holds"))
        return
    if not verified.intact:
        to_screen().print(_("the seal itself was changed: its hash is not that of its content"))
    if verified.signature is False:
        to_screen().print(_("the signature does not hold"))
    if verified.missing:
        to_screen().print(
            _("fields are missing: {names}").format(names=", ".join(verified.missing))
        )
    words = {
        "changed": _("changed"),
        "added": _("added"),
        "removed": _("removed"),
        "doubled": _("stands twice"),
    }
    made = table(
        _("Not as sealed: {count} records").format(count=len(verified.broken)),
        [(_("legacy code"), "left"), (_("state"), "left")],
    )
    for line in verified.broken.head(SHOWN).itertuples():
        made.add_row(str(line.id), words[str(line.state)])
    to_screen().print(made)
    if len(verified.broken) > SHOWN:
        to_user().print(_("all of them with --json"))


def verified_json(verified: Verified) -> dict[str, Any]:
    """Return what became of a copy.

    Parameters
    ----------
    verified
        Of the command.

    Returns
    -------
    dict
    """
    return {
        "holds": verified.holds,
        "seal_intact": verified.intact,
        "signature": verified.signature,
        "missing_fields": verified.missing,
        "broken": verified.broken,
        "sha256": verified.seal["sha256"],
    }
