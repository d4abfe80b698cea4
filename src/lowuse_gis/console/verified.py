"""What was found in a package, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.verify import Verified

SHOWN = 3  # examples of each code
WORDS = {"error": "red", "warning": "yellow", "notice": "cyan"}


def show_verified(found: Verified) -> None:
    """Show findings by code with examples, then the verdict on the package.

    Parameters
    ----------
    found
        Of the command.
    """
    findings = found.findings
    if len(findings):
        made = table(
            _("Verification of {name}, profile {profile}").format(
                name=found.package.name, profile=found.profile
            ),
            [
                (_("code"), "left"),
                (_("what"), "left"),
                (_("count"), "right"),
                (_("such as"), "left"),
            ],
        )
        for code in dict.fromkeys(findings["code"]):
            lines = findings[findings["code"] == code]
            first = lines.iloc[0]
            examples = "\n".join(_place(line) for line in lines.head(SHOWN).to_dict("records"))
            colour = WORDS[str(first["severity"])]
            made.add_row(f"[{colour}]{code}[/]", str(first["title"]), f"{len(lines):,}", examples)
        to_screen().print(made)
    counts = findings["severity"].value_counts()
    to_screen().print(
        _("{files} files, {records} records: {errors} errors, {warnings} warnings").format(
            files=found.files,
            records=f"{found.records:,}",
            errors=counts.get("error", 0),
            warnings=counts.get("warning", 0),
        )
    )
    said = _("the package would be taken back") if found.errors else _("the package passes")
    to_screen().print(said)
    for path in found.written:
        to_user().print(_("written: {file}").format(file=path))


def _place(line: dict[str, Any]) -> str:
    parts = [
        line["file"].rpartition("/")[2],
        line["layer"],
        line["id"],
        line["field"],
        line["cell"],
    ]
    text = " ".join(part for part in parts if part)
    return f"{text}: {line['note']}" if line["note"] else text


def verified_json(found: Verified) -> dict[str, Any]:
    """Return all findings.

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
        "profile": found.profile,
        "files": found.files,
        "records": found.records,
        "errors": found.errors,
        "findings": found.findings,
    }
