"""Make the layers and sheets of a profile, and say what stands in the way of filing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.filing.gbk import unwritable
from lowuse_gis.core.filing.layers import filed_layer, sealed_layer
from lowuse_gis.core.filing.papers import DOUBLED, NOWHERE, PATTERN, RECORD, TYPE
from lowuse_gis.core.filing.sheets import filed_sheet
from lowuse_gis.language import _
from lowuse_gis.model.filing import TEXT, Content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import FiledLayer


def content_of(
    found: Mapping[str, pd.DataFrame],
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    rulebook: Rulebook,
) -> Content:
    """Make every layer and sheet that there is data for.

    Parameters
    ----------
    found
        Datasets by name.
    profile, names, rulebook
        What is filed, what its patterns may name, and the code lists.

    Returns
    -------
    Content
    """
    layers: dict[str, FiledLayer] = {}
    cut: dict[str, int] = {}
    absent: dict[str, str] = {}
    for name, spec in profile["layers"].items():
        if spec["from"] not in found:
            absent[name] = spec["from"]
            continue
        if spec.get("sealed"):
            layers[name] = sealed_layer(name, found[spec["from"]], profile, rulebook)
            continue
        layers[name], lost = filed_layer(name, found[spec["from"]], profile, names, rulebook)
        cut |= {f"{name}.{field}": count for field, count in lost.items()}
    sheets = {
        name: filed_sheet(spec, layers)
        for name, spec in profile.get("tables", {}).items()
        if spec["from"] in layers
    }
    return Content(layers, sheets, cut, absent)


def blocked(content: Content, drafts: int, unmade: Sequence[str] = ()) -> pd.DataFrame:
    """List what stands in the way of filing.

    Parameters
    ----------
    content
        What would be written.
    drafts
        Verdicts that no town has decided.
    unmade
        Files that the profile asks for and nothing here makes.

    Returns
    -------
    DataFrame
        ``layer``, ``field``, ``what``, ``count``; ``draft`` where ``--draft`` lets it pass.
    """
    lines = [*_unfilled(content), *_doubled(content), *_unwritable(content), *_papers(content)]
    lines += [("", path, _("a file that nothing here makes"), 1, False) for path in unmade]
    if drafts:
        lines.append(("", "", _("verdicts that no town has decided"), drafts, True))
    return pd.DataFrame(lines, columns=["layer", "field", "what", "count", "draft"])


def _unfilled(content: Content) -> Iterator[tuple[str, str, str, int, bool]]:
    for name, layer in content.layers.items():
        for field in layer.fields:
            empty = int(layer.frame[field.code].isna().sum())
            if field.need == "M" and empty:
                yield (
                    name,
                    field.code,
                    _("records without a value that must be there"),
                    empty,
                    False,
                )


def _unwritable(content: Content) -> Iterator[tuple[str, str, str, int, bool]]:
    for name, layer in content.layers.items():
        for field in layer.fields:
            if field.kind == TEXT and not field.any_sign:
                count = int(unwritable(layer.frame[field.code].fillna("")).sum())
                if count:
                    yield name, field.code, _("texts with signs that GBK has not"), count, False


def _papers(content: Content) -> Iterator[tuple[str, str, str, int, bool]]:
    reasons = {
        PATTERN: _("papers whose name does not follow the pattern"),
        TYPE: _("papers of an unknown type"),
        RECORD: _("papers of no record that is filed"),
        DOUBLED: _("papers of one name"),
    }
    for line in content.papers.get(NOWHERE, pd.DataFrame()).itertuples():
        yield "", line.file, reasons[line.fault], 1, False


def _doubled(content: Content) -> Iterator[tuple[str, str, str, int, bool]]:
    for name, layer in content.layers.items():
        doubled = int(layer.frame[layer.key].duplicated().sum())
        if doubled:
            yield name, layer.key, _("records whose key another has"), doubled, False
