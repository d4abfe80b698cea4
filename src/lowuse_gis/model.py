"""What flows through the stages: one survey, and the rulebook it is judged by.

Everything here is frozen; a stage takes a `Survey` and returns another. Tables are indexed by
``row``, text of the form ``source:feature``, because parcel codes may be missing, doubled or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import geopandas as gpd
    import pandas as pd


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
    sources
        What was supplied; a source that is absent here was not supplied.
    findings
        One line per parcel, criterion and atom.
    checks
        Defects of the data: code, row, place, value, limit, note.
    problems
        Obstacles and wishes, parcel by parcel.
    causes
        For a column, the source to blame where its value is missing, if not the column's own.
    pieces
        Survey construction land by polygon and fate, for the balance.
    """

    parcels: gpd.GeoDataFrame
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    findings: pd.DataFrame | None = None
    checks: tuple[pd.DataFrame, ...] = ()
    problems: pd.DataFrame | None = None
    causes: Mapping[str, pd.Series] = field(default_factory=dict)
    pieces: pd.DataFrame | None = None

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
        parcels = self.parcels.drop(columns=[c for c in columns if c in self.parcels.columns])
        joined = parcels.join(columns)
        found = tuple(check for check in checks if len(check))
        return replace(
            self,
            parcels=joined.set_geometry("geometry", crs=self.parcels.crs),
            checks=(*self.checks, *found),
            causes={**self.causes, **(causes or {})},
        )


@dataclass(frozen=True)
class Criterion:
    """A judgement as the rulebook states it.

    Attributes
    ----------
    code
        Stable, never reused.
    land_type
        The type it applies to; empty for all.
    strength
        ``strong``, ``weak``, ``flag``, ``exclusion`` or ``small``.
    when
        The condition, an SQL predicate over columns and ``:thresholds``.
    """

    code: str
    land_type: str
    strength: str
    when: str
    title: str
    title_en: str
    document: str
    clause: str
    status: str
    evidence: str
    file: str


@dataclass(frozen=True)
class Obstacle:
    """A condition that puts a low-use or candidate parcel on the problem list."""

    code: str
    title: str
    title_en: str
    category: str
    when: str
    text: str
    text_en: str
    body: str
    tool: str
    tool_en: str
    land_types: tuple[str, ...]


@dataclass(frozen=True)
class SourceRule:
    """What the rulebook says of a source before anything is supplied."""

    name: str
    title: str
    title_en: str
    kind: str
    layer: str
    body: str
    absence: str


@dataclass(frozen=True)
class Rulebook:
    """The district's rules, wholly read from files.

    Attributes
    ----------
    name, version, sha256
        What a result says it was judged by.
    crs
        The working coordinate system, such as ``EPSG:4527``.
    envelope
        West, south, east, north in degrees (CGCS2000).
    natural_persons
        Kinds of owner whose names are masked.
    result_codes
        Verdict, or ``leaning``, to the code that is filed.
    columns
        The standard columns, indexed by name.
    thresholds
        Rows of thresholds.csv with selectors, in file order.
    codes
        Code tables by file stem, all text.
    fields
        Per source, per standard column, how files name it.
    measures
        measures.toml: constants, and what is measured in which order.
    units, package
        Settings of the spatial units and of the hand-over.
    """

    name: str
    title: str
    title_en: str
    version: str
    sha256: str
    folder: str
    crs: str
    envelope: tuple[float, float, float, float]
    survey_year: int
    natural_persons: tuple[str, ...]
    result_codes: Mapping[str, str]
    documents: Mapping[str, str]
    sources: Mapping[str, SourceRule]
    criteria: tuple[Criterion, ...]
    obstacles: tuple[Obstacle, ...]
    columns: pd.DataFrame
    check_catalogue: pd.DataFrame
    thresholds: pd.DataFrame
    codes: Mapping[str, pd.DataFrame]
    fields: Mapping[str, Mapping[str, Any]]
    measures: Mapping[str, Any]
    units: Mapping[str, Any]
    package: Mapping[str, Any]

    @property
    def constants(self) -> Mapping[str, float]:
        """The constants of measures.toml."""
        constants: Mapping[str, float] = self.measures["constants"]
        return constants

    def domain(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return the labels of a code list.

        Parameters
        ----------
        name
            The domain, as columns.csv names it: one of codes/domains.csv, or a table of its own
            such as ``land_class`` for codes/land_classes.csv.

        Returns
        -------
        mapping
            Code to Chinese and English label; empty for an unknown domain.
        """
        table = self.codes["domains"]
        rows = table[table["domain"] == name]
        if not len(rows):
            own = self.codes.get(f"{name}es", rows)
            rows = own.rename(columns={"name": "label", "name_en": "label_en"})
        labels = zip(rows["label"], rows["label_en"], strict=True)
        return dict(zip(rows["code"], labels, strict=True))

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of all code lists."""
        listed = {*self.codes["domains"]["domain"], *self.columns["domain"]}
        return tuple(sorted(listed - {""}))


@dataclass(frozen=True)
class Run:
    """What a result is a function of, beside its inputs.

    Attributes
    ----------
    rulebook
        The rules in force.
    as_of
        The date the judgement speaks of.
    threads
        Threads for geometry.
    """

    rulebook: Rulebook
    as_of: date
    threads: int = 2
