"""Write the folder of a new rulebook from the templates beside the rulebooks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING

from pyproj import CRS
from pyproj.exceptions import CRSError

from lowuse_gis.errors import InputError, RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Rulebook

SUFFIX = ".template"
ZONE_WIDTH, FIRST_ZONE, LAST_ZONE = 3, 25, 45  # Gauss-Krüger zones of 3° in China
FIRST_ZONE_EPSG = 4513  # CGCS2000 / 3-degree Gauss-Kruger zone 25
DIGITS = 6
BODIES = "bodies"

Envelope = tuple[float, float, float, float]


@dataclass(frozen=True)
class District:
    """What a new rulebook is told of its district.

    Attributes
    ----------
    name, extends, title, crs, envelope, survey_year
        As rulebook.toml has them.
    county
        Six digits; empty where not known.
    folder
        How the user names the folder.
    """

    name: str
    extends: str
    title: str
    crs: str
    envelope: Envelope
    county: str
    survey_year: int
    folder: str


def write_rulebook(folder: Path, district: District, templates: Path, base: Rulebook) -> list[str]:
    """Write the files of a new rulebook.

    Parameters
    ----------
    folder
        Where to; made here.
    district
        What is filled in.
    templates
        Folder of the templates.
    base
        The rulebook it extends; its table of bodies is copied, to be edited.

    Returns
    -------
    list of str
        Files written, relative to the folder.

    Raises
    ------
    RuleError
        Where there are no templates.
    """
    found = sorted(templates.rglob(f"*{SUFFIX}"))
    if not found:
        raise RuleError(
            _("{folder}: no templates of a rulebook").format(folder=templates),
            _("install lowuse again, or take the folder from the checkout"),
        )
    names = []
    for template in found:
        name = template.relative_to(templates).as_posix().removesuffix(SUFFIX)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template(template.read_text(encoding="utf-8")).substitute(_filling(district))
        target.write_text(text, encoding="utf-8", newline="\n")
        names.append(name)
    bodies = folder / "codes" / f"{BODIES}.csv"
    base.codes[BODIES].to_csv(bodies, index=False, encoding="utf-8", lineterminator="\n")
    return sorted([*names, f"codes/{BODIES}.csv"])


def _filling(district: District) -> dict[str, object]:
    """Return what stands for each mark of the templates; text as TOML has it between quotes."""
    title = json.dumps(district.title, ensure_ascii=False)[1:-1]
    return {
        "name": district.name,
        "extends": district.extends,
        "title": title,
        "title_en": f"Low-use land, {district.name} (draft)",
        "document": f"{title}（依据文件待定）",
        "crs": district.crs,
        "envelope": json.dumps(district.envelope),
        "county": _county(district.county),
        "survey_year": district.survey_year,
        "mark": f"({district.county or district.name})",
        "folder": district.folder,
    }


def _county(county: str) -> str:
    if not county:
        return '# county = "…"\n# county_codes = ["…"]'
    return f'county = "{county}"\ncounty_codes = ["{county}"]'


def metric_crs(text: str) -> str:
    """Return a coordinate system that can be worked in.

    Parameters
    ----------
    text
        Such as ``EPSG:4527``.

    Returns
    -------
    str
        As given.

    Raises
    ------
    InputError
        Where there is no such system, or its unit is not the metre.
    """
    hint = _("write it as EPSG:4527: a projected system of CGCS2000, in metres")
    try:
        crs = CRS.from_user_input(text)
    except CRSError as error:
        raise InputError(_("unknown coordinate system {crs}").format(crs=text), hint) from error
    if not crs.is_projected or {axis.unit_name for axis in crs.axis_info} != {"metre"}:
        raise InputError(_("{crs} is not in metres").format(crs=text), hint)
    return text


def zone_crs(envelope: Envelope) -> str:
    """Return the Gauss-Krüger zone of CGCS2000 (3°) in the middle of an envelope.

    Parameters
    ----------
    envelope
        West, south, east, north in degrees.

    Returns
    -------
    str

    Raises
    ------
    InputError
        Where there is none.

    Examples
    --------
    >>> zone_crs((116.6, 38.58, 117.2, 39.1))
    'EPSG:4527'
    """
    zone = round((envelope[0] + envelope[2]) / 2 / ZONE_WIDTH)
    if not FIRST_ZONE <= zone <= LAST_ZONE:
        raise InputError(
            _("no zone of CGCS2000 lies in the middle of the envelope {envelope}").format(
                envelope=", ".join(f"{degrees:g}" for degrees in envelope)
            ),
            _("say which coordinate system to work in: --crs EPSG:4527"),
        )
    return f"EPSG:{FIRST_ZONE_EPSG + zone - FIRST_ZONE}"


def read_envelope(text: str) -> Envelope:
    """Read an envelope such as ``116.6,38.58,117.2,39.1``.

    Parameters
    ----------
    text
        West, south, east, north in degrees.

    Returns
    -------
    tuple of float

    Raises
    ------
    InputError
        Where it is none.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004  degrees
        raise InputError(
            _("{text} is not an envelope").format(text=text),
            _("write west,south,east,north in degrees: --envelope 116.6,38.58,117.2,39.1"),
        )
    return west, south, east, north


def read_county(text: str) -> str:
    """Check a county code.

    Parameters
    ----------
    text
        Six digits, or nothing.

    Returns
    -------
    str

    Raises
    ------
    InputError
        Where it is something else.
    """
    if text and not (len(text) == DIGITS and text.isascii() and text.isdigit()):
        raise InputError(
            _("{text} is not a county code").format(text=text),
            _("write the six digits that parcel codes begin with: --county 120118"),
        )
    return text
