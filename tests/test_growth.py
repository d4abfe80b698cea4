"""No function of the program is called parcel by parcel: calls are counted, not seconds.

Counted are calls in the thread of the command, of functions that stand in the program's sources.
"""

import cProfile
import importlib.util
import pstats
import sys

import pytest

from conftest import ROOT
from lowuse_gis.commands import classify, export, units, verify

FEW, MANY = 400, 1600
PER_PARCEL = 0.1  # further calls of one function for each further parcel
ALLOWED = {
    "credit_codes.py:_state",  # one call of the library for each firm's code
}


def district_of(size, folder):
    """Write the invented district of the benchmarks; the sample has a module of that name too."""
    file = ROOT / "benchmarks" / "district.py"
    spec = importlib.util.spec_from_file_location("invented_district", file)
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    if not hasattr(module, "write"):
        spec.loader.exec_module(module)
    module.write(size, folder)


def commands(folder):
    """Return the commands in their order, each with what it is asked for."""
    place, result, drawn = folder / "district", folder / "r.gpkg", folder / "u.gpkg"
    package = folder / "package"
    return {
        "classify": lambda: classify.classify(classify.Request([], result, place)),
        "units": lambda: units.units(units.Request(result, drawn, project=place)),
        "export": lambda: export.export(export.Request(result, package, drawn, draft=True)),
        "verify": lambda: verify.verify(verify.Request(package)),
    }


def calls(command):
    """Count the calls of each function of the program while a command runs."""
    watch = cProfile.Profile()
    watch.runcall(command)
    counts = {}
    for (file, _line, name), (_direct, count, *_rest) in pstats.Stats(watch).stats.items():
        if "lowuse_gis" in file and not name.startswith("<"):
            key = f"{file.rpartition('/')[2]}:{name}"
            counts[key] = counts.get(key, 0) + count
    return counts


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """Calls by command, in a district of few parcels and in one of many."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        for size in (FEW, MANY):
            folder = tmp_path_factory.mktemp(f"of_{size}")
            district_of(size, folder / "district")
            for name, command in commands(folder).items():
                found[name, size] = calls(command)
    return found


@pytest.mark.parametrize("name", ["classify", "units", "export", "verify"])
def test_calls_do_not_grow_with_parcels(counted, name):
    few, many = counted[name, FEW], counted[name, MANY]
    assert sum(few.values()) > 500
    further = {key: count - few.get(key, 0) for key, count in many.items()}
    growing = {key: count for key, count in further.items() if count > PER_PARCEL * (MANY - FEW)}
    assert not growing.keys() - ALLOWED, growing
