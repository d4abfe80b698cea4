"""The survey report: its numbers are those of the result, its texts stay texts, its bytes stay."""

from __future__ import annotations

import re
import shutil
import sqlite3
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from conftest import ROOT
from lowuse_gis.commands.report import Request, material_of
from lowuse_gis.io.result import read_result
from lowuse_gis.io.rulebook_files import read_files
from lowuse_gis.stages.report.content import report_of

HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }} {% x %} \x0bY"


def content(result, **options):
    return report_of(material_of(Request(result, result.with_suffix(".docx"), **options)))


def grids(report, section):
    return {b.title: b for b in report.sections[section].blocks if b.kind == "grid"}


def number(text):
    return float(text.replace(",", ""))


def column(grid, heading, rows=slice(None, -1)):
    at = list(grid.headings).index(heading)
    return [number(row[at]) for row in grid.rows[rows]]


def text_of(path):
    """Return all text of a document, tables too."""
    document = Document(path)
    cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def edited(result, *statements):
    """Change a result as no command would."""
    with sqlite3.connect(result) as base:
        base.create_function("ST_IsEmpty", 1, lambda _shape: False)
        for name in ("MinX", "MaxX", "MinY", "MaxY"):
            base.create_function(f"ST_{name}", 1, lambda _shape: 0.0)
        for statement, *values in statements:
            base.execute(statement, values)
    base.close()
    return result


@pytest.fixture
def units(lowuse, low_use_result, tmp_path):
    path = tmp_path / "u.gpkg"
    code, _out, err = lowuse("units", low_use_result, "-o", path)
    assert code == 0, err
    return path


def test_tables_are_those_of_the_parcels(sample_result):
    report, result = content(sample_result), read_result(sample_result)
    parcels, mu = result.parcels, float(result.run["mu"])
    found = grids(report, "results")
    low = parcels[parcels["verdict"] == "low_use"]
    sizes = found["Parcels and area by verdict"]
    counts = parcels["verdict"].value_counts()
    assert sum(column(sizes, "number of parcels")) == len(parcels)
    assert column(sizes, "number of parcels")[0] == counts["low_use"]
    assert number(sizes.rows[-1][2]) == pytest.approx(parcels["area"].sum() / mu, abs=0.006)
    for title in (
        "Low-use land by type",
        "Low-use land by town",
        "Low-use land by subtype",
        "Low-use land by ownership of land",
    ):
        grid = found[title]
        assert sum(column(grid, "low-use parcels")) == len(low), title
        total = column(grid, "low-use area (mu)", slice(-1, None))[0]
        assert total == pytest.approx(low["low_use_area"].sum() / mu, abs=0.006), title
        assert sum(column(grid, "low-use area (mu)")) == pytest.approx(total, abs=0.2)
    towns = found["Low-use land by town"]
    by_town = low.groupby("town_name")["low_use_area"].sum() / mu
    area = list(towns.headings).index("low-use area (mu)")
    told = {row[0]: number(row[area]) for row in towns.rows[:-1]}
    assert {t: v for t, v in told.items() if v} == pytest.approx(by_town.to_dict(), abs=0.006)
    crossed = found["Low-use area by town and type (mu)"]
    assert number(crossed.rows[-1][-1]) == pytest.approx(by_town.sum(), abs=0.006)


def test_what_is_open_and_what_was_supplied_is_whole(sample_result):
    report, result = content(sample_result), read_result(sample_result)
    lacking = grids(report, "undetermined")["What is missing, by body"]
    assert len(lacking.rows) == len(result.tables["lacking"])
    kinds = grids(report, "problems")["Problems by kind"]
    assert sum(column(kinds, "number of problems", slice(None))) == len(result.tables["problems"])
    annex = grids(report, "annex")["Files supplied"]
    assert [row[-1] for row in annex.rows] == list(result.tables["sources"]["sha256"])
    criteria = grids(report, "method")["Criteria"]
    assert [row[0] for row in criteria.rows] == list(result.tables["criteria"]["code"])
    room = grids(report, "results")["Room for floor area on low-use land"]
    low = result.parcels[result.parcels["verdict"] == "low_use"]
    allowed = low["low_use_area"] * low["planned_plot_ratio"] - low["floor_area"]
    assert number(room.rows[-1][-1]) == pytest.approx(allowed.clip(lower=0).sum(), abs=1)
    assert not report.sections["units"].blocks
    assert not report.sections["legacy"].blocks


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_the_same_result_gives_the_same_bytes(kind, lowuse, low_use_result, units, tmp_path):
    files = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for file in files:
        code, _out, err = lowuse("report", low_use_result, "--units", units, "-o", file, "-q")
        assert code == 0, err
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_document_says_what_the_content_says(lowuse, low_use_result, units, tmp_path):
    file = tmp_path / "r.docx"
    assert lowuse("report", low_use_result, "--units", units, "-o", file, "-q")[0] == 0
    report, text = content(low_use_result, units=units), text_of(file)
    for section in report.sections.values():
        assert (section.heading in text) == bool(section.blocks)
        for block in section.blocks:
            if block.kind == "grid":
                assert block.title in text
                assert all(cell in text for row in block.rows for cell in row)
    assert "{{" not in text
    assert "{%" not in text
    captions = re.findall(r"^(Table|Figure) (\d+) ", text, re.MULTILINE)
    tables = [int(n) for kind, n in captions if kind == "Table"]
    assert tables == list(range(1, len(tables) + 1))
    assert len(tables) == len(Document(file).tables)
    with zipfile.ZipFile(file) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert Document(file).core_properties.created.date().isoformat() == report.as_of
    assert not list(tmp_path.glob(".*part*"))


def test_contents_lead_to_every_heading_and_pictures_say_what_they_show(
    lowuse, low_use_result, tmp_path
):
    word, page = tmp_path / "r.docx", tmp_path / "r.html"
    for file in (word, page):
        assert lowuse("report", low_use_result, "-o", file, "-q")[0] == 0
    body = Document(word).element.body
    headings = [p for p in Document(word).paragraphs if p.style.name.startswith("Heading")]
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    links = list(body.iter(qn("w:hyperlink")))
    assert [link.findtext(f".//{qn('w:t')}") for link in links] == [h.text for h in headings]
    assert {link.get(qn("w:anchor")) for link in links} <= marks
    fields = [char.get(qn("w:fldCharType")) for char in body.iter(qn("w:fldChar"))]
    assert fields.count("begin") == fields.count("end") == len(headings) + 1
    told = [p.get("descr") for p in body.iter(qn("wp:docPr"))]
    pictures = len(told)
    assert pictures >= 3
    assert any(
        "Low-use 4, Undetermined 1" in text and "Map of low-use land" in text for text in told
    ), told
    source = page.read_text(encoding="utf-8")
    assert source.count('alt="') == pictures
    for name in re.findall(r'<a href="#(\w+)">', source):
        assert f'<section id="{name}">' in source


def test_a_contents_field_of_word_itself_is_left_to_word(lowuse, low_use_result, tmp_path):
    own, file = tmp_path / "own.docx", tmp_path / "r.docx"
    document = Document()
    for kind in ("begin", "end"):
        mark = document.add_paragraph().add_run()._r
        if kind == "begin":
            code = OxmlElement("w:instrText")
            code.text = ' TOC \\o "1-3" '
            mark.append(code)
        char = OxmlElement("w:fldChar")
        char.set(qn("w:fldCharType"), kind)
        mark.insert(0, char)
    document.save(own)
    assert lowuse("report", low_use_result, "--template", own, "-o", file, "-q")[0] == 0
    chars = list(Document(file).element.body.iter(qn("w:fldChar")))
    assert [char.get(qn("w:dirty")) for char in chars] == ["true", None]


def test_thresholds_and_criteria_are_called_by_their_names(sample_result, monkeypatch):
    monkeypatch.setenv("LOWUSE_LANG", "zh")
    found = grids(content(sample_result), "method")
    names = read_files(str(ROOT / "rules" / "jinghai"))
    keys = {row["name"] for file in names.tables if file.endswith("thresholds.csv")
            for row in names.tables[file].rows}  # fmt: skip
    text = " ".join(cell for grid in found.values() for row in grid.rows for cell in row)
    assert len(keys) > 25
    assert not [key for key in keys if key in text]
    assert not re.search(r":[a-z_]+", text)


def test_names_of_owners_and_towns_stay_text(lowuse, low_use_result, tmp_path):
    edited(low_use_result, ("UPDATE parcels SET owner = ?, town_name = ?", HOSTILE, HOSTILE))
    word, page = tmp_path / "r.docx", tmp_path / "r.html"
    for file in (word, page):
        code, _out, err = lowuse("report", low_use_result, "-o", file, "-q")
        assert code == 0, err
    assert "<script>alert(1)</script> & {{ 7 * 7 }} {% x %}  Y" in text_of(word)
    source = page.read_text(encoding="utf-8")
    assert "<script" not in source
    assert "{{ 7 * 7 }}" in source


def test_a_result_of_no_parcels_is_reported(lowuse, low_use_result, tmp_path):
    edited(low_use_result, ("DELETE FROM parcels",), ("DELETE FROM problems",))
    file = tmp_path / "r.docx"
    code, _out, err = lowuse("report", low_use_result, "-o", file, "-q")
    assert code == 0, err
    assert "0 parcels of 0.00 mu" in text_of(file)


def test_a_result_of_one_parcel_without_a_shape_is_reported(lowuse, low_use_result, tmp_path):
    edited(
        low_use_result,
        ("DELETE FROM parcels WHERE fid > (SELECT min(fid) FROM parcels)",),
        ("UPDATE parcels SET geom = NULL, town_name = NULL, land_type = NULL",),
    )
    file = tmp_path / "r.html"
    code, _out, err = lowuse("report", low_use_result, "-o", file, "-q")
    assert code == 0, err
    assert "1 parcels of" in file.read_text(encoding="utf-8")


@pytest.fixture
def own_template(tmp_path):
    def call(text):
        document = Document()
        document.add_paragraph(text)
        path = tmp_path / "own.docx"
        document.save(path)
        return path

    return call


def test_an_office_writes_its_own_sentence(lowuse, low_use_result, own_template, tmp_path):
    own, file = own_template("低效 {{ facts.low_use }} 宗"), tmp_path / "r.docx"
    assert lowuse("report", low_use_result, "--template", own, "-o", file, "-q")[0] == 0
    count = (read_result(low_use_result).parcels["verdict"] == "low_use").sum()
    assert text_of(file).strip() == f"低效 {count} 宗"


@pytest.mark.parametrize(
    "text",
    [
        "{{ facts.low_used }}",
        "{{ nobody }}",
        "{% for x in %}",
        "{{ title.__class__.__mro__ }}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_bad_template_is_refused(text, refused, low_use_result, own_template, tmp_path):
    own, file = own_template(text), tmp_path / "r.docx"
    error, hint = refused("report", low_use_result, "--template", own, "-o", file, "-q")
    assert "own.docx" in error
    assert "facts" in hint
    assert not file.exists()


def test_what_is_no_document_is_refused(refused, low_use_result, tmp_path):
    broken, file = tmp_path / "own.docx", tmp_path / "r.docx"
    for data in (b"", b"PK\x03\x04", b"plain text"):
        broken.write_bytes(data)
        error, _hint = refused("report", low_use_result, "--template", broken, "-o", file, "-q")
        assert "not a Word document" in error
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("a.txt", "a")
    error, _hint = refused("report", low_use_result, "--template", broken, "-o", file, "-q")
    assert "not a Word document" in error
    refused("report", low_use_result, "--template", tmp_path / "none.docx", "-o", file, "-q")
    refused("report", low_use_result, "-o", tmp_path / "r.pdf")
    refused("report", low_use_result, "--template", broken, "-o", tmp_path / "r.html")


def test_other_rules_and_units_of_another_result_are_refused(
    refused, low_use_result, units, tmp_path
):
    other = shutil.copy(low_use_result, tmp_path / "other.gpkg")
    edited(other, ("UPDATE runs SET crs = 'EPSG:4528'",))
    error, _hint = refused("report", other, "--units", units, "-o", tmp_path / "r.docx", "-q")
    assert "another result" in error
    edited(other, ("UPDATE runs SET rules_sha256 = 'x'",))
    error, _hint = refused("report", other, "-o", tmp_path / "r.docx", "-q")
    assert "have changed" in error
