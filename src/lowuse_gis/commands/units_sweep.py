"""``lowuse units --sweep``: what one price or limit does to the units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.results import read_with_rules
from lowuse_gis.commands.unit_layers import surroundings
from lowuse_gis.commands.units import Request, edits, refuse_unfit
from lowuse_gis.errors import InputError
from lowuse_gis.io.result_folder import is_result_folder
from lowuse_gis.language import _
from lowuse_gis.stages.units.draw import draw_units
from lowuse_gis.stages.units.totals import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

GREEK = {"beta": "border", "β": "border", "lambda": "price", "λ": "price"}
GREEK |= {"rho": "barrier_border", "ρ": "barrier_border"}
SHOWN = (
    "units", "area", "low_use_share", "infill_area", "captured", "left_out", "compactness", "gap",
)  # fmt: skip


@dataclass(frozen=True)
class Swept:
    """Drawings at several values of one key.

    Attributes
    ----------
    key
        Of ``units.toml``.
    table
        A line per value: the value and the totals.
    now
        The value that ``units.toml`` has.
    """

    key: str
    table: pd.DataFrame
    now: float


def sweep(request: Request, text: str) -> Swept:
    """Draw units at several values of one key of ``units.toml``.

    Parameters
    ----------
    request
        As for drawing; nothing is written.
    text
        Such as ``beta=2,4,6,8`` or ``minimum_area=5000,10000``.

    Returns
    -------
    Swept

    Raises
    ------
    InputError
        Where it names no number of ``units.toml``.
    """
    if is_result_folder(request.result):
        raise InputError(
            _("--sweep does not work on a result that is a folder"),
            _("judge into one file: lowuse classify DATA -o result.gpkg"),
        )
    refuse_unfit(request, parted=False)
    result, rulebook = read_with_rules(request.result, request.rules, request.project)
    key, values = _wanted(text, rulebook.units)
    around, by_hand = surroundings(request, rulebook), edits(request, rulebook)
    lines = []
    for value in values:
        spec = {**rulebook.units, key: value}
        drawn = draw_units(
            result.parcels, around, spec, by_hand, steadiness=False, threads=request.threads
        )
        lines.append({key: value} | totals(drawn.units, drawn.blocks, drawn.left_out))
    table = pd.DataFrame(lines).drop(columns="stability")
    return Swept(key, table, float(rulebook.units[key]))


def _wanted(text: str, spec: object) -> tuple[str, Sequence[float]]:
    known = {
        key: value
        for key, value in dict(spec).items()  # type: ignore[call-overload]
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    name, _sign, numbers = text.partition("=")
    key = GREEK.get(name.strip(), name.strip())
    try:
        values = [float(part) for part in numbers.split(",")]
    except ValueError:
        values = []
    if key not in known or not values:
        raise InputError(
            _("--sweep {text}: no number of units.toml").format(text=text),
            _("such as beta=2,4,6,8; one of {names}").format(names=", ".join([*known])),
        )
    return key, values
