"""Scans and reports: taken into a package whole, refused one by one, verified by their index."""

from __future__ import annotations

import json
import shutil
import tomllib

import openpyxl
import pandas as pd
import pyogrio
import pytest

from filing import copied, export, find, package_of
from lowuse_gis.commands.learn import Request as LearnRequest
from lowuse_gis.commands.learn import learn
from lowuse_gis.commands.verify import Request, verify
from lowuse_gis.core.filing.papers import paper_table

SCANS, REPORTS = "05扫描资料", "06文档报告"
REPORT = "(120118)静海区低效用地再开发调查报告.docx"


@pytest.fixture(scope="module")
def plots(filed):
    frame = pyogrio.read_dataframe(find(package_of(filed), "低效用地数据库.gpkg"), layer="DXYD")
    return frame["DKBH"].tolist()


@pytest.fixture
def scans(plots, tmp_path):
    """A folder as an office has it: subfolders, what systems leave behind, a report."""
    folder = tmp_path / "scans"
    for number, plot in enumerate(plots[:3]):
        own = folder / f"town{number}"
        own.mkdir(parents=True)
        (own / f"{plot}_认定表_1.pdf").write_bytes(b"%PDF " + plot.encode() * 100)
        (own / f"{plot}_意愿书_01.JPG").write_bytes(b"picture" * number)
    (folder / REPORT).write_bytes(b"report")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / ".hidden").write_bytes(b"x")
    return folder


@pytest.fixture(scope="module")
def packed(filed, plots, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    given = folder / "scans"
    given.mkdir()
    for plot in plots[:3]:
        (given / f"{plot}_认定表_1.pdf").write_bytes(b"%PDF " + plot.encode() * 100)
    (given / REPORT).write_bytes(b"report")
    return export(filed, folder / "e", "--papers", given)


def codes(package):
    return set(verify(Request(package)).findings["code"])


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def index(package):
    rows = list(openpyxl.load_workbook(find(package, "扫描资料目录.xlsx")).active.values)
    at = next(n for n, row in enumerate(rows) if row[0] == "序号")
    return pd.DataFrame(rows[at + 1 :], columns=rows[at])


def test_papers_are_copied_hashed_and_listed(filed, scans, plots, tmp_path):
    package = export(filed, tmp_path / "e", "--papers", scans)
    names = {p.name for p in (package / SCANS).iterdir()}
    assert {f"{plots[0]}_认定表_1.pdf", f"{plots[2]}_意愿书_01.JPG"} <= names
    assert len(names) == 7
    assert (package / REPORTS / REPORT).read_bytes() == b"report"
    sent = (scans / "town1" / f"{plots[1]}_认定表_1.pdf").read_bytes()
    assert (package / SCANS / f"{plots[1]}_认定表_1.pdf").read_bytes() == sent
    listed = index(package)
    hashes = json.loads((package / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    assert len(listed) == 6
    assert [hashes[file] for file in listed["文件"]] == listed["SHA-256"].tolist()
    assert listed["地块编号"].nunique() == 3
    found = verify(Request(package))
    assert found.errors == 0
    assert set(found.findings["code"]) == codes(package_of(filed))  # neither 1152 nor 7152
    again = export(filed, tmp_path / "again", "--papers", scans)
    assert contents(again) == contents(package)


BAD = {
    "P0_认定表_1.pdf": "no record",
    "{plot}_合同_1.pdf": "unknown type",
    "{plot}_认定表.pdf": "pattern",
    "{plot}_认定表_1.exe": "pattern",
    "{plot}_认定表_1 .pdf": "pattern",
    "(120118)静海区低效用地再开发方案.docx": "unknown type",
}


def test_what_cannot_be_filed_is_listed_and_refused(filed, lowuse, refused, scans, plots, tmp_path):
    for name in BAD:
        (scans / name.format(plot=plots[3])).write_bytes(b"x")
    (scans / f"{plots[0]}_认定表_1.PDF").write_bytes(b"the same name on many systems")
    given = ("--papers", scans, "--draft", "-o", tmp_path / "e")
    refused("export", filed / "result.gpkg", *given)
    assert not list((tmp_path / "e").iterdir())
    code, out, err = lowuse("export", filed / "result.gpkg", *given, "--dry-run", "--json")
    assert code == 0, err
    blocks = {line["field"]: line["what"] for line in json.loads(out)["blocks"]}
    for name, why in BAD.items():
        assert why in blocks[name.format(plot=plots[3])], name
    assert "one name" in blocks[f"{plots[0]}_认定表_1.PDF"]
    assert "one name" in blocks[f"{plots[0]}_认定表_1.pdf"]


def test_bad_requests(filed, refused, tmp_path):
    whole = ("export", filed / "result.gpkg", "--draft", "-o", tmp_path / "e")
    refused(*whole, "--papers", tmp_path / "none")
    empty = tmp_path / "empty"
    empty.mkdir()
    error, _hint = refused(*whole, "--papers", empty, "--profile", "pilot_city")
    assert "pilot_city" in error
    (empty / "a.pdf").symlink_to(tmp_path / "none")
    error, _hint = refused(*whole, "--papers", empty)
    assert "a.pdf" in error


def first(package):
    return min((package / SCANS).glob("*.pdf"))


def rewritten(package, change):
    path = find(package, "扫描资料目录.xlsx")
    book = openpyxl.load_workbook(path)
    change(book.active)
    book.save(path)


SPOILT = {
    "an orphan": (
        lambda p: first(p).rename(p / SCANS / "P0_认定表_1.pdf"),
        {"1163", "1164", "1165"},
    ),
    "an unknown type": (
        lambda p: first(p).rename(first(p).with_name(first(p).name.replace("认定表", "合同"))),
        {"1162", "1164", "1165"},
    ),
    "a wrong name": (
        lambda p: (p / SCANS / "扫描.pdf").write_bytes(b"x"),
        {"1161", "1165", "7152"},
    ),
    "a file gone": (lambda p: first(p).unlink(), {"1164", "7153"}),
    "another content": (lambda p: first(p).write_bytes(b"x"), {"1166", "7151"}),
    "no index": (lambda p: find(p, "扫描资料目录.xlsx").unlink(), {"1151"}),
    "another heading": (
        lambda p: rewritten(p, lambda sheet: sheet.cell(3, 2).__setattr__("value", "编号")),
        {"6161"},
    ),
    "a row of the index gone": (
        lambda p: rewritten(p, lambda sheet: sheet.delete_rows(5)),
        {"1165"},
    ),
    "an index that is none": (
        lambda p: find(p, "扫描资料目录.xlsx").write_bytes(b"x"),
        {"1251"},
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_papers_that_do_not_fit_their_index_are_found(packed, tmp_path, name):
    package = copied(packed, tmp_path)
    spoil, wanted = SPOILT[name]
    spoil(package)
    assert wanted <= codes(package)


def test_a_report_taken_out_whole_is_missed(packed, tmp_path):
    package = copied(packed, tmp_path)
    shutil.rmtree(package / REPORTS)
    found = verify(Request(package)).findings
    assert "7153" in set(found["code"])


def test_the_pattern_of_scans_is_learnt(packed, tmp_path):
    profile = tmp_path / "draft.toml"
    assert not (learn(LearnRequest(packed, profile)).findings["severity"] == "error").any()
    (entry,) = tomllib.loads(profile.read_text(encoding="utf-8"))["papers"]
    assert entry["folder"] == SCANS
    assert entry["types"] == ["认定表"]
    assert entry["ids"] == ["DXYD.DKBH"]
    package = copied(packed, tmp_path)
    first(package).rename(package / SCANS / "P0_认定表_1.pdf")
    assert "1163" in set(verify(Request(package, profile=str(profile))).findings["code"])


def test_very_many_papers_are_sorted_at_once():
    spec = {"name": "{id}_{type}_{number}", "types": ["认定表"], "ids": ["DXYD.DKBH"]}
    files = [f"A{n % 1000}_认定表_{n}.pdf" for n in range(100_000)]
    table = paper_table(files, spec, {}, {f"A{n}" for n in range(500)})
    assert table["fault"].value_counts().to_dict() == {"": 50_000, "record": 50_000}
