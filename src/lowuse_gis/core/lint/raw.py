"""The files of a rulebook as they stand, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.lint.faults import Fault

FOLDERS = ("criteria", "packages")  # of a rulebook: any number of files of one shape


@dataclass(frozen=True)
class RawTable:
    """A CSV file.

    Attributes
    ----------
    header
        The headings, as written.
    rows
        Heading to text, in file order.
    """

    header: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class RawRules:
    """The files of a rulebook, of those it extends, and the tables beside them.

    Attributes
    ----------
    chain
        Names of the folders, the baseline first.
    files
        Content of the TOML files by name, such as ``national/criteria/village.toml``, in the
        order in which later ones replace earlier ones.
    tables
        The CSV files likewise, such as ``columns.csv`` and ``codes/bodies.csv``.
    faults
        What could not be read.
    paths
        Where the files are.
    sha256
        Hash over all files.
    """

    chain: tuple[str, ...]
    files: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, RawTable]
    faults: tuple[Fault, ...]
    paths: Mapping[str, str]
    sha256: str

    @property
    def name(self) -> str:
        """The folder of the rulebook itself."""
        return self.chain[-1]

    def of(self, kind: str) -> list[tuple[str, str]]:
        """List the files of a kind.

        Parameters
        ----------
        kind
            ``criteria`` or ``packages`` for the files of that folder, else a file's name.

        Returns
        -------
        list of tuple
            Folder and file, the baseline first.
        """
        found = []
        for folder in self.chain:
            start = f"{folder}/{kind}/" if kind in FOLDERS else f"{folder}/{kind}"
            names = [n for n in (*self.files, *self.tables) if n.startswith(start)]
            found += [(folder, n) for n in names if kind in FOLDERS or n == start]
        return found
