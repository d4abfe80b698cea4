"""Read a rulebook: a folder of TOML and CSV files that may extend another."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.errors import RuleError
from lowuse_gis.io.find_rules import find_rules
from lowuse_gis.io.shared_rules import CODES, code_tables, rule_files, shared_file, with_county
from lowuse_gis.language import _
from lowuse_gis.model import Criterion, Obstacle, Rulebook, SourceRule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRENGTHS = ("strong", "weak", "flag", "exclusion", "small")
OPEN_VERDICTS = ("low_use", "undetermined")
SELECTORS = ("town", "zone", "industry")


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
        ``codes`` those the rulebooks share.

    Raises
    ------
    RuleError
        Naming the file and what is wrong in it.
    """
    folder = find_rules(name)
    chain = _chain(folder)
    head = _merged(chain, "rulebook.toml")
    columns, checks, codes = (
        shared_file(chain, name) for name in ("columns.csv", "checks.csv", CODES)
    )
    measures = [_toml(d / "measures.toml") for d in chain if (d / "measures.toml").exists()][-1]
    criteria: dict[str, Criterion] = {}
    obstacles: dict[str, Obstacle] = {}
    for member in chain:
        criteria |= {c.code: c for c in _criteria(member)}
        obstacles |= {o.code: o for o in _obstacles(member)}
    try:
        return Rulebook(
            name=head["name"],
            title=head["title"],
            title_en=head.get("title_en", ""),
            version=head["version"],
            sha256=_hash(rule_files(chain, codes, (columns, checks))),
            folder=str(folder),
            crs=head["crs"],
            envelope=tuple(head["envelope"]),
            survey_year=head["survey_year"],
            natural_persons=tuple(head["natural_persons"]),
            result_codes=head["result_codes"],
            documents={key: entry["title"] for key, entry in head["documents"].items()},
            sources={key: _source(key, entry) for key, entry in head["sources"].items()},
            criteria=tuple(criteria[code] for code in sorted(criteria)),
            obstacles=tuple(obstacles[code] for code in sorted(obstacles)),
            columns=_csv(columns).set_index("name", drop=False),
            check_catalogue=_csv(checks).set_index("code", drop=False),
            thresholds=_thresholds(chain),
            codes={stem: _csv(file) for stem, file in code_tables(chain, codes).items()},
            fields=_merged(chain, "fields.toml"),
            measures=with_county(measures, head.get("county_codes", ())),
            units=_merged(chain, "units.toml"),
            package=_merged(chain, "package.toml"),
        )
    except KeyError as error:
        raise RuleError(
            _("{file}: {key} is missing").format(file=folder / "rulebook.toml", key=error),
            _("compare with rules/jinghai/rulebook.toml"),
        ) from error


def _chain(folder: Path) -> list[Path]:
    """Return the rulebook's folders, the baseline first."""
    chain = [folder]
    while base := _toml(chain[0] / "rulebook.toml").get("extends"):
        beside = folder.parent / base
        found = beside if (beside / "rulebook.toml").is_file() else find_rules(base)
        if found in chain:
            raise RuleError(
                _("{folder}: the rulebook extends itself").format(folder=folder),
                _("change 'extends' in rulebook.toml"),
            )
        chain.insert(0, found)
    return chain


def _hash(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(
            _("{file}: not valid TOML: {reason}").format(file=path, reason=error),
            _("correct that line; text must be UTF-8 and in straight quotes"),
        ) from error


def _csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (FileNotFoundError, ValueError) as error:
        raise RuleError(
            _("{file}: cannot be read: {reason}").format(file=path, reason=error),
            _("the rules folder needs this table; save it as UTF-8 CSV"),
        ) from error


def _merged(chain: list[Path], name: str) -> dict[str, Any]:
    """Merge a file over the chain: tables entry by entry, later folders replacing."""
    merged: dict[str, Any] = {}
    for folder in chain:
        for key, value in _toml(folder / name).items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if both else value
    return merged


def _source(name: str, entry: dict[str, Any]) -> SourceRule:
    return SourceRule(
        name=name,
        title=entry["title"],
        title_en=entry.get("title_en", entry["title"]),
        kind=entry["kind"],
        layer=entry.get("layer", ""),
        body=entry["body"],
        absence=entry["absence"],
    )


def _criteria(folder: Path) -> Iterator[Criterion]:
    for path in sorted((folder / "criteria").glob("*.toml")):
        content = _toml(path)
        for entry in content.get("criterion", []):
            yield _criterion(path, content.get("type", ""), entry)


def _criterion(path: Path, land_type: str, entry: dict[str, Any]) -> Criterion:
    code = entry.get("code", "?")
    try:
        if entry["strength"] not in STRENGTHS:
            near = difflib.get_close_matches(entry["strength"], STRENGTHS, n=1) or STRENGTHS
            raise RuleError(
                _("{file}: {code}: unknown strength {strength}").format(
                    file=path, code=code, strength=entry["strength"]
                ),
                _("nearest known names: {names}").format(names=", ".join(near)),
            )
        return Criterion(
            code=entry["code"],
            land_type=land_type,
            strength=entry["strength"],
            when=entry["when"],
            title=entry["title"],
            title_en=entry.get("title_en", ""),
            document=entry["source"]["document"],
            clause=entry["source"].get("clause", ""),
            status=entry["source"]["status"],
            evidence=entry.get("evidence", ""),
            file=path.name,
            subtype=entry.get("subtype", ""),
            village=entry.get("village", ""),
        )
    except KeyError as error:
        raise RuleError(
            _("{file}: {code}: {key} is missing").format(file=path, code=code, key=error),
            _("a criterion needs code, title, source, strength and when"),
        ) from error


def _obstacles(folder: Path) -> Iterator[Obstacle]:
    path = folder / "obstacles.toml"
    for entry in _toml(path).get("obstacle", []):
        try:
            yield Obstacle(
                code=entry["code"],
                title=entry["title"],
                title_en=entry.get("title_en", ""),
                category=entry["category"],
                when=entry["when"],
                text=entry["text"],
                text_en=entry.get("text_en", ""),
                body=entry["body"],
                tool=entry.get("tool", ""),
                tool_en=entry.get("tool_en", ""),
                land_types=tuple(entry.get("types", ())),
                verdicts=tuple(entry.get("verdicts", OPEN_VERDICTS)),
            )
        except KeyError as error:
            code = entry.get("code", "?")
            raise RuleError(
                _("{file}: {code}: {key} is missing").format(file=path, code=code, key=error),
                _("an obstacle needs code, title, category, when, text and body"),
            ) from error


def _thresholds(chain: list[Path]) -> pd.DataFrame:
    tables = [_csv(f / "thresholds.csv") for f in chain if (f / "thresholds.csv").exists()]
    rows = pd.concat(tables, ignore_index=True)
    rows = rows.drop_duplicates(["name", *SELECTORS], keep="last").reset_index(drop=True)
    numbers = pd.to_numeric(rows["value"], errors="coerce")
    if numbers.isna().any():
        bad = rows[numbers.isna()].iloc[0]
        raise RuleError(
            _("thresholds.csv: {name}: not a number: {value}").format(
                name=bad["name"], value=bad["value"]
            ),
            _("write plain digits, with the unit in the column 'unit'"),
        )
    rows["value"] = numbers
    return rows
