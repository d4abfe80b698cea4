"""Metadata of a package as XML, in the manner of ISO 19115 with the core fields of the trade."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pyproj import CRS

from lowuse_gis import __version__
from lowuse_gis.core.filing.names import named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import FiledLayer

ROOT, LAYERS, LAYER = "元数据", "图层清单", "图层"


def write_metadata(
    path: Path,
    layers: Mapping[str, FiledLayer],
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    rulebook: Rulebook,
    as_of: str,
) -> None:
    """Write the core metadata: who, what, when, in which system, and which layers.

    Parameters
    ----------
    path
        A name nothing stands under.
    layers, profile, names
        What is filed.
    rulebook
        The criteria it rests on.
    as_of
        Stands for the time of making.
    """
    root = ET.Element(ROOT)
    crs = CRS.from_user_input(profile.get("crs") or rulebook.crs)
    lines: dict[str, object] = {
        key: named(text, names, "metadata") for key, text in profile.get("metadata", {}).items()
    }
    lines |= {
        "行政区代码": rulebook.county,
        "行政区名称": rulebook.district,
        "坐标系": f"2000国家大地坐标系（{crs.name}）",
        "坐标系代码": f"EPSG:{crs.to_epsg()}",
        "中央经线": _meridian(crs),
        "面积单位": "平方米",
        "认定标准": rulebook.title,
        "认定标准版本": rulebook.version,
        "认定标准校验值": rulebook.sha256,
        "生成软件及版本": f"lowuse {__version__}",
        "判定基准日": as_of,
    }
    for key, value in lines.items():
        ET.SubElement(root, key).text = str(value)
    listed = ET.SubElement(root, LAYERS)
    for layer in layers.values():
        ET.SubElement(listed, LAYER, {
            "名称": layer.name, "标题": layer.title, "要素数": str(len(layer.frame)),
            "面积合计": _total(layer),
        })  # fmt: skip
    ET.indent(root)
    path.write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _total(layer: FiledLayer) -> str:
    name = layer.spec.get("area", "")
    return f"{layer.frame[name].sum():.2f}" if name else ""


def _meridian(crs: CRS) -> str:
    operation = crs.coordinate_operation
    found = {p.name: p.value for p in operation.params} if operation else {}
    return f"{found.get('Longitude of natural origin', ''):g}" if found else ""
