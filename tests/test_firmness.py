"""Which verdicts hang on a threshold, held against judging anew with thresholds moved."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pyogrio
import pytest

import drawing
import tiny
from lowuse_gis.commands.rules_sweep import rejudged
from lowuse_gis.core.judging import judgement_of
from lowuse_gis.core.sweeping import all_targets
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.stages.firmness import firm_verdicts

SHIFT = 0.05
COUNTED = {"idle_months_min", "let_share_max", "start_months_max", "untaxed_years_min",
           "utilisation_min", "vacancy_rate_min", "weak_needed"}  # fmt: skip
YEAR = "old_estate_year"  # compared with years of 1960 to 2023: a twentieth of the span is 3


@pytest.fixture(scope="module")
def judged(sample_result):
    rulebook = read_rulebook("jinghai")
    table, judgement = rejudged(sample_result, rulebook)
    stated = pyogrio.read_dataframe(sample_result, layer="parcels", read_geometry=False)
    return table.parcels, judgement, stated.set_index("row").loc[table.parcels.index]


def moved(parcels, judgement, target, factor):
    """Judge again with one threshold row replaced, the long way."""
    rows = judgement.rulebook.thresholds.copy()
    at = rows.columns.get_loc("value")
    rows["value"] = rows["value"].astype(object)
    value = target.present * factor
    if target.name == YEAR:
        built = parcels["built_year"].dropna()
        value = target.present + (factor - 1) * (built.max() - built.min())
    whole = target.name in {*COUNTED, YEAR}
    rows.iloc[target.row, at] = round(value, 0 if whole else 10)
    return dataclasses.replace(judgement.rulebook, thresholds=rows)


def test_firm_is_what_no_single_threshold_turns(judged):
    parcels, judgement, stated = judged
    turned = np.zeros(len(parcels), dtype=bool)
    for target in all_targets(judgement.rulebook, judgement.conditions):
        for factor in (1 - SHIFT, 1 + SHIFT):
            if target.decides:
                again = judgement_of(parcels, moved(parcels, judgement, target, factor))
                turned |= again.verdict != judgement.verdict
    plain = stated.assign(verdict=stated["verdict_rule"])
    firm = firm_verdicts(judgement, plain, SHIFT)
    assert firm.notna().all()
    assert ((firm == 0) == turned).all()
    assert 0 < turned.sum() < len(parcels)


def test_what_a_town_decided_stays_and_what_other_rules_said_is_not_known(judged):
    _parcels, judgement, stated = judged
    plain = stated.assign(verdict=stated["verdict_rule"])
    firm = firm_verdicts(judgement, plain, SHIFT)
    loose = firm.index[firm == 0][0]
    decided = plain.copy()
    decided.loc[loose, "verdict"] = "excluded"
    assert firm_verdicts(judgement, decided, SHIFT)[loose] == 1
    other = plain.copy()
    other.loc[loose, ["verdict", "verdict_rule"]] = "excluded"
    assert pd.isna(firm_verdicts(judgement, other, SHIFT)[loose])


def test_a_unit_tells_the_firm_part_of_its_low_use_land():
    lots = [tiny.lot(0, 0), tiny.lot(100, 0)]
    parcels = drawing.judged(lots)
    known = drawing.drawn(parcels.assign(verdict_firm=[1.0, 0.0])).units["firm_share"]
    assert known.tolist() == [0.5]
    assert drawing.drawn(parcels).units["firm_share"].isna().all()
