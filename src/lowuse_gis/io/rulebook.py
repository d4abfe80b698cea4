"""Read a rulebook: a folder of TOML and CSV files that may extend another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.lint import refused
from lowuse_gis.core.lint.book import PACKAGES, assembled
from lowuse_gis.core.lint.check_keys import SURVEY_YEAR
from lowuse_gis.core.lint.shapes import OPEN_VERDICTS
from lowuse_gis.core.lint.sheets import SELECTORS, THRESHOLDS
from lowuse_gis.errors import InputError, RuleError
from lowuse_gis.io.checkbook import checkbook
from lowuse_gis.io.find_rules import find_rules
from lowuse_gis.io.rulebook_files import read_files
from lowuse_gis.io.shared_rules import with_county, with_county_fields
from lowuse_gis.language import _
from lowuse_gis.model import Criterion, Obstacle, Rulebook, SourceRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.entry import Entry
    from lowuse_gis.core.lint.raw import RawRules, RawTable

__all__ = ["find_rules", "read_rulebook"]


KEPT = 8  # rulebooks that a process remembers
_kept: dict[tuple[object, ...], Rulebook] = {}


class Section(dict[str, Any]):
    """Settings of a file; asking for one that is not there is a fault of the rulebook.

    Parameters
    ----------
    file
        The file they come from.
    content
        The settings.
    """

    def __init__(self, file: str, content: Mapping[str, Any]) -> None:
        super().__init__(content)
        self._file = file

    def __missing__(self, key: str) -> Any:
        raise RuleError(
            _("{file}: {key} is missing").format(file=self._file, key=key),
            _("compare with the file of that name in rules/jinghai or rules/national"),
        )


def read_rulebook(name: str) -> Rulebook:
    """Read a rulebook and those it extends.

    Parameters
    ----------
    name
        Name or folder, as `find_rules` takes it.

    Returns
    -------
    Rulebook
        Criteria, sources and fields of the district replace those of the same code or name in the
        baseline; thresholds those of the same name and selectors; tables of its own folder
        ``codes`` those the rulebooks share. Files of the same bytes give the same object again:
        nobody may change it.

    Raises
    ------
    RuleError
        At the first fault that the program cannot work with, naming the file and what is wrong in
        it; ``lowuse rules lint`` names all of them.
    """
    raw = read_files(name)
    mark = (raw.sha256, raw.chain, *sorted(raw.paths.items()))
    if mark not in _kept or raw.faults:
        made = _accepted(raw)
        while len(_kept) >= KEPT:
            del _kept[next(iter(_kept))]
        _kept[mark] = made
    return _kept[mark]


def _accepted(raw: RawRules) -> Rulebook:
    book = assembled(raw)
    fault = next(refused(book), None)
    if fault is not None:
        where = ": ".join(filter(None, [raw.paths.get(fault.file, fault.file), fault.code]))
        hint = fault.hint or _("lowuse rules lint lists all faults")
        raise RuleError(f"{where}: {fault.message}", hint)
    return _rulebook(book, raw)


def _rulebook(book: Book, raw: RawRules) -> Rulebook:
    file = raw.paths[f"{raw.name}/rulebook.toml"]
    head, measures = Section(file, book.head), _merged(raw, "measures.toml", whole=True)
    constants = Section("measures.toml", measures["constants"])
    return Rulebook(
        name=head["name"],
        title=head["title"],
        title_en=head.get("title_en", ""),
        version=head["version"],
        sha256=raw.sha256,
        folder=file.removesuffix("rulebook.toml").rstrip("/\\"),
        crs=head["crs"],
        envelope=tuple(head["envelope"]),
        survey_year=head["survey_year"],
        natural_persons=tuple(head["natural_persons"]),
        wanted_columns=tuple(head.get("wanted_columns", ())),
        result_codes=head["result_codes"],
        documents={key: entry["title"] for key, entry in head["documents"].items()},
        sources={key: _source(key, entry) for key, entry in head["sources"].items()},
        criteria=tuple(_criterion(entry) for entry in in_force(book.criteria)),
        obstacles=tuple(_obstacle(entry) for entry in in_force(book.obstacles)),
        columns=_frame(raw.tables["columns.csv"]).set_index("name", drop=False),
        check_catalogue=_frame(raw.tables["checks.csv"]).set_index("code", drop=False),
        package_catalogue=_frame(raw.tables["package_checks.csv"]).set_index("code", drop=False),
        thresholds=_thresholds(raw),
        codes={
            file.removeprefix("codes/").removesuffix(".csv"): _frame(table)
            for file, table in raw.tables.items()
            if file.startswith("codes/")
        },
        fields=Section(
            "fields.toml",
            with_county_fields(_merged(raw, "fields.toml"), head.get("county_codes", ())),
        ),
        measures=with_county(
            {"identify": [], "measure": [], "after": []} | measures | {"constants": constants},
            head.get("county_codes", ()),
        ),
        matching=Section(file, {**head["matching"]}),
        checks=checkbook(
            book.checking,
            head.get("county_codes", ()),
            {**constants, SURVEY_YEAR: head["survey_year"]},
        ),
        units=_merged(raw, "units.toml"),
        packages=_packages(raw),
        pathways=_merged(raw, "pathways.toml"),
        plan=_merged(raw, "plan.toml"),
        legacy=_merged(raw, "legacy.toml"),
        maps=_merged(raw, "map.toml"),
        indicators=_merged(raw, "indicators.toml"),
        profile=head.get("profile", ""),
        county=head.get("county", ""),
        district=head.get("district", head["title"]),
    )


def in_force(entries: list[Entry]) -> list[Entry]:
    """Choose the entries that hold: of those of one code, the last.

    Parameters
    ----------
    entries
        The baseline's first.

    Returns
    -------
    list of Entry
        By code.
    """
    last = {entry.code: entry for entry in entries}
    return [last[code] for code in sorted(last)]


def _frame(table: RawTable) -> pd.DataFrame:
    return pd.DataFrame(list(table.rows), columns=list(table.header), dtype="str")


def _merged(raw: RawRules, name: str, *, whole: bool = False) -> Section:
    """Merge a file over the chain: tables entry by entry, later folders replacing."""
    merged: dict[str, Any] = {}
    for _folder, file in raw.of(name):
        if whole:
            merged = {}
        for key, value in raw.files[file].items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if both else value
    return Section(name, merged)


def _source(name: str, entry: Mapping[str, str]) -> SourceRule:
    return SourceRule(
        name=name,
        title=entry["title"],
        title_en=entry.get("title_en", entry["title"]),
        kind=entry["kind"],
        layer=entry.get("layer", ""),
        body=entry["body"],
        absence=entry["absence"],
        road=entry.get("road", ""),
    )


def _packages(raw: RawRules) -> dict[str, Section]:
    """Read the profiles; of those of one name the last counts, each with what it refines."""
    own = {file.rpartition("/")[2].removesuffix(".toml"): file for _f, file in raw.of(PACKAGES)}

    def whole(name: str, seen: frozenset[str]) -> dict[str, Any]:
        content = dict(raw.files[own[name]])
        base = content.pop("extends", "")
        if not base:
            return content
        if base not in own or base in seen:
            raise RuleError(
                _("{file}: extends = {base}: no such profile").format(file=own[name], base=base),
                _("known profiles: {names}").format(names=", ".join(sorted(own))),
            )
        merged = whole(base, seen | {base})
        for key, value in content.items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if both else value
        return merged

    return {name: Section(own[name], whole(name, frozenset({name}))) for name in sorted(own)}


def _criterion(entry: Entry) -> Criterion:
    source = entry.content["source"]
    return Criterion(
        code=entry.code,
        land_type=entry.land_type,
        strength=entry.text("strength"),
        when=entry.text("when"),
        title=entry.text("title"),
        title_en=entry.text("title_en"),
        document=source["document"],
        clause=source.get("clause", ""),
        status=source["status"],
        evidence=entry.text("evidence"),
        file=entry.file.rpartition("/")[2],
        subtype=entry.text("subtype"),
        village=entry.text("village"),
    )


def _obstacle(entry: Entry) -> Obstacle:
    texts = ("title", "title_en", "category", "when", "text", "text_en", "body", "tool", "tool_en")
    return Obstacle(
        code=entry.code,
        land_types=tuple(entry.content.get("types", ())),
        verdicts=tuple(entry.content.get("verdicts", OPEN_VERDICTS)),
        **{name: entry.text(name) for name in texts},
    )


def _thresholds(raw: RawRules) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(THRESHOLDS.headings), dtype="str")
    tables = [_frame(raw.tables[file]) for _folder, file in raw.of("thresholds.csv")] or [empty]
    rows = pd.concat(tables, ignore_index=True)
    rows = rows.drop_duplicates(["name", *SELECTORS], keep="last").reset_index(drop=True)
    rows["value"] = pd.to_numeric(rows["value"])
    return rows


def source_rule(name: str, rulebook: Rulebook) -> SourceRule:
    """Return what the rulebook says of a source.

    Parameters
    ----------
    name, rulebook
        As the user names it, and the rules.

    Returns
    -------
    SourceRule

    Raises
    ------
    InputError
        Where it knows no such source.
    """
    rule = rulebook.sources.get(name)
    if rule is None:
        raise InputError(
            _("unknown source {name}").format(name=name),
            _("known sources: {names}").format(names=", ".join(rulebook.sources)),
        )
    return rule
