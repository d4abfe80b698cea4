"""What is understood of the sheets of a workbook, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from lowuse_gis.console.show import table, to_screen
from lowuse_gis.io.project_writing import entry_text
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.commands.describe import Described
    from lowuse_gis.io.understanding import ColumnSeen, SheetSeen, Understood

MOST = 8  # rows left out that are listed one by one
LOOKED_INTO = "xlsx"


def show_sheets(layer: Understood) -> None:
    """Show each sheet of a table: heading, columns, units, key, first rows, rows left out.

    Parameters
    ----------
    layer
        A table that could be read.
    """
    screen = to_screen()
    for sheet in layer.sheets:
        if sheet.name:
            screen.print()
            screen.print(Text(_("sheet {name}").format(name=sheet.name), style="bold"))
        if not sheet.read:
            screen.print(Text("  " + _("not read: it has no heading that is known"), style="dim"))
            continue
        screen.print(_facts(sheet, layer))
        screen.print(_columns(sheet))
        if sheet.first:
            screen.print(records_shown(sheet.first, sheet.places))


def _facts(sheet: SheetSeen, layer: Understood) -> Table:
    made = Table.grid(padding=(0, 0, 0, 2))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    rows = ", ".join(map(str, sheet.heading))
    facts = [
        (_("heading in row"), rows),
        (_("rows of data"), f"{sheet.rows:,}"),
        (_("rows known by"), _(", ").join(sheet.key)),
    ]
    if sheet.hidden:
        facts.append((_("hidden"), _("the sheet is hidden; it is read all the same")))
    if sheet.hidden_parts:
        parts = _(", ").join(sheet.hidden_parts)
        facts.append((_("hidden"), _("{parts}; read all the same").format(parts=parts)))
    if layer.found.format != LOOKED_INTO:
        told = _("hidden rows and formulas are looked for in .xlsx only")
        facts.append((_("not looked at"), told))
    facts += [
        (_("rows left out") if n == 0 else "", text) for n, text in enumerate(_left_out(sheet))
    ]
    for label, value in facts:
        made.add_row(Text(label), Text(value))
    return made


def _left_out(sheet: SheetSeen) -> list[str]:
    """Name the rows left out, with the reason; many of one reason at once."""
    reasons = {
        "title": _("above the heading"),
        "total": _("a total"),
        "repeated": _("the heading again"),
        "note": _("nothing in the columns that are read, or a note"),
        "empty": _("empty"),
    }
    shown = [left for left in sheet.left_out if left.reason in reasons]
    lines = [
        _("row {line}: {reason}").format(line=left.line, reason=reasons[left.reason])
        + (f" ({left.text[:40]})" if left.text else "")
        for left in shown[:MOST]
    ]
    if len(shown) > MOST:
        lines.append(_("and {count} more").format(count=len(shown) - MOST))
    return lines


def ways_known() -> dict[str, str]:
    """Name the ways in which a field or heading is known.

    Returns
    -------
    dict
        Way to its name.
    """
    return {
        "exact": _("standard name"),
        "alias": _("other name"),
        "truncated": _("name cut off"),
        "named": _("named by you"),
        "year": _("name with a year"),
    }


def _columns(sheet: SheetSeen) -> Table:
    ways = ways_known()
    headings = (_("sheet column"), _("heading"), _("taken as"), _("known by"), _("unit of values"))
    made = table("", [(heading, "left") for heading in headings])
    for column in sheet.columns:
        label = column.label + (f" {column.year}" if column.year else "")
        how = ways.get(column.how, "") if column.column else ""
        made.add_row(*map(Text, (column.letter, column.heading, label or "—", how, _unit(column))))
    return made


def _unit(column: ColumnSeen) -> str:
    """Say which unit is applied, where it was found, and what it does."""
    places = {
        "declared": _("as declared"),
        "heading": _("in the heading"),
        "unit_row": _("in the row of units"),
        "title": _("in the title"),
    }
    if not column.into or not column.column:
        return ""
    if not column.unit:
        return _("none found: taken as {unit}").format(unit=column.into)
    times = f" × {column.factor:g} → {column.into}" if column.factor != 1 else ""
    return f"{column.unit} ({places.get(column.told, '')}){times}"


def records_shown(records: Sequence[Mapping[str, str]], places: Sequence[str] = ()) -> Table:
    """Show records side by side, a line for each column that holds anything.

    Parameters
    ----------
    records
        Label to text, one or more.
    places
        Where each stands; nothing is said of it where empty.

    Returns
    -------
    Table
    """
    made = Table.grid(padding=(0, 0, 0, 2))
    made.add_column(style="dim", no_wrap=True)
    for _record in records:
        made.add_column(overflow="fold")
    if places:
        made.add_row(Text(_("first rows")), *(Text(place, style="dim") for place in places))
    for label in records[0]:
        if any(record[label] for record in records):
            made.add_row(Text(label), *(Text(record[label]) for record in records))
    return made


def project_entry(described: Described) -> str:
    """Write what was said of one table as an entry of a project file.

    Parameters
    ----------
    described
        What was understood.

    Returns
    -------
    str
        Empty where nothing was said, or not of one table.
    """
    said, tables = described.said, [one for one in described.layers if one.sheets]
    if len(tables) != 1 or not (said.declared or said.mapping):
        return ""
    return entry_text(tables[0].source, str(described.path), said.mapping, said.declared)
