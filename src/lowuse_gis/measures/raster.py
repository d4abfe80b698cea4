"""The measure that lays parcels on a raster: heights, night lights, whatever cells say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.lint.measure_keys import STATISTICS
from lowuse_gis.core.zonal import zonal_of_files
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _
from lowuse_gis.measures.measured import Measured, covers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Survey

DIGITS, SHARE_DIGITS = 4, 6
SAME = 9  # digits that do not depend on the order of adding up


def raster(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Sum up the cells of a raster that each parcel covers, each by the part that is covered.

    Parameters
    ----------
    survey, spec, run
        ``source``, ``into`` (``mean``, ``sum``, ``min``, ``max`` to the column written), ``valid``
        (the column of the share of the parcel on cells with a value; may be left out) and
        ``minimum_valid``.

    Returns
    -------
    Measured
        A value is missing where a smaller share than ``minimum_valid`` has values, as where half
        of the parcel lies outside. The share is missing too where the source is not supplied for
        the town. Of several files of the source that overlap, the one that knows most counts.

    Raises
    ------
    RuleError
        Where ``into`` names another statistic.
    """
    strange = sorted(set(spec["into"]) - set(STATISTICS))
    if strange:
        raise RuleError(
            _("measures.toml: unknown statistic {name}").format(name=strange[0]),
            _("known statistics: {names}").format(names=", ".join(STATISTICS)),
        )
    parcels, grids = survey.parcels, survey.rasters.get(spec["source"], ())
    written = [*spec["into"].values(), *([spec["valid"]] if "valid" in spec else [])]
    columns = pd.DataFrame(np.nan, index=parcels.index, columns=written)
    at = np.flatnonzero(
        covers(survey, spec["source"]) & ~shapely.is_missing(parcels.geometry.to_numpy())
    )
    if not grids or not len(at):
        return Measured(columns)
    shapes = parcels.geometry.to_numpy()[at]
    found = zonal_of_files(shapes, grids, threads=run.threads)
    share = _rounded(found.share, SHARE_DIGITS)
    enough = (share > 0) & (share >= spec["minimum_valid"])
    values = np.full((len(parcels), len(written)), np.nan)
    for number, name in enumerate(spec["into"]):
        values[at, number] = np.where(enough, _rounded(found.statistic(name), DIGITS), np.nan)
    if "valid" in spec:
        values[at, -1] = share
    return Measured(pd.DataFrame(values, index=parcels.index, columns=written))


def _rounded(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """Round; what lies half way up to rounding is taken to lie half way."""
    return np.round(np.round(values, SAME), digits)
