"""Find the tables that rulebooks share, and those a rulebook has of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lowuse_gis.io.find_rules import CHECKOUT, PACKAGED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CASES = "cases.csv"  # what is expected of the rules is no part of them
CODES = "codes"
TEMPLATE = "template"  # folder of the templates of a new rulebook
COUNTY = "{county}"
ANY_COUNTY = r"\d{6}"


def shared_file(chain: Sequence[Path], name: str) -> Path:
    """Find a file or folder that stands beside the rulebooks.

    Parameters
    ----------
    chain
        Folders of the rulebook and its baselines, the baseline first.
    name
        Such as ``columns.csv`` or ``codes``.

    Returns
    -------
    Path
        Beside the rulebook; else beside the one it extends; else the one that comes with the
        program. So a district's folder may stand anywhere. Where there is none, the first of these.
    """
    beside = [folder.absolute().parent for folder in reversed(chain)]
    places = [*beside, PACKAGED, CHECKOUT]
    return next((p / name for p in places if (p / name).exists()), places[0] / name)


def code_tables(chain: Sequence[Path], shared: Path) -> dict[str, Path]:
    """Find the code tables: the shared ones, and in place of these the rulebook's own.

    Parameters
    ----------
    chain
        Folders of the rulebook and its baselines, the baseline first.
    shared
        The folder ``codes`` that rulebooks share.

    Returns
    -------
    dict
        Stem of the file, such as ``towns``, to the file.
    """
    folders = [shared, *(folder / CODES for folder in chain)]
    found = {file.stem: file for folder in folders for file in sorted(folder.glob("*.csv"))}
    return dict(sorted(found.items()))


def with_codes(pattern: str, counties: Sequence[str]) -> str:
    """Put the county's codes into a pattern that asks for them.

    Parameters
    ----------
    pattern
        A regular expression, perhaps with ``{county}``.
    counties
        Codes of six digits; any where there is none.

    Returns
    -------
    str

    Examples
    --------
    >>> with_codes("^(?:{county})", ["320583", "320585"])
    '^(?:320583|320585)'
    """
    return pattern.replace(COUNTY, "|".join(map(re.escape, counties)) or ANY_COUNTY)


def with_county(measures: Mapping[str, Any], counties: Sequence[str]) -> dict[str, Any]:
    """Put the county's codes into the patterns that ask for them.

    Parameters
    ----------
    measures
        Content of measures.toml.
    counties
        Codes of six digits; any where there is none.

    Returns
    -------
    dict

    Examples
    --------
    >>> with_county({"identify": [{"pattern": "^(?:{county})"}]}, ["320583"])["identify"]
    [{'pattern': '^(?:320583)'}]
    """
    filled = [_filled(entry, counties) for entry in measures.get("identify", [])]
    return {**measures, "identify": filled}


def with_county_fields(fields: Mapping[str, Any], counties: Sequence[str]) -> dict[str, Any]:
    """Put the county's codes into the patterns of fields.toml that ask for them.

    Parameters
    ----------
    fields
        Content of fields.toml.
    counties
        Codes of six digits; any where there is none.

    Returns
    -------
    dict

    Examples
    --------
    >>> with_county_fields({"parcels": {"a": {"pattern": "{county}0"}}}, ["320583"])
    {'parcels': {'a': {'pattern': '3205830'}}}
    """
    return {
        source: {column: _filled(spec, counties) for column, spec in columns.items()}
        if isinstance(columns, dict)
        else columns
        for source, columns in fields.items()
    }


def _filled(entry: Any, counties: Sequence[str]) -> Any:
    if not isinstance(entry, dict) or "pattern" not in entry:
        return entry
    return {**entry, "pattern": with_codes(entry["pattern"], counties)}
