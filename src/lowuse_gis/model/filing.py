"""What is filed: layers with fields of fixed type and length, and the sheets made of them."""

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
    wide
        Whether the length of a text counts signs, not bytes.
    any_sign
        Whether its texts may have signs that GBK has not.
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
    wide: bool = False
    any_sign: bool = False


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


@dataclass(frozen=True)
class Content:
    """What a package holds, before it is written.

    Attributes
    ----------
    layers, sheets
        By the names of the profile.
    cut
        Layer and field to the number of texts that did not fit.
    absent
        Layers of the profile for which nothing was given, and what they would be made of.
    papers
        Path of an index to its scans and reports; under an empty path those that cannot be filed.
    """

    layers: Mapping[str, FiledLayer]
    sheets: Mapping[str, FiledSheet]
    cut: Mapping[str, int]
    absent: Mapping[str, str]
    papers: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadLayer:
    """A layer of a package as it was read.

    Attributes
    ----------
    file, form, name
        Path in the package, ``gdb``, ``gpkg`` or ``shp``, and the layer's name.
    frame
        Its records, with shapes where it has such.
    fields
        ``name``, ``kind`` (C, N, I, D), ``length`` and ``decimals``; -1 for what the format
        does not keep.
    crs
        Its system; empty where it declares none.
    encoding
        How its text is declared and found to be; empty where the format says it itself.
    """

    file: str
    form: str
    name: str
    frame: pd.DataFrame
    fields: pd.DataFrame
    crs: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class ReadPackage:
    """A package as it was read.

    Attributes
    ----------
    name
        Of its folder.
    files
        Paths in it, with / between folders; a FileGDB is one file.
    links
        Those that are links.
    layers
        All layers that could be read.
    sheets
        File and sheet to its rows of cells.
    unreadable
        File, code in package_checks.csv, and reason.
    manifest
        As read; None where there is none.
    hashes
        SHA-256 of every file on disk.
    listed_hashes
        What sha256sum.txt says; None where there is no such list.
    metadata
        Path and content of XML files that are well-formed.
    seals
        Path and content of seals.
    authors
        Workbook to who saved it after it was made; empty text where nobody did.
    """

    name: str
    files: tuple[str, ...]
    links: tuple[str, ...]
    layers: tuple[ReadLayer, ...]
    sheets: Mapping[tuple[str, str], Sequence[Sequence[Any]]]
    unreadable: tuple[tuple[str, str, str], ...]
    manifest: Mapping[str, Any] | None
    hashes: Mapping[str, str]
    listed_hashes: Mapping[str, str] | None
    metadata: Mapping[str, Any]
    seals: Mapping[str, Mapping[str, Any]]
    authors: Mapping[str, str] = field(default_factory=dict)
