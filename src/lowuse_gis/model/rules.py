"""The rulebook that parcels are judged by, wholly read from files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from lowuse_gis.model.checking import CheckBook


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
    title, title_en, document, clause, status, evidence, file
        How it reads, what it rests on, how a finding is worded, and where it stands.
    subtype
        The subtype (小类) of a parcel this criterion makes low-use; empty for the type's other.
    village
        Its strength as a criterion of the village, ``strong`` or ``weak``; empty for none.
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
    subtype: str = ""
    village: str = ""


@dataclass(frozen=True)
class Obstacle:
    """A condition that puts a parcel on the problem list.

    Attributes
    ----------
    category
        A code of the domain ``problem_category``, or a column that holds one.
    land_types
        The types it applies to; empty for all.
    verdicts
        The verdicts it applies to; low-use and undetermined where the rulebook does not say.
    """

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
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class SourceRule:
    """What the rulebook says of a source before anything is supplied.

    Attributes
    ----------
    road
        ``legacy`` where only the search for historical legacy reads it; empty for all.
    """

    name: str
    title: str
    title_en: str
    kind: str
    layer: str
    body: str
    absence: str
    road: str = ""


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
    wanted_columns
        Columns that are measured though no rule reads them.
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
    matching
        How rows of tables are matched to parcels and firms.
    checks
        What is checked in what was handed over.
    units
        Settings of the spatial units.
    packages
        Profiles of what is filed, by name; one that refines another is whole already.
    profile
        The one that is filed where none is named.
    county, district
        Code of the county, and the name of the district.
    legacy
        What is land of historical legacy.
    maps
        How maps of a result look.
    indicators
        What the reports on progress count.
    pathways, plan
        Disposal pathways; how units are ranked, planned and followed.
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
    wanted_columns: tuple[str, ...]
    result_codes: Mapping[str, str]
    documents: Mapping[str, str]
    sources: Mapping[str, SourceRule]
    criteria: tuple[Criterion, ...]
    obstacles: tuple[Obstacle, ...]
    columns: pd.DataFrame
    check_catalogue: pd.DataFrame
    package_catalogue: pd.DataFrame
    thresholds: pd.DataFrame
    codes: Mapping[str, pd.DataFrame]
    fields: Mapping[str, Mapping[str, Any]]
    measures: Mapping[str, Any]
    matching: Mapping[str, Any]
    checks: CheckBook
    units: Mapping[str, Any]
    packages: Mapping[str, Mapping[str, Any]]
    pathways: Mapping[str, Any]
    plan: Mapping[str, Any]
    legacy: Mapping[str, Any]
    maps: Mapping[str, Any]
    indicators: Mapping[str, Any]
    profile: str = ""
    county: str = ""
    district: str = ""

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
        known = self._domains
        if name in known:
            return known[name]
        own = self.codes.get(f"{name}es", self.codes.get(f"{name}s"))
        if own is None:
            return {}
        rows = own.rename(columns={"name": "label", "name_en": "label_en"})
        labels = zip(rows["label"], rows["label_en"], strict=True)
        return dict(zip(rows["code"], labels, strict=True))

    @cached_property
    def _domains(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """The code lists of codes/domains.csv."""
        columns = ("domain", "code", "label", "label_en")
        table, found = self.codes["domains"], dict[str, dict[str, tuple[str, str]]]()
        for name, code, *labels in zip(*(table[column] for column in columns), strict=True):
            found.setdefault(name, {})[code] = (labels[0], labels[1])
        return found

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
    with_names
        Whether names of natural persons stay readable.
    """

    rulebook: Rulebook
    as_of: date
    threads: int = 2
    with_names: bool = False
