"""Verify a package as a receiver would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.verifying.findings import together
from lowuse_gis.language import language
from lowuse_gis.stages.verify.files import expected_files, wrong_files, wrong_hashes
from lowuse_gis.stages.verify.layers import copies_of, filed_again, wrong_layers
from lowuse_gis.stages.verify.papers import broken_seals, drafts, wrong_counts, wrong_metadata
from lowuse_gis.stages.verify.scans import scans_in, wrong_scans
from lowuse_gis.stages.verify.sheets import wrong_sheets

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadPackage

SEVERITIES = ("error", "warning", "notice")


def verified(
    package: ReadPackage,
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    rulebook: Rulebook,
    threads: int = 2,
) -> pd.DataFrame:
    """Find whatever is wrong with a package.

    Parameters
    ----------
    package
        As read.
    profile, names
        What should be filed, and what its patterns may name.
    rulebook
        Code lists, tolerances, and what the codes of findings mean.
    threads
        Threads for the overlaps.

    Returns
    -------
    DataFrame
        Code, severity, title, place, value, limit, note, remedy and body; by severity, then code.
    """
    manifest = package.manifest or {}
    stated = manifest.get("absent")
    copies = copies_of(package, profile)
    frames = {name: one[0].frame for name, one in copies.items()}
    absent = stated if isinstance(stated, dict) else {}
    expected = expected_files(profile, names, absent, frames)
    layers = filed_again(copies, profile, rulebook)
    scans = scans_in(package, profile, names)
    parts = [
        *wrong_files(package, expected, profile, names, scans),
        *wrong_scans(package, profile, names, copies, {file.path for file in expected}),
        *wrong_hashes(package, rulebook.sha256),
        *wrong_layers(package, expected, profile, rulebook, threads),
        *wrong_sheets(package, expected, layers, profile, rulebook),
        *wrong_metadata(package, copies, rulebook),
        *wrong_counts(package, copies),
        *broken_seals(package, expected, copies),
        *drafts(copies, profile),
    ]
    return _titled(together(parts), rulebook)


def _titled(findings: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    known = rulebook.package_catalogue.reindex(findings["code"])
    english = language() == "en"
    titled = findings.assign(
        severity=known["severity"].to_numpy(),
        title=known["title_en" if english else "title"].to_numpy(),
        remedy=known["remedy_en" if english else "remedy"].to_numpy(),
        body=known["body"].to_numpy(),
    )
    weight = titled["severity"].map({name: at for at, name in enumerate(SEVERITIES)})
    order = titled.assign(weight=weight).sort_values(["weight", "code"], kind="stable").index
    return titled.loc[order].reset_index(drop=True)
