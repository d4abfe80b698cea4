"""A copy of the shipped rules, in memory, to plant faults in."""

from __future__ import annotations

import copy
from dataclasses import replace

from conftest import ROOT
from lowuse_gis.core.lint import lint
from lowuse_gis.core.lint.raw import RawTable

RULES = ROOT / "rules"
IND, COM = "national/criteria/industrial.toml", "national/criteria/commercial.toml"
RES, EXC = "national/criteria/residential.toml", "national/criteria/exclusions.toml"
FAC, VIL = "national/criteria/facility.toml", "national/criteria/village.toml"
OWN_IND, OBS = "jinghai/criteria/industrial.toml", "national/obstacles.toml"
HEAD, OWN_HEAD = "national/rulebook.toml", "jinghai/rulebook.toml"
LIMITS, OWN_LIMITS = "national/thresholds.csv", "jinghai/thresholds.csv"
MEAS, FIELDS = "national/measures.toml", "national/fields.toml"


class Planted:
    """A copy of the shipped rules to plant faults in; nothing is written to disk."""

    def __init__(self, raw):
        self.raw = raw
        self.files = {name: copy.deepcopy(content) for name, content in raw.files.items()}
        self.tables = dict(raw.tables)
        self.expected = set()

    def entry(self, file, code):
        """Return an entry to spoil, and expect a fault at it."""
        self.expected.add((file, code))
        entries = self.files[file].get("criterion") or self.files[file]["obstacle"]
        return next(entry for entry in entries if entry["code"] == code)

    def add(self, file, number, when, **keys):
        """Add a criterion and expect a fault at it."""
        code = f"T-{number:02}"
        self.expected.add((file, code))
        self.files[file]["criterion"].append(
            {
                "code": code,
                "title": "试",
                "source": {"document": "n147", "clause": "一", "status": "anchored"},
                "strength": "flag",
                "when": when,
            }
            | keys
        )

    def row(self, file, at, /, **cells):
        """Change a row, or add one where `at` is None, and expect a fault at it."""
        table = self.tables[file]
        rows = [dict(row) for row in table.rows]
        if at is None:
            rows.append(dict.fromkeys(table.header, ""))
            at = -1
        elif isinstance(at, str):
            at = next(n for n, row in enumerate(rows) if at in list(row.values())[:2])
        rows[at] |= cells
        self.tables[file] = RawTable(table.header, tuple(rows))
        self.expected.add((file, next(iter(rows[at].values()))))

    def found(self):
        return lint(replace(self.raw, files=self.files, tables=self.tables))

    def only(self, kind, severity="error", count=10, also=()):
        """Expect the planted faults of this kind, and none of other kinds."""
        faults = self.found()
        mine = [fault for fault in faults if fault.kind == kind]
        assert {(fault.file, fault.code) for fault in mine} == self.expected
        assert len(self.expected) == count
        assert {fault.severity for fault in mine} == {severity}
        assert all(fault.message for fault in mine)
        others = [fault for fault in faults if fault.kind not in {kind, *also}]
        assert others == []
        return mine
