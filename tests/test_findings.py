"""Findings packed and written: the same lines as written one by one."""

import sqlite3
from contextlib import closing
from datetime import date

import numpy as np
import pandas as pd
import pyogrio
import pytest

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import Evaluator
from lowuse_gis.core.findings import Block, Coded, stacked
from lowuse_gis.core.marks import joined_marks
from lowuse_gis.io.findings_wide import widened
from lowuse_gis.io.findings_writing import MOST, fill_findings
from lowuse_gis.io.geopackage import read_layer_frame, write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.result_schema import FINDINGS

COLUMNS = [Column(name, dtype) for name, dtype in FINDINGS]
COUNT = 500


@pytest.fixture
def findings():
    """Lines of three comparisons: all parcels, some of them twice, others."""
    random = np.random.default_rng(3)
    index = pd.Index([f"1:{n}" for n in range(COUNT)])
    some = np.flatnonzero(random.random(COUNT) < 0.4)

    def block(rows, criterion, atom, value, limit):
        def coded(*texts):
            codes = random.integers(-1, len(texts), len(rows))
            return Coded(codes, np.array(texts, dtype=object))

        truth = random.integers(-1, 2, len(rows)).astype(np.int8)
        return Block(
            rows, criterion, truth, atom, "area", value, coded("a", "b'c", "值"), "<", limit,
            random.integers(-1, 2, len(rows)).astype(np.int8), coded("t", "t[zone=园]"),
            coded("", "x;y"),
        )  # fmt: skip

    gaps = np.where(random.random(COUNT) < 0.3, np.nan, random.random(COUNT))
    everywhere = np.arange(COUNT)
    return stacked(
        [
            block(everywhere, "A-01", 0, gaps, np.full(COUNT, 0.5)),
            block(some, "B-01", 0, gaps[some], gaps[some] * 2),
            block(some, "B-01", 1, np.full(len(some), np.nan), np.full(len(some), np.nan)),
            block(everywhere[:0], "C-01", 0, gaps[:0], gaps[:0]),
            block(everywhere, "D-01", 0, gaps, np.full(COUNT, np.nan)),
        ],
        index,
    )


def written(path, frame):
    write_geopackage(
        path, [OutLayer("findings", "", frame, COLUMNS)], "EPSG:4527", date(2024, 1, 1)
    )


def test_lines_made_inside_are_lines_written_one_by_one(findings, tmp_path):
    plain, fast = tmp_path / "plain.gpkg", tmp_path / "fast.gpkg"
    written(plain, findings)
    written(fast, findings.iloc[:0])
    fill_findings(fast, widened(tmp_path / "wide.gpkg", findings))
    (tmp_path / "wide.gpkg").unlink()
    lines = read_layer_frame(fast, "findings")
    pd.testing.assert_frame_equal(lines, read_layer_frame(plain, "findings"))
    assert len(lines) == len(findings) > 2 * COUNT
    assert {path.name for path in tmp_path.iterdir()} == {"fast.gpkg", "plain.gpkg"}
    with closing(sqlite3.connect(fast)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        listed = base.execute("SELECT * FROM gpkg_ogr_contents").fetchall()
        assert listed == []
    assert pyogrio.list_layers(fast).tolist() == [["findings", None]]
    kinds = [pyogrio.read_info(path, layer="findings")["dtypes"].tolist() for path in (plain, fast)]
    assert kinds[0] == kinds[1]


def test_more_comparisons_than_one_statement_takes(findings, tmp_path):
    path, every = tmp_path / "many.gpkg", findings[findings["criterion"] == "A-01"]
    several = pd.concat([every.assign(atom=at) for at in range(2 * MOST + 1)])
    several["criterion"] = several["criterion"].astype("category")
    written(path, several.iloc[:0])
    fill_findings(path, widened(tmp_path / "wide.gpkg", several))
    lines = read_layer_frame(path, "findings", where="row = '1:7'")
    assert lines["atom"].tolist() == list(range(2 * MOST + 1))


def test_no_lines_at_all(findings, tmp_path):
    path = tmp_path / "empty.gpkg"
    written(path, findings.iloc[:0])
    fill_findings(path, widened(tmp_path / "wide.gpkg", findings.iloc[:0]))
    assert len(read_layer_frame(path, "findings")) == 0


def test_marks_of_many_names():
    random = np.random.default_rng(5)
    names = [f"N{n:03}" for n in range(130)]
    marks = random.random((130, 300)) < 0.1
    found = joined_marks(list(zip(names, marks, strict=True)), 300)
    plain = [
        ";".join(n for n, m in zip(names, marks[:, at], strict=True) if m) for at in range(300)
    ]
    assert list(found) == plain


def test_outcomes_stand_in_the_order_of_the_rows():
    count = 700_000
    values = np.random.default_rng(1).random(count)
    values[::7] = np.nan
    evaluator = Evaluator(pd.DataFrame({"a": values}), pd.DataFrame({"t": np.full(count, 0.3)}))
    conditions = [
        parse_condition(text, {"a"}, {"t"}, "here") for text in ("a < :t", "NOT a < :t OR a > 0.9")
    ]
    known = ~np.isnan(values)
    less, more = evaluator.truths(conditions)
    assert (less == np.where(known, values < 0.3, -1)).all()
    assert (more == np.where(known, values >= 0.3, -1)).all()
    (comparisons,) = evaluator.comparisons(conditions[:1])
    assert (comparisons[0].truth == less).all()
    assert (comparisons[0].limit == 0.3).all()
    (moved,) = evaluator.truths(conditions[:1], {"t": np.full(count, 0.6)})
    assert (moved == np.where(known, values < 0.6, -1)).all()


def test_wide_tables_are_taken_over_in_their_order(findings, tmp_path):
    path = tmp_path / "result.gpkg"
    written(path, findings)
    wide = widened(tmp_path / "wide.gpkg", findings)
    fill_findings(path, wide)
    with closing(sqlite3.connect(path)) as base:
        base.execute("ATTACH ? AS wide", (str(wide.file),))
        for group in range(wide.groups):
            one, other = (
                base.execute(f"SELECT * FROM {table}").fetchall()
                for table in (f"findings_{group}", f"wide.group_{group}")
            )
            assert one == other
