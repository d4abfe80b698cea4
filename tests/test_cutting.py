"""What has to be known in a partition is what touches what is at home there."""

import numpy as np
import pytest

from lowuse_gis.commands.partitioned.homes import Outline, compared_layers, cuts_of
from lowuse_gis.core.partitioning import MARGIN
from lowuse_gis.io.rulebook import read_rulebook

TOWNS = np.array(["a", "b", "c"], dtype=object)


def squares(chance, count, side):
    corner = chance.uniform(0, 100, (count, 2))
    return np.concatenate([corner, corner + chance.uniform(0.1, side, (count, 2))], axis=1)


def towns(boxes):
    return TOWNS[np.minimum(np.nan_to_num(boxes[:, 0]) // 34, 2).astype(int)]


@pytest.fixture(params=[10, 60, 1000])
def cut(request):
    """Three towns side by side, some places unknown; buildings and control lines on them."""
    chance = np.random.default_rng(request.param)
    parcels, ground = squares(chance, 120, 8), squares(chance, 90, 9)
    parcels[7] = np.nan
    outlines = {
        "parcels": Outline(parcels, np.where(chance.random(120) < 0.1, "", towns(parcels))),
        "survey": Outline(ground, towns(ground)),
        "buildings": Outline(squares(chance, 200, 6)),
        "planning": Outline(squares(chance, 40, 30)),
    }
    cuts = list(cuts_of(outlines, read_rulebook("jinghai"), request.param))
    return {name: outline.boxes for name, outline in outlines.items()}, cuts


def touch(one, others, reach=MARGIN):
    """Which boxes come as near to one of others, compared each with each."""
    low = one[:, None, :2] <= others[None, :, 2:] + reach
    high = one[:, None, 2:] >= others[None, :, :2] - reach
    return (low & high).all(axis=2).any(axis=1)


def test_everything_is_at_home_once(cut):
    boxes, cuts = cut
    for layer, mine in boxes.items():
        home = np.concatenate([c.rows[layer][c.home[layer]] for c in cuts])
        assert sorted(home) == list(range(len(mine)))


def test_what_touches_is_known(cut):
    boxes, cuts = cut
    compared = compared_layers(read_rulebook("jinghai"), boxes)
    assert ("parcels", "survey") in {(one, other) for one, other, _reach in compared}
    for part in cuts:
        home = {layer: boxes[layer][part.rows[layer][part.home[layer]]] for layer in boxes}
        at_home = np.concatenate([home["parcels"], home["survey"]])
        wanted = {layer: touch(boxes[layer], at_home) for layer in boxes}
        for layer, known in wanted.items():
            known[part.rows[layer][part.home[layer]]] = True
        lying = boxes["buildings"]
        wanted["buildings"] |= touch(lying, lying[wanted["buildings"]])
        wanted["parcels"] |= touch(boxes["parcels"], lying[wanted["buildings"]])
        for layer, other, reach in compared:
            wanted[other] |= touch(boxes[other], home[layer], reach)
        for layer, known in wanted.items():
            assert part.rows[layer].tolist() == np.flatnonzero(known).tolist()
