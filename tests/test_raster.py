"""Rasters from the file to the column: place, band, gaps, files that are of no use."""

import json
import warnings
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from exactextract import exact_extract
from pyproj import Transformer
from rasterio.transform import Affine

import tiny
from lowuse_gis.core.zonal import zonal
from lowuse_gis.errors import InputError, RuleError
from lowuse_gis.io.raster import open_raster
from lowuse_gis.io.result import read_result
from lowuse_gis.io.vector import file_hash
from lowuse_gis.kernels import compiled
from lowuse_gis.measures.kinds import take
from lowuse_gis.model import Run, Survey
from planting import MEAS
from test_init import SAMPLE

X, Y = tiny.ORIGIN


def cells_at(x, y, size=10.0):
    """Say where cells lie: the first corner and their size."""
    return Affine(size, 0.0, x, 0.0, -size, y)


def heights(path, values=None, place=None, *, crs=tiny.CRS, **profile):
    """Write a GeoTIFF of 10 m cells, by default 60 × 60 of them round the lots."""
    rows, columns = np.indices((60, 60))
    values = (rows * 10.0 + columns).astype("float32") if values is None else values
    values = values if values.ndim == 3 else values[None]
    place = place or cells_at(X - 50, Y + 500)
    shape = dict(zip(("count", "height", "width"), values.shape, strict=True))
    descriptions = profile.pop("descriptions", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            dtype=values.dtype,
            crs=crs,
            transform=place,
            **shape,
            **profile,
        ) as file:
            file.write(values)
            file.descriptions = descriptions or file.descriptions
    return path


@pytest.fixture
def classified(lowuse, parcels, tmp_path):
    """Classify the four lots with files of heights; return the result."""

    def call(*files, crs="", layer=""):
        entries = [{"path": file.as_posix(), "crs": crs, "layer": layer} for file in files]
        said = ", ".join(
            "{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in e.items() if v) + " }"
            for e in entries
        )
        project = tmp_path / "lowuse.toml"
        project.write_text(
            f'[sources]\nparcels = "{parcels.name}"\nbuilding_height = [{said}]\n', encoding="utf-8"
        )
        out = tmp_path / "r.gpkg"
        code, _out, err = lowuse("classify", "--project", project, "-q", "--overwrite", "-o", out)
        assert code == 0, err
        return read_result(out)

    return call


def columns(result):
    return result.parcels[["mean_height", "height_valid_share"]].to_numpy()


def test_the_mean_of_the_cells_a_lot_covers(classified, tmp_path):
    found = columns(classified(heights(tmp_path / "h.tif")))
    rows = np.arange(40, 50) * 10.0
    assert found[0].tolist() == [rows.mean() + np.arange(5, 15).mean(), 1.0]
    assert found[1].tolist() == [rows.mean() + np.arange(15, 25).mean(), 1.0]


def test_a_lot_half_outside_has_half_a_share(classified, tmp_path):
    place = cells_at(X + 50, Y + 500)
    found = columns(classified(heights(tmp_path / "h.tif", place=place)))
    assert found[0].tolist() == [445.0 + 2.0, 0.5]


def test_too_small_a_share_gives_no_value_but_says_its_share(classified, tmp_path):
    values = np.full((60, 60), -9999.0, dtype="float32")
    values[45, 8] = 12  # a cell of a hundred in lot 1, two in lot 2
    values[45, 18:20] = 9, 12
    found = columns(classified(heights(tmp_path / "h.tif", values, nodata=-9999)))
    assert np.isnan(found[0, 0])
    assert found[0, 1] == 0.01
    assert found[1].tolist() == [10.5, 0.02]
    assert np.isnan(found[2, 0])
    assert found[2, 1] == 0


def test_without_a_raster_nothing_is_known(lowuse, parcels, tmp_path):
    out = tmp_path / "r.gpkg"
    assert lowuse("classify", parcels, "-q", "-o", out)[0] == 0
    assert np.isnan(columns(read_result(out))).all()


def test_towns_that_a_raster_does_not_cover_are_not_known(lowuse, parcels, tmp_path):
    heights(tmp_path / "h.tif")
    (tmp_path / "lowuse.toml").write_text(
        f'[sources]\nparcels = "{parcels.name}"\n'
        'building_height = { path = "h.tif", towns_missing = ["120118901"] }\n',
        encoding="utf-8",
    )
    out = tmp_path / "r.gpkg"
    assert lowuse("classify", "--project", tmp_path, "-q", "-o", out)[0] == 0
    assert np.isnan(columns(read_result(out))).all()


def test_the_file_is_listed_with_its_hash_and_what_stands_beside_it_counts(classified, tmp_path):
    file = heights(tmp_path / "h.tif")
    classified(file)
    sources = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="sources").set_index("name")
    assert sources.loc["building_height", "file"] == "h.tif"
    assert sources.loc["building_height", "sha256"] == file_hash(file)
    hashes = {file_hash(file)}
    for beside in ("h.tfw", "h.tif.msk", "h.tif.aux.xml"):
        (tmp_path / beside).write_text(beside, encoding="utf-8")
        hashes.add(file_hash(file))
    assert len(hashes) == 4


@pytest.mark.parametrize("crs", ["EPSG:4548", "EPSG:4490", "EPSG:4326", "EPSG:32650", "EPSG:3857"])
def test_any_system_gives_what_exactextract_gives_there(tmp_path, layer, rulebook, crs):
    shapes = gpd.GeoDataFrame(geometry=moved(layer, crs), crs=crs)
    west, south, east, north = shapes.total_bounds
    wide, high = 1.3 * (east - west), 1.5 * (north - south)
    place = Affine(wide / 53, 0.0, east - 0.9 * wide, 0.0, -high / 37, north + 0.2 * high)
    values = np.random.default_rng(5).uniform(3, 40, (37, 53)).astype("float32")
    file = heights(tmp_path / "h.tif", values, place, crs=crs)
    found = zonal(layer.geometry.to_numpy(), open_raster(file, "", "", rulebook))
    wanted = exact_extract(str(file), shapes, ["mean", "count"], output="pandas")
    assert np.allclose(found.mean, wanted["mean"], rtol=1e-6)
    assert np.allclose(found.valid, wanted["count"], rtol=1e-6)
    assert found.share.tolist() == pytest.approx([1.0] * 4)


def moved(layer, crs):
    """Bring lots to another system vertex by vertex, taking WGS 84 for CGCS2000."""
    same = crs in {"EPSG:4548", "EPSG:4490"}
    degrees = Transformer.from_crs(tiny.CRS, "EPSG:4490", always_xy=True)
    other = Transformer.from_crs("EPSG:4490" if same else "EPSG:4326", crs, always_xy=True)
    return [
        shapely.transform(
            shape, lambda xy: np.stack(other.transform(*degrees.transform(*xy.T)), -1)
        )
        for shape in layer.geometry
    ]


def test_a_turned_or_upside_down_raster_is_read_in_its_place(rulebook, tmp_path):
    lots = np.array([tiny.lot(0, 0), tiny.lot(130, 70, 55, 33)])
    straight = open_raster(heights(tmp_path / "a.tif"), "", "", rulebook)
    values = np.indices((60, 60))[0] * 10.0 + np.indices((60, 60))[1]
    flipped = heights(
        tmp_path / "b.tif",
        np.ascontiguousarray(values[::-1]).astype("float32"),
        Affine(10, 0, X - 50, 0, 10, Y - 100),
    )
    turned = heights(
        tmp_path / "c.tif",
        np.ascontiguousarray(values.T).astype("float32"),
        Affine(0, 10, X - 50, -10, 0, Y + 500),
    )
    wanted = zonal(lots, straight)
    for file in (flipped, turned):
        found = zonal(lots, open_raster(file, "", "", rulebook))
        assert np.allclose(found.mean, wanted.mean, rtol=1e-12)
        assert np.allclose(found.valid, wanted.valid, rtol=1e-12)


def test_scale_offset_masks_and_bands_are_honoured(rulebook, tmp_path):
    lot = np.array([tiny.lot(0, 0)])
    stored = np.stack([np.full((60, 60), 7), np.full((60, 60), 120)]).astype("int16")
    stored[1, 44] = -1
    file = heights(tmp_path / "s.tif", stored, nodata=-1, descriptions=("flags", "height"))
    with rasterio.open(file, "r+") as opened:
        opened.scales, opened.offsets = (1.0, 0.1), (0.0, 2.0)
    for band in ("2", "height"):
        found = zonal(lot, open_raster(file, band, "", rulebook))
        assert found.mean[0] == pytest.approx(14.0)
        assert found.share.tolist() == [0.9]
    masked = heights(tmp_path / "m.tif")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(masked, "r+") as opened:
        mask = np.full((60, 60), 255, dtype="uint8")
        mask[40:45] = 0
        opened.write_mask(mask)
    found = zonal(lot, open_raster(masked, "", "", rulebook))
    assert found.share.tolist() == [0.5]
    assert found.low.tolist() == [455.0]
    gaps = np.full((60, 60), np.nan, dtype="float32")
    gaps[45], gaps[46] = 3.0, np.inf
    found = zonal(lot, open_raster(heights(tmp_path / "n.tif", gaps), "", "", rulebook))
    assert found.share.tolist() == [0.1]
    assert found.mean.tolist() == [3.0]


def test_several_files_are_one_source(classified, tmp_path):
    whole = heights(tmp_path / "w.tif")
    values = np.indices((60, 60))[0] * 10.0 + np.indices((60, 60))[1]
    parts = [
        heights(
            tmp_path / f"p{at}.tif",
            np.ascontiguousarray(values[:, at : at + 10]).astype("float32"),
            cells_at(X - 50 + 10 * at, Y + 500),
        )
        for at in range(0, 60, 10)
    ]
    assert np.array_equal(columns(classified(*parts)), columns(classified(whole)), equal_nan=True)


def test_values_are_read_window_by_window(rulebook, tmp_path, monkeypatch):
    file = heights(tmp_path / "h.tif", tiled=True, blockxsize=16, blockysize=16)
    grid = open_raster(file, "", "", rulebook)
    asked = []
    read = type(grid).read
    monkeypatch.setattr(
        type(grid),
        "read",
        lambda self, windows: read(self, [asked.append(w) or w for w in windows]),
    )
    found = zonal(np.array([tiny.lot(0, 0), tiny.lot(300, 0)]), grid, cells=256)
    assert len(asked) > 1
    assert max(w.height * w.width for w in asked) <= 256
    assert found.share.tolist() == [1.0, 1.0]


# Files that are of no use: one error, one hint.


def no_place(path):
    return heights(path, place=Affine.identity())


def no_system(path):
    return heights(path, crs=None)


def three_bands(path):
    return heights(path, np.zeros((3, 60, 60), dtype="uint8"), photometric="minisblack")


def another_datum(path):
    return heights(path, crs="EPSG:2363")


def far_away(path):
    return heights(path, place=cells_at(X + 900_000, Y))


def complex_numbers(path):
    return heights(path, np.zeros((60, 60), dtype="complex64"))


def cut_off(path):
    rng = np.random.default_rng(1)
    whole = heights(path, rng.random((60, 60)).astype("float32"), compress="deflate")
    path.write_bytes(whole.read_bytes()[:-4000])
    return path


def text(path):
    path.write_text("no raster", encoding="utf-8")
    return path


def a_list_of_files(path):
    path.write_text(
        '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand band="1" dataType="Byte">'
        "</VRTRasterBand></VRTDataset>",
        encoding="utf-8",
    )
    return path


def missing(path):
    return path


@pytest.mark.parametrize(
    ("make", "said", "advised"),
    [
        (no_place, "no place on the earth", ".tfw"),
        (no_system, "declares no coordinate system", 'crs = "EPSG:4527"'),
        (three_bands, "which band? There are 3", "bands: 1, 2, 3"),
        (another_datum, "another datum", "EPSG:4490"),
        (far_away, "outside the district", "lowuse.toml"),
        (complex_numbers, "complex", "real"),
        (cut_off, "cannot be read as GeoTIFF", "copy it whole"),
        (text, "cannot be read as GeoTIFF", "GeoTIFF"),
        (a_list_of_files, "cannot be read as GeoTIFF", "GeoTIFF"),
        (missing, "no such file", "check the path"),
    ],
)
def test_a_wrong_file_is_one_error_and_one_hint(
    refused, parcels, tmp_path, make, said, advised, caplog
):
    file = make(tmp_path / "h.tif")
    out = tmp_path / "r.gpkg"
    error, hint = refused("classify", parcels, "-s", f"building_height={file}", "-q", "-o", out)
    assert said in error
    assert "h.tif" in error
    assert advised in hint
    assert not out.exists()
    assert not caplog.records


def test_a_system_the_file_lacks_can_be_said(classified, tmp_path):
    found = columns(classified(no_system(tmp_path / "h.tif"), crs="EPSG:4527"))
    assert found[0, 1] == 1


def test_cells_cannot_be_shifted(refused, parcels, tmp_path):
    heights(tmp_path / "h.tif")
    (tmp_path / "lowuse.toml").write_text(
        f'[sources]\nparcels = "{parcels.name}"\n[sources.building_height]\npath = "h.tif"\n'
        "transform = { pipeline = '+proj=noop' }\n",
        encoding="utf-8",
    )
    error, _hint = refused("classify", "--project", tmp_path, "-q", "-o", tmp_path / "r.gpkg")
    assert "cannot be shifted" in error


def test_an_open_raster_says_its_system_and_keeps_no_values(rulebook, tmp_path):
    grid = open_raster(heights(tmp_path / "h.tif"), "", "", rulebook)
    assert grid.crs == "EPSG:4527"
    assert not any(isinstance(value, np.ndarray) for value in vars(grid).values())
    with pytest.raises(InputError):
        open_raster(tmp_path / "h.tif", "2", "", rulebook)


# The sample district.


def test_the_sample_has_heights_and_both_ways_give_the_same_bytes(
    lowuse, sample_result, tmp_path, monkeypatch
):
    made = [read_result(sample_result).parcels]
    assert len(made[0]) < compiled.SMALL  # so few are measured the plain way, unless asked
    monkeypatch.setenv(compiled.SWITCH, "yes")
    code, _out, err = lowuse("classify", "--project", SAMPLE, "-q", "-o", tmp_path / "r.gpkg")
    assert code == 0, err
    made.append(read_result(tmp_path / "r.gpkg").parcels)
    second, first = (frame[["mean_height", "height_valid_share"]] for frame in made)
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    known = first["mean_height"].notna()
    assert known.sum() > 2000
    assert first["mean_height"][known].between(2, 100).all()
    assert (first["height_valid_share"][known] >= 0.02).all()
    shapes = made[0].geometry[known].iloc[:300]
    wanted = exact_extract(
        str(SAMPLE / "building_height.tif"), shapes.to_frame("geometry"), ["mean"], output="pandas"
    )
    assert np.allclose(first["mean_height"][known].iloc[:300], wanted["mean"], atol=1e-4)


# The rulebook.


def test_lint_names_a_statistic_that_nobody_computes(planted, rulebook):
    entries = planted.files[MEAS]["measure"]
    at = next(n for n, entry in enumerate(entries) if entry["kind"] == "raster")
    entries[at]["into"] = {"means": "mean_height"}
    planted.expected = {(MEAS, f"measure #{at + 1} raster")}
    (fault,) = planted.only("wrong-value", count=1)
    assert "mean" in fault.hint
    survey = Survey(parcels=tiny.frame([tiny.parcel(1, tiny.lot(0, 0))]))
    with pytest.raises(RuleError, match="unknown statistic means"):
        take(survey, entries[at], Run(rulebook, date(2024, 3, 31)))


# init, describe, check.


def test_init_finds_rasters_by_their_names(lowuse, parcels, tmp_path):
    heights(tmp_path / "夜间灯光2023.tif")
    heights(tmp_path / "影像.tif")
    heights(tmp_path / "建筑高度.tif", place=cells_at(X + 900_000, Y))
    assert lowuse("init", tmp_path)[0] == 0
    text = (tmp_path / "lowuse.toml").read_text(encoding="utf-8")
    assert '\nnight_light = {path = "夜间灯光2023.tif"' in text
    assert '\n# building_height = {path = "建筑高度.tif"' in text
    assert "outside the district" in text
    assert "影像.tif" in text


def test_describe_says_what_a_raster_is(lowuse, tmp_path):
    code, out, _err = lowuse("describe", heights(tmp_path / "building_height.tif"))
    assert code == 0
    assert "raster of building heights (building_height)" in out
    assert "EPSG:4527" in out


def test_check_opens_rasters_and_looks_no_further(lowuse, parcels, tmp_path):
    heights(tmp_path / "h.tif", np.zeros((2, 60, 60), dtype="uint8"))
    lines = '[sources]\nparcels = "parcels.shp"\nbuilding_height = {{ path = "h.tif"{layer} }}\n'
    found = {}
    for layer in ("", ', layer = "2"'):
        (tmp_path / "lowuse.toml").write_text(lines.format(layer=layer), encoding="utf-8")
        out = tmp_path / "check"
        code, out, err = lowuse("check", "--project", tmp_path, "-o", out, "--overwrite", "--json")
        assert code in {0, 1}, err
        found[layer] = out
    assert "which band?" in found[""]
    assert "which band?" not in found[', layer = "2"']
