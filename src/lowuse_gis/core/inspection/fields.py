"""Faults of the fields of a layer: missing, cut off, of another type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Delivered

DBF_NAME = 10
NUMERIC = ("int", "uint", "float")


def field_faults(delivered: Delivered, specs: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """List what is wrong with the fields of a layer.

    Parameters
    ----------
    delivered
        The layer.
    specs
        Per standard column what fields.toml says of it.

    Returns
    -------
    DataFrame
        ``field`` (as the file has it, or as it should), ``column``, ``fault`` and ``note``.
    """
    fields = delivered.fields
    present = set(fields["column"])
    lines = [
        (spec["names"][0], column, "missing", " / ".join(spec["names"][:3]))
        for column, spec in specs.items()
        if column not in present
        and (spec.get("required") or spec.get("expected"))
        and present.isdisjoint(spec.get("unless", ()))
    ]
    for name, column, dtype, width in zip(
        fields["field"], fields["column"], fields["dtype"], fields["width"], strict=True
    ):
        spec = specs.get(column, {})
        lines += [(name, column, fault, note) for fault, note in _faults(name, dtype, width, spec)]
    return pd.DataFrame(lines, columns=["field", "column", "fault", "note"]).assign(row="")


def _faults(name: str, dtype: str, width: int, spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    faults = []
    kind = spec.get("type", "text")
    if width and not name.isascii():
        bytes_long = max(len(name.encode("gb18030")), len(name.encode("utf-8")))
        cut = bytes_long >= DBF_NAME and spec and name.upper() not in map(str.upper, spec["names"])
        faults.append(("cut" if cut else "not_ascii", name))
    if spec and kind == "number" and not str(dtype).startswith(NUMERIC):
        faults.append(("wrong_type", f"{name}: {dtype}"))
    if spec and kind == "code" and str(dtype).startswith("float"):
        faults.append(("wrong_type", f"{name}: {dtype}"))
    if spec and width and width < spec.get("width", 0):
        faults.append(("narrow", f"{name}: {width} < {spec['width']}"))
    return faults
