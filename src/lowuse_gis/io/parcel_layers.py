"""The layers of parcels in a result: all of them, and the low-use ones of each type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.verdict import LOW_USE
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.partitions import PARCELS
from lowuse_gis.io.styled import OF_TYPE
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lowuse_gis.model import Rulebook, Survey


def parcel_layers(survey: Survey, rulebook: Rulebook) -> Iterator[OutLayer]:
    """Make the layer of all parcels, and one of the low-use parcels of each type.

    Parameters
    ----------
    survey, rulebook
        Judged parcels and what columns.csv says of their columns.

    Yields
    ------
    OutLayer
    """
    parcels = survey.parcels.rename_axis("row").reset_index()
    known, domains = rulebook.columns, labels_by_domain(rulebook)
    columns = [
        Column(name, dtype, pick(label, label_en), domain)
        for name, dtype, label, label_en, domain in zip(
            known["name"], known["dtype"], known["label"], known["label_en"], known["domain"],
            strict=True,
        )
        if name in parcels
    ]  # fmt: skip
    yield OutLayer(PARCELS, _("parcels"), parcels, columns, "MultiPolygon", domains)
    types = rulebook.codes["land_types"]
    low = parcels["verdict"] == LOW_USE
    for code, label, label_en in zip(types["code"], types["label"], types["label_en"], strict=True):
        yield OutLayer(
            f"{OF_TYPE}{code}",
            _("low-use: {type}").format(type=pick(label, label_en)),
            parcels[low & (parcels["land_type"] == code)],
            columns,
            "MultiPolygon",
            domains,
        )


def names_of_parcel_layers(rulebook: Rulebook) -> list[str]:
    """Return the names of those layers.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    list of str
        In their order.
    """
    return [PARCELS, *(f"{OF_TYPE}{code}" for code in rulebook.codes["land_types"]["code"])]


def labels_by_domain(rulebook: Rulebook) -> dict[str, dict[str, str]]:
    """Return the labels of every code list in the user's language.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    dict
        Domain to code to label.
    """
    return {
        name: {code: pick(*both) for code, both in rulebook.domain(name).items()}
        for name in rulebook.domains
    }
