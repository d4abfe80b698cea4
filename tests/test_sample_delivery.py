"""The sample delivery: what its maker says is wrong in it, and two commands that make it clean."""

import re
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from lowuse_gis.commands import check

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"
ARCHIVE = SAMPLE / "deliveries" / "柳桥镇报送.zip"
LOUD = ("error", "warning")
SHIFTED = "4401"  # the sample's survey is drawn beside the parcels on purpose
NEAR, FAR, LONG = 0.05, 0.5, 5.0  # metres
MENDED = {"3208", "4103", "4104", "4111", "4114"}
READ = {"1102", "1203", "1204", "2102", "2201", "6101"}  # of the files, and of a table with them


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    sys.path.insert(0, str(SAMPLE))
    from district.delivery import deliver

    folder = tmp_path_factory.mktemp("rebuilt")
    return folder, deliver(SAMPLE, folder)


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    output = tmp_path_factory.mktemp("checked") / "out"
    return check.check(check.Request(files=(ARCHIVE,), output=output)).checked.findings


@pytest.fixture(scope="module")
def mended(tmp_path_factory):
    """Return the folder of a check that mends, and what was found."""
    output = tmp_path_factory.mktemp("mended") / "out"
    return output, check.check(
        check.Request(files=(ARCHIVE,), output=output, mend=True)
    ).checked.findings


def number(row: str) -> int:
    """Return the number of a record in its file or sheet; 0 where the file is meant."""
    return int(re.split("[:!]", row)[-1] or 0)


def named(found: pd.DataFrame) -> set[tuple[str, str, int]]:
    """Return code, layer and record of findings."""
    return set(zip(found["code"], found["source"], found["row"].map(number), strict=True))


def test_it_is_rebuilt_byte_for_byte(rebuilt):
    built_with = (SAMPLE / "BUILT_WITH.txt").read_text(encoding="utf-8")
    if f"GEOS {shapely.geos_version_string}" not in built_with:
        pytest.skip("another GEOS than the one that built the sample")
    assert (rebuilt[0] / ARCHIVE.name).read_bytes() == ARCHIVE.read_bytes()
    assert ARCHIVE.stat().st_size < 400_000


def test_all_that_is_wrong_is_found(rebuilt, findings):
    found = findings.assign(at=findings["row"].map(number))
    for code, source, row, what in rebuilt[1]:
        hit = found["code"] == code
        if source:
            hit &= found["source"] == source
        if row:
            hit &= found["at"] == row
        assert hit.any(), (code, source, row, what)


def test_nothing_else_is_found(rebuilt, findings):
    due = {(code, row) for code, _source, row, _what in rebuilt[1] if row}
    whole = {code for code, _source, row, _what in rebuilt[1] if not row}
    loud = findings[findings["severity"].isin(LOUD) & (findings["code"] != SHIFTED)]
    others = {(code, row) for code, _source, row in named(loud) if code not in whole}
    assert others == due
    assert len(findings) == len(loud) + len(pairs_of_shifted(findings)) + 1  # the stray file


def pairs_of_shifted(findings: pd.DataFrame) -> pd.DataFrame:
    return findings[findings["code"] == SHIFTED]


def test_edges_said_to_run_beside_each_other_do(mended):
    """Hold them against buffers: metres of the parcel's outline beside that of its survey."""
    clean = mended[0] / "clean.gpkg"
    shapes = {
        name: gpd.read_file(clean, layer=name).set_index("lw_row").geometry.boundary
        for name in ("parcels", "survey")
    }
    pairs = pairs_of_shifted(mended[1])
    assert len(pairs)
    for row, other in zip(pairs["row"], pairs["other_row"], strict=True):
        mine, theirs = shapes["parcels"][row], shapes["survey"][other]
        beside = mine.intersection(theirs.buffer(FAR)).difference(theirs.buffer(NEAR))
        assert beside.length > LONG, (row, other)


def test_two_commands_make_it_clean(lowuse, tmp_path):
    """See what is wrong, then mend; a third one shows that only what people must do is left."""
    seen, folder, again = (tmp_path / name for name in ("seen", "mended", "again"))
    assert lowuse("check", ARCHIVE, "-o", seen)[0] == 1
    code, out, _err = lowuse("check", ARCHIVE, "--mend", "-o", folder)
    assert code == 1
    assert "5 changes made, 0 refused" in out
    assert sorted(path.name for path in folder.iterdir()) == [
        "clean.gpkg", "findings.gpkg", "mends.csv", "quality report.xlsx",
    ]  # fmt: skip
    assert not {"clean.gpkg", "mends.csv"} & {path.name for path in seen.iterdir()}
    assert lowuse("check", folder / "clean.gpkg", "-o", again)[0] == 1
    before, after = (listed(output / "findings.gpkg") for output in (seen, again))
    settled = before[before["code"].isin(MENDED)]
    assert set(settled["code"]) == MENDED
    gone = before["code"].isin(MENDED | READ) | before["row"].map(number).eq(55)
    twin = (before["code"] == "3302") & (before["row"].map(number) == 53)
    assert named(after[after["code"] != "1102"]) == named(before[~gone & ~twin])


def listed(path: Path) -> pd.DataFrame:
    """Return all findings of a check, with a shape or none."""
    layers = [str(name) for name, _kind in pyogrio.list_layers(path)]
    parts = [pyogrio.read_dataframe(path, layer=name, read_geometry=False) for name in layers]
    found = pd.concat([part for part in parts if "code" in part], ignore_index=True)
    text = {name: found[name].fillna("") for name in ("code", "source", "row")}
    return found.assign(**text)


def test_the_clean_geopackage_has_all_of_it(mended):
    clean = mended[0] / "clean.gpkg"
    parcels, survey = (gpd.read_file(clean, layer=name) for name in ("parcels", "survey"))
    gone = gpd.read_file(clean, layer="parcels_taken_out")
    assert [len(layer) for layer in (parcels, survey, gone)] == [54, 15, 1]
    assert {layer.crs.to_epsg() for layer in (parcels, survey, gone)} == {4527}
    assert parcels.geometry[parcels.geometry.notna()].is_valid.all()
    assert parcels.geometry.isna().sum() == 1
    assert {"ZDDM", "BDCDYH", "ZL", "QLRMC"} <= set(parcels)
    assert survey["ZLDWMC"].str.endswith("村").all()
    assert parcels["QLRLX"].dropna().str.fullmatch("[0-9]").all()
    assert parcels.loc[3, "ZDMJ"] < 10  # in mu, as it was handed over: nobody's to change
    ledger = pd.read_csv(mended[0] / "mends.csv", encoding="utf-8-sig", dtype={"check": "str"})
    assert set(ledger["check"]) == MENDED
    assert ledger["applied"].all()
    states = mended[1].set_index("code")["state"]
    assert (states[states.index.isin(MENDED)] == "mended").all()
