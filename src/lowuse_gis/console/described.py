"""What is understood of a file, on the screen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.show import table, to_screen
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from lowuse_gis.commands.describe import Described
    from lowuse_gis.io.understood import Understood
    from lowuse_gis.model import Notice

TYPES = {
    "object": "text",
    "str": "text",
    "float64": "number",
    "int64": "integer",
    "int32": "integer",
}
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
    for notice in described.notices:
        _notice(notice, described)
    if not described.layers:
        screen.print(Text(_("nothing here can be read as a layer or table"), style="bold red"))
        return
    screen.print()
    screen.print(_("next:"), Text(f"lowuse check {described.path} -o check", style="bold"))


def _layer(layer: Understood, described: Described) -> None:
    screen = to_screen()
    name = layer.found.shown + (f":{layer.found.layer}" if layer.found.layer else "")
    screen.print()
    screen.print(Text(name, style="bold"))
    for label, value in _facts(layer, described):
        screen.print(Text(f"  {label}", style="dim"), value, soft_wrap=False)
    if layer.fields:
        _fields(layer)
    for notice in layer.notices:
        _notice(notice, described)


def _facts(layer: Understood, described: Described) -> list[tuple[str, str]]:
    rule = described.rulebook.sources.get(layer.source)
    shapes = ", ".join(f"{kind} {count:,}" for kind, count in layer.shapes.items())
    facts = [
        (_("what it is:"), pick(rule.title, rule.title_en) if rule else _("not recognised")),
        (_("format:"), layer.found.format),
    ]
    if layer.count >= 0:
        facts.append((_("records:"), f"{layer.count:,}" + (f" ({shapes})" if shapes else "")))
    if layer.encoding:
        facts.append((_("encoding:"), layer.encoding))
    if layer.found.kind == "layer":
        facts.append((_("declared system:"), layer.declared or _("none")))
        facts.append((_("taken as:"), f"{layer.crs or _('cannot be told')} — {layer.why}"))
    if layer.bounds and layer.degrees:
        west, south, east, north = layer.bounds
        facts.append((_("extent:"), f"{west:,.1f} {south:,.1f} – {east:,.1f} {north:,.1f}"))
        west, south, east, north = layer.degrees
        facts.append((_("in degrees:"), f"{west:.4f} {south:.4f} – {east:.4f} {north:.4f}"))
    if layer.inside >= 0:
        inside = _("{inside:,} of {count:,}").format(inside=layer.inside, count=layer.count)
        facts.append((_("in the district:"), inside))
    if layer.lacking:
        facts.append((_("lacks:"), ", ".join(layer.lacking)))
    return facts


def _fields(layer: Understood) -> None:
    ways = {"exact": _("standard name"), "alias": _("other name"), "truncated": _("cut off")}
    made = table(
        "",
        [(_("field"), "left"), (_("type"), "left"), (_("is"), "left"), (_("known by"), "left")],
    )
    for field in layer.fields:
        if field.column:
            kind = TYPES.get(field.dtype, field.dtype)
            kind = f"{kind} {field.width}" if field.width else kind
            made.add_row(field.name, kind, field.label, ways.get(field.how, ""))
    if made.row_count:
        to_screen().print(made)
    unused = [field.name for field in layer.fields if not field.column]
    if unused:
        to_screen().print(Text("  " + _("not used:") + " ", style="dim"), ", ".join(unused))


def _notice(notice: Notice, described: Described) -> None:
    known = described.rulebook.check_catalogue
    row = known.loc[notice.code]
    title = pick(row["title"], row["title_en"])
    remedy = pick(row["remedy"], row["remedy_en"])
    text = f"  {notice.code} {title}" + (f": {notice.note}" if notice.note else "")
    to_screen().print(Text(text, style=STYLES[row["severity"]]))
    to_screen().print(Text(f"       → {remedy}", style="dim"))


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
