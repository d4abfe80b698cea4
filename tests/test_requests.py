"""Who owes what: out as workbooks, back as they return, and what comes of the answers."""

import random
import shutil

import pytest

from answering import fill, industry_means, predicted
from conftest import ROOT
from lowuse_gis.commands.classify import Request
from lowuse_gis.commands.classify import classify as run_classify
from lowuse_gis.commands.requests import write_requests
from lowuse_gis.io.result import read_result
from oracle.reading import read_district

SAMPLE = ROOT / "sample_data"


def in_english():
    return pytest.MonkeyPatch.context()


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The sample result, with the workbooks that go out; made once."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOWUSE_LANG", "en")
        run_classify(Request([], folder / "r.gpkg", SAMPLE))
        write_requests(folder / "r.gpkg", folder / "out")
    return folder


@pytest.fixture(scope="module")
def result(base):
    return read_result(base / "r.gpkg")


@pytest.fixture
def again(tmp_path):
    """Classify the sample again with workbooks that came back."""

    def call(*files, name="again.gpkg"):
        sources = [("answers", str(file)) for file in files]
        run_classify(Request([], tmp_path / name, SAMPLE, sources=sources, overwrite=True))
        return read_result(tmp_path / name)

    return call


@pytest.fixture
def out(base, tmp_path):
    return shutil.copytree(base / "out", tmp_path / "out")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_answers_turn_exactly_the_verdicts_predicted(seed, result, out, again, rulebook):
    dice = random.Random(seed)
    meant = fill(out, result.parcels, rulebook, dice)
    district = read_district(SAMPLE)
    foreseen = predicted(result.parcels, meant, district, industry_means(district))
    after = again(*sorted(out.glob("*.xlsx")))
    found = after.parcels["verdict_rule"].to_dict()
    expected = result.parcels["verdict_rule"].to_dict() | foreseen
    wrong = {row: (expected[row], found[row]) for row in expected if expected[row] != found[row]}
    assert not wrong, (len(wrong), [(r, wrong[r], meant.get(r)) for r in list(wrong)[:5]])
    turned = sum(v != result.parcels.at[row, "verdict_rule"] for row, v in foreseen.items())
    assert turned > 100
