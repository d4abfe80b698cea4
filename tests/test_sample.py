"""The sample district: its hand-placed parcels, its coverage of the rules, and its bytes."""

import hashlib
import itertools
import json
import subprocess
import sys

import pandas as pd
import pyogrio
import pytest
import shapely

from conftest import ROOT
from filing import run
from lowuse_gis.io.result import read_result

SAMPLE = ROOT / "sample_data"
MOST_BYTES = 15_000_000
QUARTER = "120118902990"
# What each hand-placed parcel shows: verdict, and criteria met (a set) where they are the point.
SHOWN = {
    "GB00001": ("low_use", {"IND-05", "IND-13"}),
    "GB00002": ("low_use", {"IND-02", "IND-03", "IND-05"}),
    "GB00003": ("not_low_use", {"IND-05"}),
    "GB00004": ("undetermined", {"IND-05"}),
    "GB00005": ("low_use", {"IND-01", "IND-10"}),
    "GB00006": ("low_use", {"IND-01"}),
    "GB00007": ("not_low_use", set()),
    "GB00008": ("low_use", {"IND-02", "IND-03", "IND-04"}),
    "GB00009": ("excluded", {"EXC-01", "IND-05", "IND-13"}),
    "GB00010": ("low_use", {"IND-05", "IND-13"}),
    "GB00011": ("excluded", {"EXC-02", "IND-05", "IND-13"}),
    "GB00012": ("excluded", {"EXC-03", "OUT-OF-SCOPE"}),
    "GB00013": ("too_small", {"ALL-01"}),
    "GB00014": ("low_use", {"IND-05", "IND-13"}),
    "GB00016": ("not_low_use", {"IND-05"}),
    "GB00017": ("not_low_use", set()),
    "GB00018": ("not_low_use", set()),
    "GB00019": ("not_low_use", set()),
    "GB00020": ("not_low_use", {"IND-05"}),
    "GB00021": ("not_low_use", set()),
    "GB00022": ("not_low_use", set()),
    "GB00023": ("undetermined", set()),
    "GB00026": ("not_low_use", set()),
    "GB00027": ("not_low_use", set()),
    "GB00028": ("low_use", {"COM-02"}),
    "GB00029": ("low_use", {"COM-03", "COM-04"}),
    "GB00030": ("low_use", {"RES-01"}),
    "GB00031": ("low_use", {"RES-02", "RES-04"}),
    "GB00032": ("low_use", {"FAC-01", "FAC-02"}),
    "JC00033": ("low_use", {"VIL-02"}),
    "JC00034": ("not_low_use", {"VIL-03"}),
    "ZB00035": ("excluded", {"EXC-05", "IND-05", "IND-13"}),
    "GB00036": ("low_use", {"IND-05", "IND-13"}),
    "GB00037": ("low_use", {"IND-05", "IND-13"}),
    "GB00038": ("low_use", {"IND-05", "IND-13"}),
    "GB00039": ("not_low_use", set()),
    "GX00040": ("undetermined", set()),
    "GB00043": ("undetermined", set()),
    "GB00050": ("low_use", {"IND-05", "IND-13"}),
    "GB00051": ("low_use", {"IND-03", "IND-05"}),
    "GB00052": ("low_use", {"IND-06", "IND-07"}),
    "GB00053": ("not_low_use", {"IND-08"}),
    "GB00054": ("low_use", {"IND-09"}),
    "GB00055": ("low_use", {"IND-10"}),
    "GB00056": ("not_low_use", set()),
    "GB00057": ("low_use", {"COM-01", "COM-04"}),
    "GB00058": ("low_use", {"RES-03"}),
    "GB00059": ("not_low_use", {"FAC-02"}),
    "GB00060": ("not_low_use", set()),
    "GB00061": ("excluded", {"EXC-04", "IND-05", "IND-13"}),
    "GB00062": ("excluded", {"EXC-04", "IND-05", "IND-13"}),
    "GB00063": ("excluded", {"EXC-05", "IND-05", "IND-13"}),
    "GB00064": ("excluded", {"EXC-06", "IND-05", "IND-13"}),
    "GB00065": ("low_use", {"IND-05", "IND-13"}),
    "JC00071": ("not_low_use", set()),
}
# Unknown only without a shape, or without a parcel code: shown by defects made on purpose.
BY_DEFECTS = {"ALL-01", "EXC-01", "EXC-03", "FLG-02", "VIL-03"}
HAND_PLACED = "120118902990|120118904990"


def judged(project, path):
    """Classify a project in this process and read the result; the fixtures' had its own."""
    run("classify", "-q", "--project", project, "-o", path)
    return read_result(path)


@pytest.fixture(scope="module")
def result(sample_result):
    return read_result(sample_result)


@pytest.fixture(scope="module")
def shown(result):
    return result.parcels.drop_duplicates("parcel_code").set_index("parcel_code")


@pytest.mark.parametrize("number", sorted(SHOWN))
def test_each_hand_placed_parcel_shows_its_one_thing(shown, number):
    parcel = shown.loc[QUARTER + number]
    verdict, met = SHOWN[number]
    assert parcel["verdict"] == verdict
    assert set(filter(None, (parcel["criteria_met"] or "").split(";"))) == met


FLAGGED = {
    "GB00010": "FLG-02",
    "GB00036": "IND-11",
    "GB00050": "FLG-03",
    "GB00056": "IND-12",
    "GB00060": "FAC-03",
    "GB00065": "FLG-01",
    "JC00034": "VIL-01;VIL-04;VIL-05",
}


@pytest.mark.parametrize("number", sorted(FLAGGED))
def test_each_flag_is_shown_by_a_hand_placed_parcel(shown, number):
    assert shown.loc[QUARTER + number, "flags_met"] == FLAGGED[number]


def test_low_use_parcels_have_a_subtype(result, shown):
    low = result.parcels[result.parcels["verdict"] == "low_use"]
    assert low["subtype"].notna().all()
    subtypes = {"GB00005": "0102", "GB00002": "0103", "GB00055": "0105", "GB00058": "0301"}
    for number, subtype in subtypes.items():
        assert shown.loc[QUARTER + number, "subtype"] == subtype
    assert shown.loc[QUARTER + "GB00003", "subtype"] is None or pd.isna(
        shown.loc[QUARTER + "GB00003", "subtype"]
    )


def test_villages_are_judged_by_their_own_criteria(result):
    villages = result.tables["villages"].set_index("village_code")
    assert villages.loc["120118902003", "criteria_met"] == "VIL-01;VIL-04"
    assert villages.loc["120118902003", "verdict"] == "low_use"
    assert villages.loc["120118901002", "verdict"] == "not_low_use"  # one weak criterion
    assert villages.loc["120118901001", "verdict"] == "undetermined"  # no homestead known
    assert set(villages["verdict"]) == {"low_use", "not_low_use", "undetermined"}


def test_numbers_that_can_be_checked_by_hand(shown):
    assert shown.loc[QUARTER + "GB00020", "plot_ratio"] == 0.42
    assert shown.loc[QUARTER + "GB00021", "plot_ratio"] == pytest.approx(0.8, abs=1e-6)
    assert (
        shown.loc[QUARTER + "GB00022", "building_footprint"]
        < shown.loc[QUARTER + "GB00022", "floor_area"]
    )
    assert shown.loc[QUARTER + "GB00024", "plot_ratio"] == pytest.approx(0.825, abs=1e-6)
    assert shown.loc[QUARTER + "GB00010", "low_use_area"] == pytest.approx(6399.98, abs=0.02)
    assert shown.loc[QUARTER + "GB00050", "low_use_area"] == pytest.approx(6399.98, abs=0.02)
    for one, two in (("GB00017", "GB00018"),):  # one firm on both, shared out by area
        per_mu = shown.loc[[QUARTER + one, QUARTER + two], "tax_per_mu"]
        assert per_mu.iloc[0] == pytest.approx(per_mu.iloc[1], rel=1e-4)


DRESSES = [
    ("EPSG:4548", "UTF-8", ".shp"),
    ("EPSG:4490", "GBK", ".shp"),
    ("EPSG:4490", "", ".gpkg"),
]  # of each town another


def test_the_same_parcels_in_another_dress_get_the_same_verdicts(result, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    for path in SAMPLE.iterdir():
        if path.name not in {"parcels", "lowuse.toml"}:
            (project / path.name).symlink_to(path)
    (project / "parcels").mkdir()
    files = []
    towns = sorted((SAMPLE / "parcels").glob("*.shp"))
    for path, (crs, encoding, suffix) in zip(towns, itertools.cycle(DRESSES)):
        options = {"encoding": encoding} if encoding else {}
        files.append(f"parcels/{path.stem}{suffix}")
        layer = pyogrio.read_dataframe(path, use_arrow=True, ENCODING="GB18030")
        moved = layer.to_crs(crs)
        pyogrio.write_dataframe(moved, project / files[-1], **options)
    text = (SAMPLE / "lowuse.toml").read_text(encoding="utf-8")
    text = text.replace('"parcels/*.shp"', json.dumps(files, ensure_ascii=False))
    (project / "lowuse.toml").write_text(text, encoding="utf-8")
    again = judged(project, tmp_path / "again.gpkg").parcels
    columns = ["parcel_code", "verdict", "land_type", "criteria_met", "flags_met", "missing", "ask"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(again[columns]), pd.DataFrame(result.parcels[columns])
    )
    assert (again["area"] - result.parcels["area"]).abs().max() <= 0.02


def test_two_runs_give_the_same_bytes(sample_result, tmp_path):
    again = tmp_path / "again.gpkg"
    judged(SAMPLE, again)
    assert again.read_bytes() == sample_result.read_bytes()
    lists = [path.with_name(f"{path.stem}.问题清单.xlsx") for path in (sample_result, again)]
    assert lists[0].read_bytes() == lists[1].read_bytes()


def test_leaning_asks_only_for_what_could_exclude(shown):
    parcel = shown.loc["120118904990GB00044"]
    assert bool(parcel["leaning"])
    assert parcel["result_code"] == "2"
    assert parcel["missing"] == "redline_share;title_dispute;idle_land"


def test_every_criterion_is_met_unmet_and_unknown_by_hand_placed_parcels(result, rulebook):
    findings, codes = result.tables["findings"], result.parcels["parcel_code"]
    by_hand = codes.index[codes.fillna("").str.contains(HAND_PLACED)]
    shown = findings[findings["row"].isin(by_hand)].groupby("criterion")["truth"].agg(set)
    anywhere = findings.groupby("criterion")["truth"].agg(set)
    for criterion in rulebook.criteria:
        seen = anywhere if criterion.code in BY_DEFECTS else shown
        assert seen[criterion.code] == {"true", "false", "unknown"}, criterion.code
        assert {"true", "false"} <= shown[criterion.code], criterion.code


@pytest.mark.parametrize("number", ["GB00066", "GB00067", "GB00068", "GB00070"])
def test_where_nothing_was_supplied_everything_is_asked_for(shown, result, number):
    parcel = shown.loc["120118904990" + number]
    assert parcel["verdict"] == "undetermined"
    assert not parcel["criteria_met"]
    row = result.parcels.index[result.parcels["parcel_code"] == "120118904990" + number][0]
    findings = result.tables["findings"]
    own = findings[(findings["row"] == row) & ~findings["criterion"].str.match("ALL|EXC|FLG")]
    assert set(own["truth"]) == {"unknown"}


def test_every_obstacle_is_met_by_a_hand_placed_parcel(result, rulebook):
    problems = result.tables["problems"]
    by_hand = problems[problems["parcel_code"].fillna("").str.contains(HAND_PLACED)]
    codes = {obstacle.code for obstacle in rulebook.obstacles}
    unregistered = {"OBS-10"}  # land without a parcel has no code of its own
    assert set(by_hand["code"]) == codes - unregistered
    assert unregistered <= set(problems["code"])
    assert set(problems["category"]) == {f"{n:02d}" for n in range(1, 12)} | {"99"}


def test_the_defects_on_purpose_are_found(result):
    codes = set(result.tables["checks"]["code"])
    assert {"3102", "3203", "3302", "3304", "3405", "4101", "4103", "4201", "4105", "6101"} <= codes


def test_nothing_is_lost(result):
    counted = sum(pyogrio.read_info(path)["features"] for path in SAMPLE.glob("parcels/*.shp"))
    registered = result.parcels[result.parcels["origin"] == "registered"]
    assert len(registered) == counted
    survey = result.tables["balance_survey"]
    parts = survey[["parcels", "survey parcel", "small", "context"]].sum(axis=1)
    assert (survey["surveyed"] - parts).abs().max() < 0.01
    assert survey["residual"].abs().sum() < 0.01
    ground = pyogrio.read_dataframe(SAMPLE / "survey.gpkg", layer="DLTB")
    classes = pd.read_csv(ROOT / "rules/codes/land_classes.csv", dtype=str).set_index("code")
    built = ground[ground["DLBM"].map(classes["category"]) == "construction"]
    assert survey["surveyed"].sum() == pytest.approx(built["TBMJ"].sum(), abs=0.02 * len(built))


def test_the_survey_is_a_coverage():
    ground = pyogrio.read_dataframe(SAMPLE / "survey.gpkg", layer="DLTB")
    assert shapely.coverage_is_valid(ground.geometry.to_numpy())
    assert len(ground.columns) == 31


def test_parcel_files_are_as_towns_send_them():
    for path in SAMPLE.glob("parcels/*.shp"):
        assert not path.with_suffix(".cpg").exists()
        data = path.with_suffix(".dbf").read_bytes()
        assert data[29] == 0
        assert path.stem.encode("gbk") in data


def test_it_is_small_and_invented():
    files = [
        path for path in SAMPLE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_it_is_rebuilt_byte_for_byte(tmp_path):
    script = [sys.executable, SAMPLE / "make_sample.py", "--out", tmp_path, "--no-map"]
    subprocess.run(list(map(str, script)), check=True, capture_output=True)
    if (tmp_path / "BUILT_WITH.txt").read_text() != (SAMPLE / "BUILT_WITH.txt").read_text():
        pytest.skip("other library versions than those that built the sample")
    for path in sorted(tmp_path.rglob("*")):
        if path.is_file():
            kept = SAMPLE / path.relative_to(tmp_path)
            same = (
                hashlib.sha256(path.read_bytes()).digest()
                == hashlib.sha256(kept.read_bytes()).digest()
            )
            assert same, path.name
