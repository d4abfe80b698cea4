"""Names that profiles write as patterns: {county}, {district}, {as_of}, {town}."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from lowuse_gis.model import Rulebook

DATED = {"as_of": r"\d{8}", "year": r"\d{4}"}
FORBIDDEN = '\\:*?"<>|'  # and / between folders


def known_names(rulebook: Rulebook, as_of: str) -> dict[str, str]:
    """Return what patterns may name.

    Parameters
    ----------
    rulebook
        Knows county, district and version.
    as_of
        ISO date.

    Returns
    -------
    dict
        Name to text.
    """
    return {
        "county": rulebook.county or rulebook.name,
        "district": rulebook.district,
        "as_of": as_of.replace("-", ""),
        "year": as_of[:4],
        "rulebook": rulebook.name,
        "version": rulebook.version,
        "rules_sha256": rulebook.sha256[:8],
        "survey_year": str(rulebook.survey_year),
    }


def named(pattern: str, names: Mapping[str, object], where: str) -> str:
    """Fill in a pattern.

    Parameters
    ----------
    pattern, names
        Text with {name}, and what is known.
    where
        What to call it in a message.

    Returns
    -------
    str

    Raises
    ------
    RuleError
        Where it asks for what nobody knows.

    Examples
    --------
    >>> named("({county}){n:04d}", {"county": "120118", "n": 7}, "here")
    '(120118)0007'
    """
    try:
        asked = {name for _t, name, _f, _c in Formatter().parse(pattern) if name is not None}
    except ValueError as error:
        raise RuleError(
            _("{where}: {pattern}: no pattern").format(where=where, pattern=pattern),
            _("a brace that is meant as such is written twice"),
        ) from error
    unknown = asked - set(names)
    if unknown:
        raise RuleError(
            _("{where}: {pattern}: unknown name {name}").format(
                where=where, pattern=pattern, name=min(unknown)
            ),
            _("known names: {names}").format(names=", ".join(sorted(names))),
        )
    return pattern.format(**names)


def as_of_in(pattern: str, name: str) -> str:
    """Return the date that a name bears where its pattern has one.

    Parameters
    ----------
    pattern, name
        Text with {as_of} or {year}, and a name.

    Returns
    -------
    str
        ISO date, the last day of a year; empty where the name is not of the pattern.

    Examples
    --------
    >>> as_of_in("{district}成果_{as_of}", "上河区成果_20240331"), as_of_in("{year}年", "2023年")
    ('2024-03-31', '2023-12-31')
    """
    parts = []
    for literal, field, _spec, _conversion in Formatter().parse(pattern):
        parts.append(re.escape(literal))
        if field is not None:
            digits = DATED.get(field)
            again = f"(?P<{field}>" in "".join(parts)
            one = f"(?P<{field}>{digits})" if digits else ".*?"
            parts.append(f"(?P={field})" if again else one)
    found = re.fullmatch("".join(parts), name)
    said = found.groupdict() if found else {}
    text = said.get("as_of") or (f"{said['year']}1231" if said.get("year") else "")
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text else ""


def towns_in(frames: Iterable[pd.DataFrame], fields: Sequence[str]) -> dict[str, str]:
    """Return the towns that records lie in.

    Parameters
    ----------
    frames
        Layers.
    fields
        With a town's code, and with its name.

    Returns
    -------
    dict
        Code to name, by code; the code again where no record has a name.
    """
    code, name = fields
    found: dict[str, str] = {}
    for frame in frames:
        if code not in frame:
            continue
        told = frame[name] if name in frame else frame[code]
        pairs = zip(frame[code], told.where(told.notna(), ""), strict=True)
        for town, title in sorted({(str(a), str(b)) for a, b in pairs if a == a and a}):  # noqa: PLR0124  NaN
            found[town] = found.get(town) or title
    return {town: found[town] or town for town in sorted(found)}


def bad_signs(path: str) -> str:
    """Return the signs of a path that some systems refuse, or that GBK cannot write.

    Parameters
    ----------
    path
        With / between folders.

    Returns
    -------
    str
        Empty where all is well.

    Examples
    --------
    >>> bad_signs("01矢量数据/a.shp"), bad_signs("a?b"), bad_signs("a b")
    ('', '?', ' ')
    """
    return "".join(sign for sign in path if sign in FORBIDDEN or sign.isspace() or not _gbk(sign))


def _gbk(sign: str) -> bool:
    try:
        sign.encode("gbk")
    except UnicodeEncodeError:
        return False
    return sign.isprintable()
