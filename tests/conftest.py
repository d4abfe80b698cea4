"""What all tests share: English messages, the rules, a tiny district on disk, the command line."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

os.environ["OGR_SQLITE_SYNCHRONOUS"] = "OFF"  # what tests write need not outlive a power cut

import tiny
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.rulebook_files import read_files
from lowuse_gis.model import Run

pytest.register_assert_rewrite("planting", "comparing")
ROOT = Path(__file__).parents[1]
LONG = ("test_verify.py", "test_partitions.py", "test_sample_partitions.py", "test_requests.py",
        "test_package_damage.py", "test_strange_views.py", "test_sample.py", "test_raster.py",
        "test_init.py", "test_unit_partitions.py", "test_review.py", "test_mending.py",
        "test_legacy.py", "test_describe.py", "test_bureau_workbooks.py", "test_papers.py",
        "test_topology_overlaps.py", "test_pictures.py")  # fmt: skip


def pytest_collection_modifyitems(items):
    """Begin with the files that take minutes, so that no worker sits over one at the end."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LOWUSE_LANG", "en")


@pytest.fixture(scope="session")
def rulebook():
    return read_rulebook("jinghai")


@pytest.fixture
def run(rulebook):
    return Run(rulebook, date(2024, 3, 31))


@pytest.fixture
def lowuse(capsys, monkeypatch):
    """Run the command line in this process; return exit code, stdout and stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        from lowuse_gis.cli import main

        monkeypatch.setattr(sys, "argv", ["lowuse", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return call


@pytest.fixture
def refused(lowuse):
    """Run a request that must be refused: exit 2, one error line, one hint line, nothing else."""

    def call(*arguments: object) -> tuple[str, str]:
        code, _out, err = lowuse(*arguments)
        said = [line for line in err.splitlines() if not line.startswith("·")]
        assert code == 2, err
        assert len(said) == 2, err
        assert said[0].startswith("error: ")
        assert said[1].startswith("hint: ")
        return said[0], said[1]

    return call


def four_lots():
    records = [
        tiny.parcel(1, tiny.lot(0, 0)),
        tiny.parcel(2, tiny.lot(100, 0), YT="0501"),
        tiny.parcel(3, tiny.lot(300, 0)),
        tiny.parcel(4, tiny.lot(500, 0), YT="0701"),
    ]
    return tiny.frame(records)


@pytest.fixture
def layer():
    """Four lots of one town."""
    return four_lots()


@pytest.fixture
def parcels(layer, tmp_path):
    """A shapefile of four lots as a town sends it: GBK, no .cpg."""
    return tiny.write_shapefile(layer, tmp_path / "parcels.shp")


def write_survey(path):
    """Write a survey of three polygons: industry, a road, housing; larger than the parcels."""
    records = [
        tiny.survey_polygon(tiny.lot(-50, -50, 400, 200)),
        tiny.survey_polygon(tiny.lot(350, -50, 100, 200), "1004"),
        tiny.survey_polygon(tiny.lot(450, -50, 400, 200), "0701"),
    ]
    tiny.frame(records).to_file(path, layer="DLTB")
    return path


@pytest.fixture
def survey_file(tmp_path):
    return write_survey(tmp_path / "survey.gpkg")


@pytest.fixture(scope="session")
def judged_lots(tmp_path_factory):
    """Four lots with what is known of them, judged once."""
    from filing import run as run_command

    folder = tmp_path_factory.mktemp("lots")
    parcels = tiny.write_shapefile(four_lots(), folder / "parcels.shp")
    shapes = gpd.read_file(parcels).geometry
    far = gpd.GeoDataFrame(
        {"JZBH": ["x"], "CS": [1]}, geometry=[shapes[0].buffer(-49)], crs=shapes.crs
    )
    far.to_file(folder / "b.gpkg", layer="JZW")
    nothing = gpd.GeoDataFrame({"BSM": ["1"]}, geometry=[tiny.lot(5000, 5000)], crs=shapes.crs)
    for layer in ("YJJBNTTB", "STBHHX"):
        nothing.to_file(folder / "c.gpkg", layer=layer)
    ground = tiny.frame([tiny.survey_polygon(tiny.lot(-100, -100, 900, 300))])
    ground.to_file(folder / "s.gpkg", layer="DLTB")
    firms = "\n".join(f"{n},X{n},3311,{tiny.code(n)},10,正常," for n in range(1, 5))
    head = "企业名称,统一社会信用代码,行业代码,宗地代码,占用面积（亩）,经营状态,停产日期\n"
    (folder / "f.csv").write_text(head + firms, encoding="utf-8")
    given = {"buildings": "b.gpkg", "permanent_farmland": "c.gpkg", "ecological_redline": "c.gpkg"}
    given |= {"survey": "s.gpkg", "enterprises": "f.csv"} | tiny.nobody_listed(folder)
    options = [part for name, file in given.items() for part in ("-s", f"{name}={folder / file}")]
    run_command("classify", parcels, *options, "-o", folder / "r.gpkg", "-q")
    return folder


@pytest.fixture
def low_use_result(tmp_path, judged_lots):
    """What classify writes for four lots, those of industry low-use by plot ratio 0; a copy."""
    shutil.copytree(judged_lots, tmp_path, dirs_exist_ok=True)
    return tmp_path / "r.gpkg"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, pytestconfig):
    """Make a folder once, whatever the number of workers, and keep it for the next run."""
    from filing import fingerprint, once

    own = tmp_path_factory.getbasetemp()
    base = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    cache = getattr(pytestconfig, "cache", None)
    kept = cache.mkdir("sample") if cache else None
    mark = fingerprint()
    return lambda name, make: once(base / name, make, kept and kept / f"{name}-{mark}")


@pytest.fixture(scope="session")
def classified_folder(shared_folder):
    """The sample district judged, by a process of its own, with its list of problems."""
    from filing import classify

    return shared_folder("classified", classify)


@pytest.fixture(scope="session")
def sample_result(classified_folder):
    """The result of the sample district, to be read only."""
    return classified_folder / "result.gpkg"


@pytest.fixture(scope="session")
def filed(shared_folder, classified_folder):
    """The sample district taken to a package."""
    from filing import build

    return shared_folder("filed", lambda folder: build(folder, classified_folder))


@pytest.fixture(scope="session")
def shipped_files():
    """The raw files of the shipped rules."""
    return read_files(str(ROOT / "rules" / "jinghai"))


@pytest.fixture
def planted(shipped_files):
    """A copy of the shipped rules to plant faults in."""
    from planting import Planted

    return Planted(shipped_files)


def pytest_report_header():
    import duckdb
    import pyogrio
    import shapely

    return (
        f"GDAL {pyogrio.__gdal_version_string__}, GEOS {shapely.geos_version_string}, "
        f"DuckDB {duckdb.__version__}, cores {os.cpu_count()}"
    )


@pytest.fixture(scope="session")
def shared_data():
    """Return the folder of real and hostile data beside the project; it is never committed."""
    folder = Path(os.environ.get("LOWUSE_SHARED") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        reason = f"{folder}: no folder of shared data"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return folder
