"""What is understood of a file, on the screen."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from lowuse_gis.console.described_sheets import (
    project_entry,
    records_shown,
    show_sheets,
    ways_known,
)
from lowuse_gis.console.show import table, to_screen
from lowuse_gis.core.shifts import GCJ02, HELMERT, PIPELINE
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.commands.describe import Described
    from lowuse_gis.core.shifts import Shift
    from lowuse_gis.io.understanding import Understood
    from lowuse_gis.model import Notice

STYLES = {"error": "bold red", "warning": "yellow", "notice": "dim"}


def show_described(described: Described) -> None:
    """Show layer by layer what was understood, and what to do next.

    Parameters
    ----------
    described
        What was understood.
    """
    screen = to_screen()
    for layer in described.layers:
        _layer(layer, described)
    if described.notices:
        screen.print()
        screen.print(_notices(described.notices, described, ""))
    screen.print()
    if not described.layers:
        screen.print(Text(_("nothing here can be read as a layer or table"), style="bold red"))
        return
    why, command = _next(described)
    screen.print(Text(_("next: {why}").format(why=why)))
    screen.print(Text(f"  {command}", style="bold"), soft_wrap=True)
    if entry := project_entry(described):
        screen.print(Text(_("or keep it in lowuse.toml, under [sources]:")))
        screen.print(Text(f"  {entry}", style="bold"), soft_wrap=True)


def _layer(layer: Understood, described: Described) -> None:
    screen = to_screen()
    name = layer.found.shown + (f":{layer.found.layer}" if layer.found.layer else "")
    screen.print()
    screen.print(Text(name, style="bold"))
    facts = Table.grid(padding=(0, 0, 0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for label, value in _facts(layer, described):
        facts.add_row(Text(label), Text(value))
    screen.print(facts)
    if layer.sheets:
        show_sheets(layer)
    elif any(field.column for field in layer.fields):
        screen.print(_fields(layer))
    rest = Table.grid(padding=(0, 0, 0, 2))
    rest.add_column(style="dim", no_wrap=True)
    rest.add_column(overflow="fold")
    unused = [field.name for field in layer.fields if not field.column]
    for label, names in (
        (_("fields not used"), unused),
        (_("needed and missing"), layer.lacking),
        (_("also missing"), layer.absent),
    ):
        if names:
            rest.add_row(Text(label), Text(_(", ").join(names)))
    if rest.row_count:
        screen.print(rest)
    if layer.preview:
        screen.print(records_shown(layer.preview))
    if layer.notices:
        screen.print(_notices(layer.notices, described, layer.why))


def _facts(layer: Understood, described: Described) -> list[tuple[str, str]]:
    rule = described.rulebook.sources.get(layer.source)
    is_layer = layer.found.kind == "layer"
    title = pick(rule.title, rule.title_en) if rule else _("not recognised")
    facts = [
        (_("what it is"), f"{title} ({layer.source})" if rule else title),
        (_("format"), layer.found.format),
    ]
    if layer.count >= 0:
        shapes = ", ".join(f"{_shape(kind)} {count:,}" for kind, count in layer.shapes.items())
        facts.append((_("records"), f"{layer.count:,}" + (f" ({shapes})" if shapes else "")))
    if layer.encoding:
        facts.append((_("text"), _encoding(layer)))
    if (is_layer and layer.count >= 0) or layer.crs:
        facts.append((_("declared"), layer.declared or _("no coordinate system")))
        taken = layer.crs or _("cannot be told")
        facts.append((_("taken as"), taken + (f" — {layer.why}" if layer.why else "")))
    if layer.bounds and layer.degrees:
        west, south, east, north = layer.bounds
        plane = f"{west:,.1f}–{east:,.1f}, {south:,.1f}–{north:,.1f}"
        facts.append((_("extent"), f"{plane} ({described.rulebook.crs})"))
        west, south, east, north = layer.degrees
        facts.append(("", f"{west:.4f}–{east:.4f}° E, {south:.4f}–{north:.4f}° N"))
    if layer.inside >= 0:
        inside = _("{inside:,} of {count:,}").format(inside=layer.inside, count=layer.count)
        facts.append((_("in the district"), inside))
    if layer.beside:
        facts.append((_("web maps"), layer.beside))
    return facts


def _encoding(layer: Understood) -> str:
    why = {
        "user": _("as you said"),
        "cpg": _("as .cpg says, and the bytes agree"),
        "header": _("as the DBF header says, and the bytes agree"),
        "bytes": _("by the bytes"),
    }.get(layer.encoding_by, "")
    return f"{layer.encoding} — {why}" if why else layer.encoding


def _shape(kind: str) -> str:
    return {
        "Polygon": _("polygons"),
        "MultiPolygon": _("multipolygons"),
        "none": _("without a shape"),
        "LineString": _("polylines"),
        "MultiLineString": _("multipolylines"),
        "Point": _("points"),
    }.get(kind, kind)


def _fields(layer: Understood) -> Table:
    ways = ways_known()
    typed = any(field.dtype for field in layer.fields)
    headings = (_("field"), *([_("type")] if typed else []), _("taken as"), _("known by"))
    made = table("", [(heading, "left") for heading in headings])
    for field in layer.fields:
        if field.column:
            kind = [_type(field.dtype, field.width)] if typed else []
            made.add_row(*map(Text, (field.name, *kind, field.label, ways[field.how])))
    return made


def _type(dtype: str, width: int) -> str:
    kinds = {"o": _("text"), "s": _("text"), "f": _("number"), "i": _("integer"), "d": _("date")}
    kind = kinds.get(dtype[:1].lower(), dtype)
    return f"{kind} {width}" if width else kind


def _notices(notices: Sequence[Notice], described: Described, why: str) -> Table:
    """Show notices with their remedies; what was said above is not said again."""
    made = Table.grid(padding=(0, 0, 0, 2))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    known = described.rulebook.check_catalogue
    for notice in notices:
        row = known.loc[notice.code]
        style = STYLES[row["severity"]]
        note = notice.note.removeprefix(why).lstrip("; ；") if why else notice.note
        file = f"{notice.file}: " if not why and notice.file else ""
        title = file + pick(row["title"], row["title_en"])
        made.add_row(Text(notice.code, style=style), Text(title, style=style))
        if note:
            made.add_row("", Text(note))
        made.add_row("", Text(f"→ {pick(row['remedy'], row['remedy_en'])}", style="dim"))
    return made


def _next(described: Described) -> tuple[str, str]:
    """Return what to do next and the command for it."""
    path = shlex.quote(str(described.path))
    said = _said(described)
    layers = [layer for layer in described.layers if layer.found.kind == "layer"]
    lost = [layer for layer in layers if layer.count > 0 and not layer.crs]
    if lost and len(lost) == len(layers):
        ways = "--crs EPSG:… | --similarity … | --helmert …"
        return _("say where the coordinates are"), f"lowuse describe {path} {ways}"
    if not layers:
        named = [layer.source for layer in described.layers if layer.source]
        if named and described.path.is_file() and len(described.layers) == 1:
            command = f"lowuse classify PARCELS -s {named[0]}={path}"
            return _("use it beside the parcels"), command
    return _("check it"), f"lowuse check {path}{said} -o check"


def _said(described: Described) -> str:
    said = described.said
    parts = [
        *(["--crs", said.given.crs] if said.given.crs else []),
        *(["--encoding", said.encoding] if said.encoding else []),
        *(part for pair in said.mapping.items() for part in ("--map", "=".join(pair))),
        *(_shift(said.given.shift) if said.given.shift else []),
    ]
    return "".join(f" {shlex.quote(part)}" for part in parts)


def _shift(shift: Shift) -> list[str]:
    if shift.kind == GCJ02:
        return ["--gcj02"]
    if shift.kind == PIPELINE:
        return ["--pipeline", shift.text]
    values = ",".join(f"{value!r}" for value in shift.values)
    if shift.kind == HELMERT:
        return ["--helmert", f"{shift.convention}:{values}"]
    return ["--similarity", f"{values}@{shift.to}" if shift.to else values]


def described_json(described: Described) -> dict[str, Any]:
    """Return what was understood as plain data.

    Parameters
    ----------
    described
        What was understood.

    Returns
    -------
    dict
    """
    layers = []
    for layer in described.layers:
        plain = asdict(layer)
        found = plain.pop("found")
        plain.pop("guesses")
        found.pop("path")
        layers.append({"file": found.pop("shown"), **found, **plain, "count": layer.count})
    return {
        "path": str(described.path),
        "layers": layers,
        "notices": [asdict(notice) for notice in described.notices],
    }
