"""A district cut into partitions, as its manifest describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model.survey import Source

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Partition:
    """One part of a district: what is at home in it, and what lies at that.

    Attributes
    ----------
    name
        The town's code, with a number where the town is cut into tiles.
    parcels
        Parcels at home here.
    rows
        Rows of all its files, near ones too: how heavy it is.
    bounds
        West, south, east, north of all that is at home here, in the working CRS.
    context
        Bounds of what else has to be known here.
    files
        Layer to the SHA-256 of its file.
    """

    name: str
    parcels: int
    rows: int
    bounds: Bounds
    context: Bounds
    files: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """What a folder of partitions holds, and what made it.

    Attributes
    ----------
    lowuse
        Version of the program.
    rulebook, reading_sha256
        The rulebook it was read by, and the hash of what of it reading depends on.
    crs
        The working CRS.
    with_names
        Whether names of natural persons were left readable.
    sources
        The layers as they were supplied, parcels among them.
    order
        Name, file and layer of everything that was supplied, in order.
    whole
        Layers that are not cut, such as lines, to the SHA-256 of their file.
    partitions
        In order.
    compared
        Layers that checks compare, with which, and within how many metres: what is as near to
        features at home is there too.
    """

    lowuse: str
    rulebook: str
    reading_sha256: str
    crs: str
    with_names: bool
    sources: tuple[Source, ...]
    order: tuple[tuple[str, str, str], ...]
    whole: Mapping[str, str]
    partitions: tuple[Partition, ...]
    compared: tuple[tuple[str, str, float], ...] = ()

    @property
    def parcels(self) -> int:
        """Parcels of all partitions."""
        return sum(partition.parcels for partition in self.partitions)
