"""The sample district in partitions: judged and drawn as in one piece."""

from collections import Counter

import pyogrio
import pytest

from comparing import assert_drawn_alike, assert_judged_alike
from filing import SAMPLE
from lowuse_gis.commands import units as command
from lowuse_gis.commands.classify import Request, classify
from lowuse_gis.commands.partition import Request as CutRequest
from lowuse_gis.commands.partition import partition
from lowuse_gis.io.partitions import read_manifest


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """The sample cut and judged, into a file and into a folder."""
    base = tmp_path_factory.mktemp("parts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        partition(CutRequest([], base / "data", SAMPLE, most=1500))
        for result in (base / "r.gpkg", base / "r"):
            classify(Request([base / "data"], result, SAMPLE, workers=1))
    return base


def test_the_sample_is_judged_alike(sample_result, parts):
    """Some of its towns are cut, others are whole."""
    names = [line.name for line in read_manifest(parts / "data").partitions]
    pieces = Counter(name.partition("-")[0] for name in names)
    assert min(pieces.values()) == 1
    assert max(pieces.values()) > 1
    assert_judged_alike(sample_result, parts / "r.gpkg")


def test_the_sample_is_drawn_alike(filed, parts, tmp_path):
    drawn = tmp_path / "u.gpkg"
    command.units(command.Request(parts / "r", drawn, project=SAMPLE, rules="", workers=2))
    assert_drawn_alike(filed / "units.gpkg", drawn)
    members = pyogrio.read_dataframe(drawn, layer="members")
    assert (members["part"] == "between").any()
