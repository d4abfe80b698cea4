"""Seconds and memory of judging, of writing findings and of sweeping, beside plain pandas.

``python benchmarks/rules.py --parcels 300000 --criteria 40``. The table is made up: values scatter
about the thresholds they are compared with, a quarter is missing. Criteria are those of the
district; above their number they are copied with thresholds moved by a few per cent.

The peers, in the same run, each in a process of its own like what they stand beside:

- *rules*: pandas with nullable columns, one vectorised expression per criterion (Kleene logic), the
  formula by np.select. Its verdicts must be the same.
- *findings*: the same lines as text columns through GDAL's Arrow writer.
- *sweep*: the peer of the rules, once per value.

RESULTS-rules.md is of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlglot import exp

from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.judging import NEEDED, judgement_of
from lowuse_gis.core.weighing import net_area
from lowuse_gis.io.findings_wide import widened
from lowuse_gis.io.findings_writing import fill_findings
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.result_schema import FINDINGS
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.model import Run, Survey
from lowuse_gis.stages.judge import judge
from pages import page
from rules_peer import plain_verdicts
from stages import Meter, machine

if TYPE_CHECKING:
    from lowuse_gis.model import Criterion, Rulebook

DAY = date(2024, 3, 31)
MISSING, SELDOM = 0.25, 0.1
TYPES = ("industrial", "commercial", "residential", "facility", "village", "other")
TYPE_SHARES = (0.38, 0.12, 0.2, 0.05, 0.2, 0.05)
SWEPT = "plot_ratio_factor=0.4:1.0:0.05"
VALUES = [round(0.4 + 0.05 * n, 2) for n in range(13)]
TARGETS = {"rules": 3.0, "findings": 10.0, "sweep": 15.0}
HEAD = """# Benchmark of judging, findings and sweeps

Written by `python benchmarks/rules.py`: {parcels:,} parcels × {criteria} criteria, made from the
shipped ones; load before {load:.1f}. Peer and product agree on the verdicts, the number of lines
and the low-use counts of the same run. MB is the highest resident memory. Plain pandas with
nullable columns is written by hand for these criteria; a ratio below 1 is what it costs that rules
are files and that their reasons are kept.

{machine}

| what | s | target s | MB | ratio |
|---|---:|---:|---:|---:|
"""


def rules(count: int) -> Rulebook:
    """Return the district's rulebook with a number of criteria."""
    book = read_rulebook("jinghai")
    own = list(book.criteria)[:count]
    made = [copied(own[n % len(own)], n // len(own)) for n in range(count)]
    return replace(book, criteria=tuple(made))


def copied(criterion: Criterion, number: int) -> Criterion:
    """Copy a criterion with other thresholds."""
    if number == 0:
        return criterion
    when = re.sub(r":(\w+)", rf":\1 * {1 + 0.03 * number:.2f}", criterion.when)
    return replace(criterion, code=f"{criterion.code}-{number}", when=when)


def table(book: Rulebook, count: int) -> pd.DataFrame:
    """Make up measured parcels."""
    random = np.random.default_rng(7)
    general = book.thresholds.drop_duplicates("name").set_index("name")["value"]
    conditions = parsed_criteria(book)
    about: dict[str, float] = {}
    for condition in conditions.values():
        for atom in condition.atoms:
            for name in atom.thresholds:
                about.setdefault(atom.column, float(general[name]))
    texts = literals(book)
    columns: dict[str, Any] = {}
    for name in sorted({n for c in conditions.values() for n in c.columns} | set(NEEDED)):
        kind = book.columns["dtype"].get(name, "text")
        if kind == "number":
            columns[name] = about.get(name, 1.0) * np.exp(0.6 * random.standard_normal(count))
        elif kind == "flag":
            columns[name] = pd.array(random.random(count) < SELDOM / 4, dtype="boolean")
        else:
            words = np.array(texts.get(name) or ["x"], dtype=object)
            seldom = random.random(count) < SELDOM
            picked = np.where(seldom, random.choice(words, count), "0")
            columns[name] = pd.Series(picked, dtype="str")
        gaps = random.random(count) < (MISSING if name in about else SELDOM)
        columns[name] = pd.Series(columns[name]).mask(gaps)
    index = pd.Index([f"1:{n}" for n in range(count)], name="row")
    frame = pd.DataFrame(columns).set_axis(index)
    towns = book.codes["towns"]
    at = random.integers(0, len(towns), count)
    return frame.assign(
        land_type=pd.Series(random.choice(TYPES, count, p=TYPE_SHARES), index, dtype="str"),
        area=np.exp(8.5 + random.standard_normal(count)).round(2),
        town_code=towns["code"].to_numpy()[at],
        town_name=towns["name"].to_numpy()[at],
        parcel_code=index,
        permanent_farmland_share=np.where(random.random(count) < 0.03, 0.8, 0.0),
        redline_share=np.where(random.random(count) < 0.03, 0.8, 0.0),
    )


def literals(book: Rulebook) -> dict[str, list[str]]:
    """Return the texts that criteria compare each column with."""
    found: dict[str, list[str]] = {}
    for condition in parsed_criteria(book).values():
        for atom in condition.atoms:
            words = [n.name.rstrip("%") for n in atom.node.find_all(exp.Literal) if n.is_string]
            found.setdefault(atom.column, []).extend(words)
    return found


def survey_of(frame: pd.DataFrame) -> Survey:
    """Wrap the table as the judge stage takes it."""
    shapes = gpd.GeoSeries([None] * len(frame), frame.index, crs="EPSG:4527")
    return Survey(gpd.GeoDataFrame(frame, geometry=shapes))


def run_rules(frame: pd.DataFrame, book: Rulebook, meter: Meter) -> dict[str, Any]:
    with meter.stage("rules: one pass, verdicts"):
        judgement = judgement_of(frame, book)
    return {"verdicts": pd.Series(judgement.verdict).value_counts().to_dict()}


def run_rules_peer(frame: pd.DataFrame, book: Rulebook, meter: Meter) -> dict[str, Any]:
    with meter.stage("rules: plain pandas"):
        verdicts = plain_verdicts(frame, book, book.thresholds)
    ours = judgement_of(frame, book).verdict
    if not np.array_equal(verdicts.astype(str), ours.astype(str)):
        raise SystemExit("the peer judges otherwise")
    return {"verdicts": pd.Series(verdicts).value_counts().to_dict()}


def run_findings(frame: pd.DataFrame, book: Rulebook, meter: Meter) -> dict[str, Any]:
    survey = survey_of(frame)
    with meter.stage("findings: judge stage, verdicts and reasons"):
        judged = judge(survey, Run(book, DAY))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.gpkg"
        empty = pd.DataFrame(columns=[name for name, _dtype in FINDINGS])
        columns = [Column(name, dtype) for name, dtype in FINDINGS]
        write_geopackage(path, [OutLayer("findings", "", empty, columns)], book.crs, DAY)
        with meter.stage("findings: written by SQL inside the database"):
            fill_findings(path, widened(path.with_suffix(".wide.gpkg"), judged.findings))
        size = path.stat().st_size
    return {"lines": len(judged.findings), "megabytes": round(size / 1e6)}


def run_findings_peer(frame: pd.DataFrame, book: Rulebook, meter: Meter) -> dict[str, Any]:
    judged = judge(survey_of(frame), Run(book, DAY))
    with tempfile.TemporaryDirectory() as folder, meter.stage("findings: GDAL, line by line"):
        columns = [Column(name, dtype) for name, dtype in FINDINGS]
        layer = OutLayer("findings", "", judged.findings, columns)
        write_geopackage(Path(folder) / "result.gpkg", [layer], book.crs, DAY)
    return {"lines": len(judged.findings)}


def run_sweep(frame: pd.DataFrame, book: Rulebook, meter: Meter) -> dict[str, Any]:
    from lowuse_gis.commands import rules_sweep as command  # noqa: PLC0415

    judged = judge(survey_of(frame), Run(book, DAY)).parcels.drop(columns="geometry")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.gpkg"
        known = book.columns["dtype"]
        columns = [Column("row", "text")]
        columns += [Column(n, known[n]) for n in judged if n in known]
        line = {"rulebook": "jinghai", "rules_sha256": book.sha256, "as_of": "2024-03-31",
                "crs": book.crs, "mu": str(book.constants["mu"])}  # fmt: skip
        layers = [
            OutLayer("parcels", "", judged.reset_index(), columns),
            OutLayer("findings", "", pd.DataFrame({"row": []}), [Column("row", "text")]),
            OutLayer("runs", "", pd.DataFrame([line]), [Column(n, "text") for n in line]),
        ]
        write_geopackage(path, layers, book.crs, DAY)
        command.read_rulebook = lambda _name: book  # the made-up criteria stand in no file
        with meter.stage("sweep: 13 values, whole command"):
            outcome = command.sweep_rules(command.Request(path, [SWEPT]))
        with meter.stage("sweep: every threshold, whole command"):
            every = command.sweep_rules(command.Request(path))
    low = outcome.swept[0].by_value["low_use"].tolist()
    return {"low_use": low, "thresholds": len(every.ranking), "differing": outcome.differing}


def run_sweep_peer(frame: pd.DataFrame, book: Rulebook, meter: Meter) -> dict[str, Any]:
    low = []
    with meter.stage("sweep: 13 values, plain pandas"):
        area = net_area(frame)
        for value in VALUES:
            rows = book.thresholds.copy()
            rows.loc[rows["name"] == "plot_ratio_factor", "value"] = value
            mark = plain_verdicts(frame, book, rows) == "low_use"
            low.append((int(mark.sum()), float(area[mark].sum())))
    return {"low_use": [count for count, _area in low]}


PARTS = {
    "rules": (run_rules, run_rules_peer),
    "findings": (run_findings, run_findings_peer),
    "sweep": (run_sweep, run_sweep_peer),
}


def alone(what: str, which: int, parcels: int, criteria: int) -> dict[str, Any]:
    """Run one measurement in a fresh process and take its JSON."""
    command = [sys.executable, __file__, "--one", f"{what}:{which}"]
    command += ["--parcels", str(parcels), "--criteria", str(criteria)]
    environment = os.environ | {"LOWUSE_LANG": "en"}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def one(name: str, parcels: int, criteria: int) -> dict[str, Any]:
    what, _colon, which = name.partition(":")
    book, meter = rules(criteria), Meter()
    facts = PARTS[what][int(which)](table(book, parcels), book, meter)
    return {"lines": meter.lines, "facts": facts}


def shown(line: dict[str, Any], target: str = "", ratio: float | None = None) -> str:
    cells = [line["stage"], f"{line['seconds']:.2f}", target, f"{line['peak']:,.0f}"]
    return f"| {' | '.join([*cells, '' if ratio is None else f'{ratio:.1f}'])} |"


def rows_of(what: str, ours: dict[str, Any], peer: dict[str, Any]) -> list[str]:
    """Write the lines of one part, and the ratio of the peer to what it stands beside."""
    beside = ours["lines"][-1 if what == "findings" else 0]
    lines = []
    for line in ours["lines"]:
        told = what != "findings" and line is beside
        lines.append(shown(line, f"{TARGETS[what]:.0f}" * told, 1.0 if line is beside else None))
    if what == "findings":
        both = {
            "stage": "findings: both together, rules included",
            "seconds": sum(line["seconds"] for line in ours["lines"]),
            "peak": max(line["peak"] for line in ours["lines"]),
        }
        lines.append(shown(both, f"{TARGETS['rules'] + TARGETS['findings']:.0f}"))
    line = peer["lines"][0]
    lines.append(shown(line, ratio=line["seconds"] / beside["seconds"]))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=300_000)
    parser.add_argument("--criteria", type=int, default=40)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one(arguments.one, arguments.parcels, arguments.criteria)))
        return
    load = os.getloadavg()[0]
    text = HEAD.format(parcels=arguments.parcels, criteria=arguments.criteria, load=load,
                       machine="\n".join(machine()))  # fmt: skip
    lines = 0
    for what in PARTS:
        ours, peer = (alone(what, n, arguments.parcels, arguments.criteria) for n in (0, 1))
        same = {"rules": "verdicts", "findings": "lines", "sweep": "low_use"}[what]
        if ours["facts"][same] != peer["facts"][same]:
            raise SystemExit(f"{what}: the peer comes to something else")
        text += "\n".join(rows_of(what, ours, peer)) + "\n"
        lines = ours["facts"].get("lines", lines)
        print(what, ours["facts"], flush=True)
    text += f"\nThe findings are {lines:,} lines.\n"
    page("rules").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
