"""``lowuse legacy verify``: hold a copy of the legacy database against its seal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from lowuse_gis.core.filing.seal import broken_records, missing_fields, whole
from lowuse_gis.errors import InputError
from lowuse_gis.io.gdal import quiet
from lowuse_gis.io.seal_files import SEAL, read_seal, signature_holds
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

DATABASES = (".gpkg", ".gdb", ".shp")


@dataclass(frozen=True)
class Verified:
    """What became of a copy, for the screen.

    Attributes
    ----------
    copy
        The file that was looked at.
    seal
        The seal.
    intact
        Whether the seal agrees with itself.
    signature
        Whether its signature holds; None where it has none.
    missing
        Sealed fields that the copy lacks.
    broken
        ``id`` and ``state`` of every record that is not as sealed.
    """

    copy: Path
    seal: Mapping[str, Any]
    intact: bool
    signature: bool | None
    missing: list[str]
    broken: pd.DataFrame

    @property
    def holds(self) -> bool:
        """Whether copy and seal are as they were sealed."""
        whole_copy = not len(self.broken) and not self.missing
        return self.intact and self.signature is not False and whole_copy


def verify(copy: Path, seal_file: Path | None = None) -> Verified:
    """Hold a copy against its seal.

    Parameters
    ----------
    copy
        GeoPackage, FileGDB or shapefile; or the sealed folder.
    seal_file
        The seal; that beside the copy if None.

    Returns
    -------
    Verified

    Raises
    ------
    InputError
        Where copy or seal cannot be read.
    """
    return read_verified(copy, seal_file)[0]


def read_verified(copy: Path, seal_file: Path | None = None) -> tuple[Verified, gpd.GeoDataFrame]:
    """Hold a copy against its seal, and return its records too.

    Parameters
    ----------
    copy, seal_file
        As `verify` takes them, with the same errors.

    Returns
    -------
    verified : Verified
    frame : GeoDataFrame
    """
    database = _database(copy)
    seal = read_seal(seal_file or database.parent / SEAL)
    with quiet():
        frame = _read(database, str(seal["layer"]))
    missing = missing_fields(list(frame), seal)
    whole_frame = frame.assign(**dict.fromkeys(missing))
    verified = Verified(
        copy=database,
        seal=seal,
        intact=whole(seal),
        signature=signature_holds(seal) if "signature" in seal else None,
        missing=missing,
        broken=broken_records(whole_frame, seal),
    )
    return verified, frame


def _database(copy: Path) -> Path:
    if not copy.exists():
        raise InputError(
            _("{path}: no such file").format(path=copy),
            _("give a GeoPackage, FileGDB or shapefile, or the sealed folder"),
        )
    if copy.suffix.lower() in DATABASES:
        return copy
    inside = (
        [p for p in sorted(copy.iterdir()) if p.suffix.lower() in DATABASES]
        if copy.is_dir()
        else []
    )
    if not inside:
        raise InputError(
            _("{path}: no database in it").format(path=copy),
            _("give a GeoPackage, FileGDB or shapefile, or the sealed folder"),
        )
    return inside[0]


def _read(database: Path, layer: str) -> gpd.GeoDataFrame:
    try:
        names = [str(name) for name in pyogrio.list_layers(database)[:, 0]]
        chosen = layer if layer in names else names[0]
        return pyogrio.read_dataframe(database, layer=chosen, use_arrow=True)
    except (DataSourceError, DataLayerError, IndexError) as error:
        raise InputError(
            _("{path}: cannot be opened").format(path=database),
            _("take another copy of the sealed database"),
        ) from error
