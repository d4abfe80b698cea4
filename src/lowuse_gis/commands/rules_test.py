"""``lowuse rules test``: golden cases, judged by the rules as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.neutral import neutral_values
from lowuse_gis.errors import InputError
from lowuse_gis.io.cases import Cases, read_cases
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.shared_rules import CASES
from lowuse_gis.language import _
from lowuse_gis.model import Run, Survey
from lowuse_gis.stages.judge import judge

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from lowuse_gis.model import Rulebook

FLAG = "flag"


@dataclass(frozen=True)
class CaseOutcome:
    """One case: what was expected, and what came out.

    Attributes
    ----------
    name, place, given
        What the case is called, the cell that says what is expected, and what its row says.
    wanted, result
        Expected verdict as written, and the result code that came out.
    wanted_met, met, wanted_unknown, unknown
        Codes of criteria met and unknown; what is expected is None where nothing was said.
    missing, ask
        What an undetermined case lacks, and who has it.
    verdict_fits
        Whether the verdict is as expected.
    """

    name: str
    place: str
    given: str
    wanted: str
    result: str
    wanted_met: tuple[str, ...] | None
    met: tuple[str, ...]
    wanted_unknown: tuple[str, ...] | None
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    ask: tuple[str, ...]
    verdict_fits: bool

    @property
    def met_fits(self) -> bool:
        """Whether the criteria met are as expected."""
        return self.wanted_met is None or set(self.wanted_met) == set(self.met)

    @property
    def unknown_fits(self) -> bool:
        """Whether the criteria that are unknown are as expected."""
        return self.wanted_unknown is None or set(self.wanted_unknown) == set(self.unknown)

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return self.verdict_fits and self.met_fits and self.unknown_fits


@dataclass(frozen=True)
class CasesOutcome:
    """All cases of a file.

    Attributes
    ----------
    rulebook, file, cases
        The rules, the name of the file, and its cases.
    neutral
        Columns the sheet does not have, and what they were taken to be.
    truths
        Per criterion (column) and case (row): ``true``, ``false``, ``unknown``; missing where
        the criterion is of another type.
    """

    rulebook: Rulebook
    file: str
    cases: tuple[CaseOutcome, ...]
    neutral: Mapping[str, object]
    truths: pd.DataFrame

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return all(case.passed for case in self.cases)


def judged_cases(name: str, path: Path | None = None) -> CasesOutcome:
    """Judge golden cases and compare.

    Parameters
    ----------
    name
        Name or folder of the rulebook.
    path
        Workbook or CSV of cases; None for the rulebook's own ``cases.csv``.

    Returns
    -------
    CasesOutcome

    Raises
    ------
    InputError
        Where the cases cannot be read.
    """
    rulebook = read_rulebook(name)
    own = Path(rulebook.folder) / CASES
    if path is None and not own.is_file():
        raise InputError(
            _("{file}: the rulebook has no cases yet").format(file=own),
            _("name a file: lowuse rules test CASES.xlsx --rules {name}").format(name=name),
        )
    cases = read_cases(path or own, rulebook)
    return compared(cases, rulebook)


def compared(cases: Cases, rulebook: Rulebook) -> CasesOutcome:
    """Judge cases that were read, as parcels are judged.

    Parameters
    ----------
    cases, rulebook
        The cases, and the rules.

    Returns
    -------
    CasesOutcome
    """
    neutral = neutral_values(rulebook, cases.parcels.columns)
    parcels = _parcels(cases, neutral, rulebook)
    run = Run(rulebook, date(rulebook.survey_year, 12, 31))
    judged = judge(Survey(parcels), run)
    findings = judged.findings
    if findings is None:
        findings = pd.DataFrame(columns=["row", "criterion", "truth"])
    truths = findings.drop_duplicates(["row", "criterion"]).pivot_table(
        index="row", columns="criterion", values="truth", aggfunc="first"
    )
    truths = truths.reindex(parcels.index)
    lines = attributes_of(judged.parcels).to_dict("records")
    flags = {c.code for c in rulebook.criteria if c.strength == FLAG}
    outcomes = tuple(
        _outcome(expected, given, line, truths.iloc[at], flags)
        for at, (expected, given, line) in enumerate(
            zip(cases.expected.to_dict("records"), cases.given, lines, strict=True)
        )
    )
    return CasesOutcome(rulebook, cases.file, outcomes, neutral, truths)


def _parcels(cases: Cases, neutral: Mapping[str, object], rulebook: Rulebook) -> gpd.GeoDataFrame:
    """Lay the cases out as measured parcels: every standard column there, some of them empty."""
    table = rulebook.columns[rulebook.columns["stage"].isin(["read", "measure"])]
    rows = pd.Index([f"1:{number + 1}" for number in range(len(cases.parcels))], name="row")
    empty = {"number": (np.nan, float), "flag": (pd.NA, "boolean")}
    columns = {}
    for name, kind in zip(table["name"], table["dtype"], strict=True):
        value, dtype = empty.get(kind, (np.nan, "str"))
        if name in cases.parcels:
            columns[name] = cases.parcels[name].set_axis(rows)
        else:
            columns[name] = pd.Series(neutral.get(name, value), rows, dtype=dtype)
    frame = pd.DataFrame(columns, index=rows).drop(columns="row")
    return gpd.GeoDataFrame(frame, geometry=[None] * len(rows), crs=rulebook.crs)


def _outcome(
    expected: Mapping[str, object],
    given: str,
    line: Mapping[str, object],
    truths: pd.Series,
    flags: Container[str],
) -> CaseOutcome:
    """Compare one case; a flag that is unknown matters only where it is expected to be."""
    wanted_unknown = _wanted(expected["unknown"])
    unknown = (str(code) for code in truths.index[truths == "unknown"])
    met = [*_codes(line["criteria_met"]), *_codes(line["flags_met"])]
    return CaseOutcome(
        name=str(expected["name"]),
        place=str(expected["place"]),
        given=given,
        wanted=str(expected["wanted"]),
        result=str(line["result_code"]),
        wanted_met=_wanted(expected["met"]),
        met=tuple(sorted(met)),
        wanted_unknown=wanted_unknown,
        unknown=tuple(c for c in unknown if c not in flags or c in (wanted_unknown or ())),
        missing=_codes(line["missing"]),
        ask=_codes(line["ask"]),
        verdict_fits=str(line["result_code"]) in _codes(expected["results"]),
    )


def _wanted(text: object) -> tuple[str, ...] | None:
    return _codes(text) if isinstance(text, str) else None


def _codes(text: object) -> tuple[str, ...]:
    return tuple(filter(None, str(text).split(";"))) if isinstance(text, str) else ()
