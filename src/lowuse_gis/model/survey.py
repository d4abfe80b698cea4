"""What flows through the stages: one survey.

A stage takes a `Survey` and returns another. Tables are indexed by ``row``, text of the form
``source:feature``, because parcel codes may be missing, doubled or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from lowuse_gis.model.delivery import Delivered
    from lowuse_gis.model.raster import Grid


@dataclass(frozen=True)
class Source:
    """One supplied file or layer, and what its silence means.

    Attributes
    ----------
    name
        The rulebook's name of the source, such as ``buildings``.
    title
        What people call it.
    file
        File name without folders, so that results do not depend on where they were made.
    layer
        Layer or sheet, empty where there is one only.
    body
        Code of the body that supplies it.
    absence
        ``no`` where the source is complete, ``unknown`` where nothing follows from absence.
    towns, towns_missing
        Town codes it covers, or does not cover; both empty for the whole district.
    as_of
        The date the data speak of, ISO text, empty where nobody said.
    sha256
        Hash of the file's bytes.
    rows
        Features or rows read.
    """

    name: str
    title: str
    file: str
    layer: str
    body: str
    absence: str
    towns: tuple[str, ...] = ()
    towns_missing: tuple[str, ...] = ()
    as_of: str = ""
    sha256: str = ""
    rows: int = 0


@dataclass(frozen=True)
class Survey:
    """Everything known at one point of the road.

    Attributes
    ----------
    parcels
        Parcels and survey parcels in the rulebook's working CRS, indexed by ``row``.
    layers, tables
        Context layers and bureaus' tables in standard columns, by source name.
    rasters
        Rasters by source name, one or several files of each; their values are not read yet.
    sources
        What was supplied; a source that is absent here was not supplied.
    findings
        One line per parcel, criterion and atom.
    checks
        Defects of the data: code, row, place, value, limit, note.
    problems
        Obstacles and wishes, parcel by parcel.
    villages
        One line per village, judged by the criteria of the village.
    causes
        For a column, the source to blame where its value is missing, if not the column's own.
    pieces
        Survey construction land by polygon and fate, for the balance.
    received
        Bureaus' tables as they were read, file by file, for the checks.
    """

    parcels: gpd.GeoDataFrame
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    rasters: Mapping[str, tuple[Grid, ...]] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    findings: pd.DataFrame | None = None
    checks: tuple[pd.DataFrame, ...] = ()
    problems: pd.DataFrame | None = None
    villages: pd.DataFrame | None = None
    causes: Mapping[str, pd.Series] = field(default_factory=dict)
    pieces: pd.DataFrame | None = None
    received: tuple[Delivered, ...] = ()

    def supplied(self, name: str) -> tuple[Source, ...]:
        """Return the files supplied for a source.

        Parameters
        ----------
        name
            The rulebook's name of the source.

        Returns
        -------
        tuple of Source
            Empty where nothing was supplied.
        """
        return tuple(source for source in self.sources if source.name == name)

    def without_shapes(self) -> Survey:
        """Return the survey without what only measuring and checking look at, to spare memory.

        Returns
        -------
        Survey
            The shapes of context layers, rasters, and tables as they were read are gone.
        """
        bare = {name: frame.assign(geometry=None) for name, frame in self.layers.items()}
        return replace(self, layers=bare, rasters={}, received=())

    def without_grounds(self) -> Survey:
        """Return the survey without what only judging and summing up look at, to spare memory.

        Returns
        -------
        Survey
            Layers, what the parcels left of the survey, and whom to blame for values are gone.
        """
        return replace(self, layers={}, pieces=None, causes={})

    def with_columns(
        self,
        columns: pd.DataFrame,
        checks: Sequence[pd.DataFrame] = (),
        causes: Mapping[str, pd.Series] | None = None,
    ) -> Survey:
        """Return a survey whose parcels have further columns.

        Parameters
        ----------
        columns
            Columns on the parcels' index; a column that stands already is replaced.
        checks
            Check rows to add.
        causes
            For columns with missing values, the source to blame row by row.

        Returns
        -------
        Survey
            This one is left as it was.
        """
        parcels = self.parcels
        if replaced := [c for c in columns if c in parcels.columns]:
            parcels = parcels.drop(columns=replaced)
        same = columns.index is parcels.index or columns.index.equals(parcels.index)
        aligned = columns.set_axis(parcels.index) if same else columns.reindex(parcels.index)
        joined = pd.concat([parcels, aligned], axis=1)
        if "geometry" in columns:
            joined = joined.set_geometry("geometry", crs=self.parcels.crs)
        found = tuple(check for check in checks if len(check))
        return replace(
            self,
            parcels=joined,
            checks=(*self.checks, *found),
            causes={**self.causes, **(causes or {})},
        )
