"""Cards: one page, all that is known, nothing that is markup, the same bytes; units as batches."""

from __future__ import annotations

import re

import pyogrio
import pytest
from fpdf import FPDF

import tiny
from filing import run

HOSTILE = "<script>document.title=1</script>"
LONG = "很长的名字" * 300


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged")
    records = [
        tiny.parcel(1, tiny.lot(0, 0), QLRMC=HOSTILE),
        tiny.parcel(2, tiny.lot(110, 0), QLRMC=LONG),
        tiny.parcel(3, None, QLRMC="甲公司"),
        tiny.parcel(4, tiny.lot(2000, 0)),
        tiny.parcel(4, tiny.lot(2200, 0)),
    ]
    tiny.frame(records).to_file(folder / "p.gpkg", layer="p")
    run("classify", folder / "p.gpkg", "-o", folder / "r.gpkg", "-q")
    return folder / "r.gpkg"


@pytest.fixture
def carded(judged, tmp_path, lowuse):
    def call(*words, name="cards"):
        code, _out, err = lowuse("card", judged, *words, "-o", tmp_path / name)
        assert code == 0, err
        return {path.name: path for path in (tmp_path / name).iterdir()}

    return call


def test_a_card_tells_verdict_facts_and_neighbours_as_text(carded):
    files = carded(tiny.code(1))
    page = files[f"{tiny.code(1)}.html"].read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Undetermined" in page
    assert tiny.code(2) in page
    assert "10 m" in page
    assert "0601 Industry" in page  # the code with its name
    assert tiny.code(4) not in page
    assert page.count("<path") == 3  # the parcel, its neighbour, the scale bar
    assert not re.search(r"(src|href)=\"http", page)


def test_one_page_of_paper_however_long_a_name_is(carded, monkeypatch):
    pages = []
    output = FPDF.output
    monkeypatch.setattr(
        FPDF, "output", lambda page, path: (pages.append(page.page), output(page, path))
    )
    files = carded(tiny.code(1), tiny.code(2), tiny.code(3))
    assert pages == [1, 1, 1]
    assert all(path.read_bytes()[:5] == b"%PDF-" for n, path in files.items() if "pdf" in n)


def test_parcels_without_shape_and_of_one_code(carded):
    files = carded(tiny.code(3), tiny.code(4))
    assert "<svg" not in files[f"{tiny.code(3)}.html"].read_text(encoding="utf-8")
    assert {"1_4.html", "1_5.html", "1_4.pdf", "1_5.pdf"} <= set(files)


def test_the_same_parcel_gives_the_same_bytes(carded):
    one, two = carded(tiny.code(1)), carded(tiny.code(1), name="again")
    assert {n: p.read_bytes() for n, p in one.items()} == {
        n: p.read_bytes() for n, p in two.items()
    }


def test_a_unit_gives_a_card_for_each_of_its_parcels(filed, tmp_path, lowuse):
    members = pyogrio.read_dataframe(filed / "units.gpkg", layer="members", read_geometry=False)
    parcels = members[members["parcel_code"].notna()].drop_duplicates("row")
    unit = parcels["unit_id"].value_counts().loc[lambda counts: counts.between(3, 6)].index[0]
    words = ("--unit", unit, "--units", filed / "units.gpkg", "-o", tmp_path / "cards")
    code, _out, err = lowuse("card", filed / "result.gpkg", *words)
    assert code == 0, err
    codes = set(parcels.loc[parcels["unit_id"] == unit, "parcel_code"])
    assert {path.stem for path in (tmp_path / "cards").glob("*.pdf")} == codes
    page = next((tmp_path / "cards").glob("*.html")).read_text(encoding="utf-8")
    assert "Pathway and policy tools" in page


def test_bad_requests(judged, refused, tmp_path):
    out = ("-o", tmp_path / "cards")
    refused("card", judged, *out)
    refused("card", judged, "120118901001GB99999", *out)
    refused("card", judged, "--unit", "DY1", *out)
    refused("card", judged.with_name("p.gpkg"), tiny.code(1), *out)
    assert not (tmp_path / "cards").exists()
