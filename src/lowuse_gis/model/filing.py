"""What is filed: layers with fields of fixed type, length and decimals, and the sheets made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

TEXT, NUMBER, WHOLE, DATE = "C", "N", "I", "D"


@dataclass(frozen=True)
class FiledField:
    """One field of a filed layer.

    Attributes
    ----------
    code, title
        Field name, and what it is called in Chinese.
    kind
        ``C`` text, ``N`` number, ``I`` whole number, ``D`` date.
    length
        Bytes of text in GBK, or digits of a number.
    decimals
        Of a number.
    need
        ``M`` must be filled, ``C`` where it applies, ``O`` may.
    domain
        Code to label of the values it may take; empty for any.
    links, sums
        ``LAYER.FIELD`` that has every value; that adds up to it.
    """

    code: str
    title: str
    kind: str
    length: int
    decimals: int = 0
    need: str = "O"
    domain: Mapping[str, str] = field(default_factory=dict)
    links: str = ""
    sums: str = ""


@dataclass(frozen=True)
class FiledLayer:
    """A layer or table as it is filed.

    Attributes
    ----------
    name, title
        As the profile has them.
    fields
        In order.
    frame
        Values under the field codes, rounded and cut to what the fields hold; a GeoDataFrame
        where the layer has shapes. Dates are texts of eight digits.
    crs
        Of its shapes.
    key
        Field that is unique.
    spec
        The layer's entry of the profile.
    """

    name: str
    title: str
    fields: Sequence[FiledField]
    frame: pd.DataFrame
    crs: str
    key: str
    spec: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shaped(self) -> bool:
        """Whether it has shapes."""
        return not self.spec.get("plain", False)


@dataclass(frozen=True)
class FiledSheet:
    """A sheet as it is filed: a list or a summary of a filed layer.

    Attributes
    ----------
    name, title
        Of the sheet, and the line above its heading.
    frame
        Its column names are the headings.
    formats
        Heading to number format.
    """

    name: str
    title: str
    frame: pd.DataFrame
    formats: Mapping[str, str] = field(default_factory=dict)
