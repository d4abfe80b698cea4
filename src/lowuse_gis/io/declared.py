"""What a project file declares of a bureau's workbook: sheets, heading rows, units, the key."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import normal
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lowuse_gis.model import Rulebook

KEYS = ("sheet", "header", "unit", "key")
WHOLE = ""  # the unit of the whole table
TABLE = "table"


class DeclarationError(InputError):
    """What is declared of a table does not hold for the file."""


@dataclass(frozen=True)
class Declared:
    """What is said of a table; what is left out is found.

    Attributes
    ----------
    sheets
        The sheets that are read.
    header
        The rows of the heading, counted from 1.
    units
        Heading to unit; that of the whole table under an empty heading.
    key
        The heading of the parcel code or credit code.
    strict
        Whether headings named by ``mapping`` must be there too.
    """

    sheets: tuple[str, ...] = ()
    header: tuple[int, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    strict: bool = False

    def __bool__(self) -> bool:
        return bool(self.sheets or self.header or self.units or self.key)


def near(name: str, known: Iterable[str]) -> str:
    """Name what is there, the likest first.

    Parameters
    ----------
    name, known
        What was said, and what there is.

    Returns
    -------
    str
    """
    all_known = list(dict.fromkeys(known))
    likely = difflib.get_close_matches(name, all_known, n=3, cutoff=0.4)
    return ", ".join([*likely, *(one for one in all_known if one not in likely)][:12]) or "-"


def declared_from(item: Mapping[str, Any], where: str) -> Declared:
    """Take a declaration from an entry of a project file.

    Parameters
    ----------
    item
        The entry.
    where
        File and source, for messages.

    Returns
    -------
    Declared

    Raises
    ------
    InputError
        Where a key holds what it cannot hold.
    """
    sheets = item.get("sheet", ())
    header = item.get("header", ())
    units = item.get("unit", {})
    key = item.get("key", "")
    sheets = (sheets,) if isinstance(sheets, str) else sheets
    header = (header,) if isinstance(header, int) else header
    units = {WHOLE: units} if isinstance(units, str) else units
    if not _list_of(str, sheets):
        raise _wrong(where, "sheet", item, 'sheet = "Sheet1", sheet = ["一月", "二月"]')
    if not _list_of(int, header) or any(row < 1 for row in header):
        raise _wrong(where, "header", item, "header = 3, header = [3, 4]")
    if not isinstance(units, dict) or not _list_of(str, list(units.values())):
        raise _wrong(where, "unit", item, 'unit = "万元", unit = { "面积" = "亩" }')
    if not isinstance(key, str):
        raise _wrong(where, "key", item, 'key = "宗地号"')
    return Declared(tuple(sheets), tuple(sorted(header)), units, key)


def _list_of(kind: type, values: object) -> bool:
    return isinstance(values, list | tuple) and all(
        isinstance(value, kind) and not isinstance(value, bool) for value in values
    )


def _wrong(where: str, key: str, item: Mapping[str, Any], example: str) -> InputError:
    return InputError(
        _("{where}: {key} cannot be {value}").format(where=where, key=key, value=item[key]),
        _("write it as: {example}").format(example=example),
    )


def refuse_unknown(item: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Refuse an entry with keys that nobody reads.

    Parameters
    ----------
    item, known
        The entry, and the keys there are.
    where
        File and source, for messages.

    Raises
    ------
    InputError
        Naming the likest keys.
    """
    for key in item:
        if key not in known:
            raise InputError(
                _("{where}: unknown key {key}").format(where=where, key=key),
                _("keys of a source: {keys}").format(keys=_all_near(key, known)),
            )


def _all_near(name: str, known: Iterable[str]) -> str:
    all_known = list(known)
    likely = difflib.get_close_matches(name, all_known, n=3, cutoff=0.4)
    return ", ".join([*likely, *(one for one in all_known if one not in likely)])


def body_of(body: str, source: str, rulebook: Rulebook) -> str:
    """Return the body that supplied a file.

    Parameters
    ----------
    body
        As declared; that of the rulebook where empty.
    source, rulebook
        What the file is, and the rules.

    Returns
    -------
    str
        A code of bodies.csv.

    Raises
    ------
    InputError
        Where there is no such body.
    """
    codes = rulebook.codes["bodies"]["code"].tolist()
    if body and body not in codes:
        raise InputError(
            _("source {source}: unknown body {body}").format(source=source, body=body),
            _("codes of bodies: {codes}").format(codes=_all_near(body, codes)),
        )
    return body or rulebook.sources[source].body


def fit_for(declared: Declared, source: str, rulebook: Rulebook) -> None:
    """Refuse a declaration that no file of a source could bear out.

    Parameters
    ----------
    declared, source, rulebook
        What is said, of what, and the rules.

    Raises
    ------
    DeclarationError
        Where the source is no table, or a unit is not known.
    """
    rule = rulebook.sources.get(source)
    if declared and rule is not None and rule.kind != TABLE:
        raise DeclarationError(
            _("source {source} is a layer: {keys} are of tables").format(
                source=source, keys=", ".join(KEYS)
            ),
            _("take them out of the entry"),
        )
    for unit in declared.units.values():
        if unit not in rulebook.fields["units"]:
            raise DeclarationError(
                _("source {source}: unknown unit {unit}").format(source=source, unit=unit),
                _("units: {units}").format(units=_all_near(unit, rulebook.fields["units"])),
            )


def heading_named(name: str, labels: Iterable[str]) -> str:
    """Return the heading that is meant.

    Parameters
    ----------
    name
        As declared.
    labels
        Headings of a sheet.

    Returns
    -------
    str
        The same but for case, spaces and bracketed units; empty where there is none.
    """
    there = [label for label in labels if label]
    alike = {normal(label): label for label in reversed(there)}
    return name if name in there else alike.get(normal(name), "")


def refuse_sheet(name: str, sheets: Iterable[str], file: str) -> DeclarationError:
    """Say that a workbook has no such sheet.

    Parameters
    ----------
    name, sheets, file
        What was said, what there is, and in which file.

    Returns
    -------
    DeclarationError
        To be raised.
    """
    return DeclarationError(
        _("{file}: no sheet {name}").format(file=file, name=name),
        _("sheets: {names}").format(names=near(name, (one for one in sheets if one))),
    )


def refuse_heading(name: str, labels: Iterable[str], file: str) -> DeclarationError:
    """Say that no sheet has such a heading.

    Parameters
    ----------
    name, labels, file
        What was said, what there is, and in which file.

    Returns
    -------
    DeclarationError
        To be raised.
    """
    return DeclarationError(
        _("{file}: no heading {name}").format(file=file, name=name),
        _("headings: {names}").format(names=near(name, labels)),
    )


def refuse_rows(rows: Iterable[int], sheet: str, file: str, there: str) -> DeclarationError:
    """Say that the rows declared are no heading.

    Parameters
    ----------
    rows, sheet, file
        What was said, of which sheet and file.
    there
        What is there instead.

    Returns
    -------
    DeclarationError
        To be raised.
    """
    shown = ", ".join(map(str, rows))
    return DeclarationError(
        _("{file} {sheet}: no heading in row {rows}").format(file=file, sheet=sheet, rows=shown),
        there,
    )
