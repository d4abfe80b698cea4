"""What the page of a map shows of a result: lists, classes, arrays, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.verdict import VERDICTS
from lowuse_gis.language import _, pick
from lowuse_gis.stages.maps.lists import (
    Choices,
    classed,
    members_of,
    towns_of,
    types_of,
    verdicts_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook

CRITERIA, PROBLEMS = "criteria", "problems"


def further_texts(result: Result, members: pd.DataFrame | None) -> pd.DataFrame:
    """Return the problems and the unit of each parcel.

    Parameters
    ----------
    result
        What classify wrote.
    members
        Of units; None where there are none.

    Returns
    -------
    DataFrame
        ``problems``, a list of sentences, and ``unit``; on the index of the parcels.
    """
    problems = result.tables["problems"][["row", "title", "text"]].astype("str").fillna("")
    lines = problems["title"] + pick("：", ": ") + problems["text"]
    found = lines.groupby(problems["row"]).agg(list)
    frame = pd.DataFrame({"problems": found.reindex(result.parcels.index)})
    frame["unit"] = ""
    if members is not None:
        own = members.drop_duplicates("row").set_index("row")["unit_id"]
        frame["unit"] = own.reindex(result.parcels.index)
    return frame


class Shown:
    """Parcels of a result as a page shows them.

    Parameters
    ----------
    result
        What classify wrote.
    rulebook
        Its ``map.toml`` says what parcels are coloured by.
    """

    def __init__(self, result: Result, rulebook: Rulebook) -> None:
        self.result, self.rulebook = result, rulebook
        spec = rulebook.maps
        unknown = _("not known")
        self.lists: dict[str, Choices] = {
            "verdict": verdicts_of(result, spec),
            "type": types_of(result, spec, unknown),
            "town": towns_of(result, unknown),
        }
        parcels = result.parcels
        self.codes: dict[str, NDArray[np.uint8]] = {
            "verdict": self.lists["verdict"].of(parcels["verdict"]),
            "type": self.lists["type"].of(parcels["land_type"]),
            "town": self.lists["town"].of(parcels["town_code"]),
        }
        self.themes = [theme for theme in spec.get("theme", []) if theme["column"] in parcels]
        for theme in self.themes:
            self.codes[theme["code"]] = self._class(theme)

    def _class(self, theme: Mapping[str, Any]) -> NDArray[np.uint8]:
        """Put parcels into the classes of a theme: after these, not known, then not asked."""
        parcels, count = self.result.parcels, len(theme["colours"])
        found = classed(parcels[theme["column"]], theme["breaks"]).astype(np.int16)
        found = np.where(found < 0, count, found)
        types = theme.get("types", [])
        if types:
            found = np.where(parcels["land_type"].isin(types), found, count + 1)
        return found.astype(np.uint8)

    def order(self) -> NDArray[np.intp]:
        """Return the parcels from those that matter least to the low-use ones."""
        return np.argsort(len(VERDICTS) - self.codes["verdict"].astype(int), kind="stable")

    def tile_frame(self) -> gpd.GeoDataFrame:
        """Return what tiles carry: the position of the parcel and its codes."""
        frame = self.result.parcels[["geometry"]].reset_index(drop=True)
        codes = {name: values.astype("int32") for name, values in self.codes.items()}
        return frame.assign(i=np.arange(len(frame), dtype="int32"), **codes).iloc[self.order()]

    def arrays(self, places: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """Return what a page knows of every parcel without unpacking texts."""
        parcels = self.result.parcels
        members = np.concatenate([self.members(kind)[0] for kind in (CRITERIA, PROBLEMS)])
        return {
            "x": places[:, 0],
            "y": places[:, 1],
            "area": parcels["area"].to_numpy(dtype="f4"),
            **self.codes,
            "members": members,
        }

    def members(self, kind: str) -> tuple[NDArray[np.uint32], list[dict[str, Any]]]:
        """Return the parcels by criterion or problem, and these with their counts."""
        parcels, tables = self.result.parcels, self.result.tables
        if kind == CRITERIA:
            met = parcels["criteria_met"].fillna("") + ";" + parcels["flags_met"].fillna("")
            table = tables["criteria"][["code", "title", "title_en"]].astype("str").fillna("")
        else:
            problems = tables["problems"]
            met = problems.groupby("row")["code"].agg(";".join).reindex(parcels.index)
            table = problems[["code", "title"]].astype("str").drop_duplicates("code")
            table = table.sort_values("code").assign(title_en="")
        found, counts = members_of(met, table["code"].tolist())
        titles = [pick(*both) for both in zip(table["title"], table["title_en"], strict=True)]
        lines = zip(table["code"], titles, counts, strict=True)
        return found, [{"code": c, "label": t, "count": n} for c, t, n in lines]

    def facts(self) -> dict[str, Any]:
        """Return the lists, and what made the result."""
        run, columns = self.result.run, self.result.tables["columns"].fillna("").set_index("name")
        themes = [
            {
                "code": theme["code"],
                "title": pick(theme["title"], theme.get("title_en", theme["title"])),
                "unit": str(columns.at[theme["column"], "unit"]),
                "breaks": theme["breaks"],
                "colours": theme["colours"],
                "none": self.rulebook.maps["type_colours"]["none"],
            }
            for theme in self.themes
        ]
        rules = pick(self.rulebook.title, self.rulebook.title_en)
        return {
            "lists": {name: choices.told() for name, choices in self.lists.items()},
            "themes": themes,
            "criteria": self.members(CRITERIA)[1],
            "problems": self.members(PROBLEMS)[1],
            "run": {"rules": f"{rules} {run['version']}", "as_of": str(run["as_of"])},
            "mu": float(run["mu"]),
        }
