"""One rule with everything the rulebook knows about it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.spoken import spoken
from lowuse_gis.core.threshold_rows import ThresholdRow, threshold_rows
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.model import Criterion, Obstacle, Rulebook

CRITERION, OBSTACLE, THRESHOLD = "criterion", "obstacle", "threshold"
WEAK_NEEDED = "weak_needed"  # read by the formula of the verdict


@dataclass(frozen=True)
class Reading:
    """A column that a rule reads: where it comes from, and what silence means.

    Attributes
    ----------
    absence
        ``no`` where what is not in the source is known not to be, ``unknown`` where nothing
        follows, empty where no source feeds the column.
    """

    column: str
    label: str
    unit: str
    source: str
    source_title: str
    body: str
    absence: str


@dataclass(frozen=True)
class Described:
    """A criterion, obstacle or threshold, written out.

    Attributes
    ----------
    kind
        ``criterion``, ``obstacle`` or ``threshold``.
    code, title, strength, when, document, clause, status, file, subtype
        As the rulebook has them; empty where the kind has none.
    land_types
        Codes; empty for all.
    words
        The condition in words.
    thresholds, columns
        What it reads.
    text, body, tool
        Wording and, of an obstacle, who is responsible and what helps.
    used_by
        Of a threshold, the codes that read it.
    village
        Strength as a criterion of the whole village; empty for none.
    verdicts
        Of an obstacle, the verdicts it applies to.
    """

    kind: str
    code: str
    title: str
    land_types: tuple[str, ...] = ()
    strength: str = ""
    when: str = ""
    words: str = ""
    thresholds: tuple[ThresholdRow, ...] = ()
    columns: tuple[Reading, ...] = ()
    document: str = ""
    clause: str = ""
    status: str = ""
    file: str = ""
    subtype: str = ""
    text: str = ""
    body: str = ""
    tool: str = ""
    used_by: tuple[str, ...] = ()
    village: str = ""
    verdicts: tuple[str, ...] = ()


def describe(rulebook: Rulebook, wanted: str) -> Described:
    """Describe a criterion or obstacle by its code, or a threshold by its name.

    Parameters
    ----------
    rulebook, wanted
        The rules, and a code or name; capitals and a leading colon do not matter.

    Returns
    -------
    Described

    Raises
    ------
    RuleError
        Where there is none of that name; the hint names near ones.
    """
    name = wanted.strip().lstrip(":")
    criteria = {criterion.code: criterion for criterion in rulebook.criteria}
    obstacles = {obstacle.code: obstacle for obstacle in rulebook.obstacles}
    names = list(dict.fromkeys(rulebook.thresholds["name"]))
    if name.upper() in criteria:
        return described_criterion(rulebook, criteria[name.upper()])
    if name.upper() in obstacles:
        return described_obstacle(rulebook, obstacles[name.upper()])
    if name.lower() in names:
        return described_threshold(rulebook, name.lower())
    known = {text.upper(): text for text in [*criteria, *obstacles, *names]}
    near = difflib.get_close_matches(name.upper(), known, n=3, cutoff=0.4)
    raise RuleError(
        _("no criterion, obstacle or threshold {name}").format(name=wanted),
        _("nearest known names: {names}").format(names=", ".join(known[n] for n in near) or "-"),
    )


def described_criterion(rulebook: Rulebook, criterion: Criterion) -> Described:
    """Describe a criterion.

    Parameters
    ----------
    rulebook, criterion
        The rules, and one of them.

    Returns
    -------
    Described
    """
    thresholds, columns = _read(rulebook, criterion)
    subtypes = rulebook.domain("subtype")
    return Described(
        kind=CRITERION,
        code=criterion.code,
        title=pick(criterion.title, criterion.title_en),
        land_types=(criterion.land_type,) if criterion.land_type else (),
        strength=criterion.strength,
        when=criterion.when,
        words=spoken(criterion.when, rulebook),
        thresholds=thresholds,
        columns=columns,
        document=rulebook.documents.get(criterion.document, criterion.document),
        clause=criterion.clause,
        status=criterion.status,
        file=f"criteria/{criterion.file}",
        subtype=pick(*subtypes[criterion.subtype]) if criterion.subtype in subtypes else "",
        text=criterion.evidence,
        village=criterion.village,
    )


def described_obstacle(rulebook: Rulebook, obstacle: Obstacle) -> Described:
    """Describe an obstacle.

    Parameters
    ----------
    rulebook, obstacle
        The rules, and one of their obstacles.

    Returns
    -------
    Described
    """
    thresholds, columns = _read(rulebook, obstacle)
    bodies = body_names(rulebook)
    return Described(
        kind=OBSTACLE,
        code=obstacle.code,
        title=pick(obstacle.title, obstacle.title_en),
        land_types=obstacle.land_types,
        when=obstacle.when,
        words=spoken(obstacle.when, rulebook),
        thresholds=thresholds,
        columns=columns,
        file="obstacles.toml",
        text=pick(obstacle.text, obstacle.text_en),
        body=bodies.get(obstacle.body, _("whoever has what is missing")),
        tool=pick(obstacle.tool, obstacle.tool_en),
        verdicts=obstacle.verdicts,
    )


def described_threshold(rulebook: Rulebook, name: str) -> Described:
    """Describe a threshold.

    Parameters
    ----------
    rulebook, name
        The rules, and the name of a threshold.

    Returns
    -------
    Described
        Its title is the name; basis and status stand in its rows.
    """
    return Described(
        kind=THRESHOLD,
        code=name,
        title=name,
        thresholds=threshold_rows(rulebook, [name]),
        file="thresholds.csv",
        used_by=users_of(rulebook).get(name, ()),
    )


def users_of(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """Say which rules read each threshold.

    Parameters
    ----------
    rulebook
        Criteria and obstacles.

    Returns
    -------
    dict
        Threshold to codes, in order; the formula of the verdict is called ``verdict``.
    """
    users: dict[str, tuple[str, ...]] = {WEAK_NEEDED: ("verdict",)}
    rules: list[Criterion | Obstacle] = [*rulebook.criteria, *rulebook.obstacles]
    for rule in rules:
        for name in _parsed(rulebook, rule).thresholds:
            users[name] = (*users.get(name, ()), rule.code)
    return users


def body_names(rulebook: Rulebook) -> Mapping[str, str]:
    """Return what bodies are called.

    Parameters
    ----------
    rulebook
        Holds bodies.csv.

    Returns
    -------
    mapping
        Code to name in the user's language.
    """
    bodies = rulebook.codes["bodies"].to_dict("records")
    return {body["code"]: pick(body["name"], body["name_en"]) for body in bodies}


def _parsed(rulebook: Rulebook, rule: Criterion | Obstacle) -> Condition:
    names = set(rulebook.thresholds["name"])
    return parse_condition(rule.when, set(rulebook.columns.index), names, rule.code)


def _read(
    rulebook: Rulebook, rule: Criterion | Obstacle
) -> tuple[tuple[ThresholdRow, ...], tuple[Reading, ...]]:
    condition = _parsed(rulebook, rule)
    columns = dict.fromkeys(name for atom in condition.atoms for name in atom.columns)
    readings = tuple(_reading(rulebook, column) for column in columns)
    return threshold_rows(rulebook, condition.thresholds), readings


def _reading(rulebook: Rulebook, column: str) -> Reading:
    row = rulebook.columns.loc[column]
    source = rulebook.sources.get(row["source"])
    return Reading(
        column=column,
        label=pick(row["label"], row["label_en"]) or column,
        unit=row["unit"],
        source=row["source"],
        source_title=pick(source.title, source.title_en) if source else "",
        body=body_names(rulebook).get(source.body, source.body) if source else "",
        absence=source.absence if source else "",
    )
