"""``lowuse rules new``: a rulebook folder for another district, ready to be used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyproj import CRS

from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.errors import InputError, OutputExistsError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.find_rules import find_rules
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.rulebook_new import (
    District,
    metric_crs,
    read_county,
    read_envelope,
    write_rulebook,
    zone_crs,
)
from lowuse_gis.io.shared_rules import TEMPLATE, shared_file
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.model import Rulebook

NAME = re.compile(r"[^\W_][\w.-]*")


@dataclass(frozen=True)
class Wanted:
    """What the user asked for; empty text where nothing was said."""

    folder: Path
    extends: str
    title: str = ""
    crs: str = ""
    envelope: str = ""
    county: str = ""


@dataclass(frozen=True)
class Made:
    """A new rulebook.

    Attributes
    ----------
    folder, files
        Where it stands, and its files.
    rulebook
        As it is read.
    open_points
        What nobody said and was taken from the baseline: ``envelope``, ``county``.
    """

    folder: Path
    files: Sequence[str]
    rulebook: Rulebook
    open_points: tuple[str, ...]


def made(wanted: Wanted) -> Made:
    """Make the folder of a rulebook and read it back.

    Parameters
    ----------
    wanted
        What the user asked for.

    Returns
    -------
    Made

    Raises
    ------
    LowuseError
        Where it cannot be made; nothing stands there then.
    """
    folder = wanted.folder.absolute()
    _refuse(wanted, folder)
    base = read_rulebook(wanted.extends)
    district = _district(wanted, folder.name, base)
    with all_or_nothing([folder]) as (part,):
        part.mkdir()
        templates = shared_file([find_rules(wanted.extends)], TEMPLATE)
        files = write_rulebook(part, district, templates, base)
        parsed_criteria(read_rulebook(str(part)))
    asked = {"envelope": wanted.envelope, "county": wanted.county}
    inherited = CRS.from_user_input(base.crs).is_projected
    missing = tuple(key for key, said in asked.items() if not said and not inherited)
    return Made(wanted.folder, files, read_rulebook(str(folder)), missing)


def _refuse(wanted: Wanted, folder: Path) -> None:
    if folder.exists():
        raise OutputExistsError(
            _("{path} exists already").format(path=wanted.folder),
            _("choose another name; a rulebook is never written over"),
        )
    if not NAME.fullmatch(folder.name):
        raise InputError(
            _("{name} cannot be the name of a rulebook").format(name=folder.name),
            _("use letters, digits, - and _, such as xihe or 西河区"),
        )
    refuse_existing([folder], overwrite=False)


def _district(wanted: Wanted, name: str, base: Rulebook) -> District:
    """Fill in what was not said: the zone from the envelope, all else from the baseline."""
    envelope = read_envelope(wanted.envelope) if wanted.envelope else base.envelope
    own = not wanted.envelope and CRS.from_user_input(base.crs).is_projected
    crs = metric_crs(wanted.crs) if wanted.crs else base.crs if own else zone_crs(envelope)
    return District(
        name=name,
        extends=base.name,
        title=wanted.title or _("Criteria of low-use land, {name} (draft)").format(name=name),
        crs=crs,
        envelope=envelope,
        county=read_county(wanted.county),
        survey_year=base.survey_year,
        folder=str(wanted.folder),
    )
