"""Names that profiles write as patterns: {county}, {district}, {as_of}, {town}."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Rulebook

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
    unknown = {name for _t, name, _f, _c in Formatter().parse(pattern) if name} - set(names)
    if unknown:
        raise RuleError(
            _("{where}: {pattern}: unknown name {name}").format(
                where=where, pattern=pattern, name=min(unknown)
            ),
            _("known names: {names}").format(names=", ".join(sorted(names))),
        )
    return pattern.format(**names)


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
