"""The workbooks in which bodies fill in what is missing (数据需求), and their summary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.asked import ANSWERS, asked_fields, codes_known
from lowuse_gis.io.workbook import ABOVE, OutSheet, write_workbook
from lowuse_gis.language import _, language, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.model import Rulebook

PREFIX = "数据需求_"  # names a file, whatever the language
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
LONGEST = 40  # signs of each part of a file's name
NOT_ASKED = "—"  # read back as empty
TEXT, DAY = "@", "yyyy-mm-dd"
INLINE = 255  # signs that a drop-down list may have in the cell itself
NARROW = 14


@dataclass(frozen=True)
class Letter:
    """What every workbook of a run says.

    Attributes
    ----------
    rulebook
        Knows headings, units and code lists.
    as_of
        The date judged for.
    due
        The day by which it should come back; None where the letter says it.
    """

    rulebook: Rulebook
    as_of: date
    due: date | None = None


def file_name(body: str, town: str) -> str:
    """Name the workbook of a body and town.

    Parameters
    ----------
    body, town
        Their names; characters that a file name may not have are replaced.

    Returns
    -------
    str

    Examples
    --------
    >>> file_name("区税务局", "王口镇/东区")
    '数据需求_区税务局_王口镇_东区.xlsx'
    """
    parts = [UNSAFE.sub("_", name).strip(" .")[:LONGEST] for name in (body, town)]
    return PREFIX + "_".join(parts) + ".xlsx"


def write_request(
    path: Path, body: str, lines: pd.DataFrame, cells: pd.DataFrame, letter: Letter
) -> None:
    """Write the workbook of one body and town.

    Parameters
    ----------
    path
        A new file.
    body
        Name of the body.
    lines, cells
        Of `Requests`, of this body and town.
    letter
        The rules, the date and the day due.
    """
    fields = asked_fields(letter.rulebook.fields)
    order = [c for c in letter.rulebook.columns["name"] if c in set(cells["asked"])]
    specs = {column: fields[column] for column in order}
    heads = _heads(letter.rulebook) | {c: asked_heading(spec) for c, spec in specs.items()}
    mark = heads.pop("parcel_mark")  # stands last
    heads["parcel_mark"] = mark
    wide = pd.crosstab(cells["row"], cells["asked"]).reindex(index=lines["row"], columns=order)
    empty = wide.gt(0).replace({True: "", False: NOT_ASKED}).set_axis(lines.index)
    frame = lines.join(empty)[list(heads)].rename(columns=heads)
    lists = _lists(specs, letter.rulebook)
    choices, sheet = _choices(lists, {column: heads[column] for column in lists})
    name = _("data needed")
    title = _("Data needed from {body}: {town}").format(body=body, town=lines["town"].iloc[0])
    asked = OutSheet(
        name,
        title,
        frame,
        _rules_line(letter),
        {heads["area"]: 2, heads["mu"]: 4},
        _formats(specs, heads),
        choices,
        dict.fromkeys((heads[c] for c in order), NARROW),
        dict.fromkeys((heads[c] for c in order), NOT_ASKED),
        {heads[c]: tuple(spec["range"]) for c, spec in specs.items() if "range" in spec},
    )
    sheets = [asked, _guide(body, heads, specs, letter), *([sheet] if lists else [])]
    write_workbook(path, sheets, letter.as_of)


def asked_heading(spec: Mapping[str, Any]) -> str:
    """Write the heading of a column that is asked for, with its unit.

    Parameters
    ----------
    spec
        Its entry in fields.toml.

    Returns
    -------
    str

    Examples
    --------
    >>> asked_heading({"names": ["空置率", "Vacancy rate"], "unit": "%"})[-1] in ")）"
    True
    """
    unit = spec.get("unit", "")
    if not unit and spec.get("range") == [0, 1]:
        unit = "0–1"
    name = pick(*spec["names"][:2])
    return name + (pick(f"（{unit}）", f" ({unit})") if unit else "")


def _heads(rulebook: Rulebook) -> dict[str, str]:
    """Name the columns that are filled already; none of them like one that is asked for."""
    keys = rulebook.fields[ANSWERS]
    known = rulebook.columns
    heads = {name: pick(*keys[name]["names"][:2]) for name in ("row", "parcel_code")}
    labels = ("label_en" if language() == "en" else "label",)
    heads |= {name: str(known.at[name, labels[0]]) for name in ("location", "owner")}
    return heads | {
        "type": _("type of land"),
        "area": _("area at stake (m²)"),
        "mu": _("area at stake (mu)"),
        "decides": _("what the answers decide"),
        "parcel_mark": pick(*keys["parcel_mark"]["names"][:2]),
    }


def _formats(specs: Mapping[str, Mapping[str, Any]], heads: Mapping[str, str]) -> dict[str, str]:
    formats = dict.fromkeys((heads[c] for c in ("row", "parcel_code", "parcel_mark")), TEXT)
    kinds = {"code": TEXT, "text": TEXT, "date": DAY}
    return formats | {
        heads[c]: kinds[spec.get("type", "text")]
        for c, spec in specs.items()
        if spec.get("type", "text") in kinds
    }


def _lists(specs: Mapping[str, Mapping[str, Any]], rulebook: Rulebook) -> dict[str, list[str]]:
    known = {column: list(codes_known(spec, rulebook).values()) for column, spec in specs.items()}
    return {column: words for column, words in known.items() if words}


def _choices(
    lists: Mapping[str, Sequence[str]], heads: Mapping[str, str]
) -> tuple[dict[str, Sequence[str] | str], OutSheet]:
    """Give every drop-down list its words: in the cell, or from a sheet where they are many."""
    name, choices = _("choices"), {}
    for at, (column, words) in enumerate(lists.items()):
        letter = chr(ord("A") + at)
        place = f"='{name}'!${letter}${ABOVE + 1}:${letter}${ABOVE + len(words)}"
        choices[heads[column]] = words if len(",".join(words)) <= INLINE else place
    table = {f"{heads[c]} *": pd.Series(words, dtype="str") for c, words in lists.items()}
    return choices, OutSheet(name, _("what may be chosen"), pd.DataFrame(table))


def _rules_line(letter: Letter) -> str:
    rulebook = letter.rulebook
    return _("Rules: {title} {version}; as of {date}").format(
        title=pick(rulebook.title, rulebook.title_en), version=rulebook.version, date=letter.as_of
    )


def _guide(
    body: str, heads: Mapping[str, str], specs: Mapping[str, Mapping[str, Any]], letter: Letter
) -> OutSheet:
    """Say who is asked, why, how the sheet is filled in, and by when it comes back."""
    due = (
        _("Please send this file back by {date}.").format(date=letter.due)
        if letter.due
        else _("Please send this file back by the day that the letter with it names.")
    )
    codes = [heads[c] for c, spec in specs.items() if "domain" in spec]
    lines = [
        _("To: {body}.").format(body=body),
        _("Whether these parcels are low-use cannot be said yet. The column “{decides}” says what "
          "hangs on the answers; the largest areas stand first.").format(decides=heads["decides"]),
        due,
        _("One line is one parcel. Fill in the white cells; grey ones with {mark} are not asked "
          "for.").format(mark=NOT_ASKED),
        _("Write the number alone, in the unit that the heading names. 0 means none; leave a cell "
          "empty where it is not known."),
        *_pick_from_lists(codes),
        _("An answer fills what is missing. It never replaces a value that is there: where the two "
          "differ, both are listed."),
        _("Do not change {row}, {code} and {mark}: they say which parcel is meant.").format(
            row=heads["row"], code=heads["parcel_code"], mark=heads["parcel_mark"]
        ),
        _("Columns may be moved or hidden, lines sorted or filtered, sheets added."),
        _rules_line(letter),
    ]  # fmt: skip
    heading = _("how to fill in")
    return OutSheet(heading, heading, pd.DataFrame({_("please note"): lines}))


def write_summary(
    path: Path, tables: Sequence[tuple[str, str, pd.DataFrame]], letter: Letter
) -> None:
    """Write the summary of all workbooks.

    Parameters
    ----------
    path
        A new file.
    tables
        Name of the sheet, its title, and its table with the columns ``area`` and ``mu``.
    letter
        The rules and the date.
    """
    heads = {
        "body": _("body"), "town": _("town or park"), "file": _("file"), "parcels": _("parcels"),
        "columns": _("data needed"), "column": _("data needed"), "source": _("source"),
        "area": _("area at stake (m²)"), "mu": _("area at stake (mu)"),
    }  # fmt: skip
    sheets = [
        OutSheet(
            name,
            title,
            table.rename(columns=heads),
            _rules_line(letter),
            {heads["area"]: 2, heads["mu"]: 4},
        )
        for name, title, table in tables
    ]
    write_workbook(path, sheets, letter.as_of)


def _pick_from_lists(codes: list[str]) -> list[str]:
    return [_("{columns}: choose from the list.").format(columns="、".join(codes))] if codes else []
