"""Areas between layers against shapely, one pair at a time."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lowuse_gis.core.composition import joined_text, rounded_parts, shares_text
from lowuse_gis.core.covered import covered_area
from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.overlay import overlaps, self_overlaps
from lowuse_gis.core.threaded import in_threads, meanwhile
from lowuse_gis.core.uncovered import uncovered

boxes = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 20), st.integers(1, 20)),
    min_size=1,
    max_size=12,
)


def polygons(rows):
    return np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in rows], dtype=object)


@settings(max_examples=80, deadline=None)
@given(boxes, boxes)
def test_covered_area_is_that_of_the_union(subjects, contexts):
    subject, context = polygons(subjects), polygons(contexts)
    covered, pairs, doubled = covered_area(subject, context)
    union = shapely.union_all(context)
    for shape, found in zip(subject, covered, strict=True):
        assert found == pytest.approx(shape.intersection(union).area, abs=1e-9)
        assert found <= shape.area
    expected = {
        (i, j)
        for i, a in enumerate(subject)
        for j, b in enumerate(context)
        if a.intersection(b).area > 0
    }
    assert set(zip(pairs.subject.tolist(), pairs.context.tolist(), strict=True)) == expected
    for i, j in zip(doubled.subject, doubled.context, strict=True):
        assert i != j
        assert context[i].intersection(context[j]).area > 0


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_self_overlaps_are_all_pairs_that_share_area(rows):
    shapes = polygons(rows)
    found = self_overlaps(shapes)
    expected = {
        (i, j): a.intersection(b).area
        for i, a in enumerate(shapes)
        for j, b in enumerate(shapes)
        if i < j and a.intersection(b).area > 1e-5
    }
    assert dict(
        zip(
            zip(found.subject.tolist(), found.context.tolist(), strict=True),
            found.area.tolist(),
            strict=True,
        )
    ) == pytest.approx(expected)


def test_nothing_is_passed_over():
    subject = np.array([None, shapely.box(0, 0, 1, 1)], dtype=object)
    found = overlaps(subject, np.array([shapely.box(0, 0, 2, 2)], dtype=object))
    assert found.subject.tolist() == [1]
    assert found.area.tolist() == [1.0]


def test_threads_do_not_change_the_answer(monkeypatch):
    monkeypatch.setattr("lowuse_gis.core.threaded.CHUNK", 3)
    shapes = polygons([(i, 0, 3, 3) for i in range(20)])
    one, two = overlaps(shapes, shapes, threads=1), overlaps(shapes, shapes, threads=2)
    assert (one.area == two.area).all()
    assert (one.context == two.context).all()


@pytest.mark.parametrize("compiled_from", [0, 1_000_000])
def test_what_is_left_of_a_polygon_does_not_hang_on_the_others(monkeypatch, compiled_from):
    ground, cover = polygons([(i * 5, 0, 5, 9) for i in range(20)]), squares_inside(100)
    pairs = overlaps(ground, cover)
    whole, owner = uncovered(ground, cover, pairs, compiled_from=compiled_from)
    monkeypatch.setattr("lowuse_gis.core.threaded.CHUNK", 3)
    parts, owners = uncovered(ground, cover, pairs, compiled_from=compiled_from)
    assert shapely.to_wkb(parts).tolist() == shapely.to_wkb(whole).tolist()
    assert owners.tolist() == owner.tolist()
    left = shapely.difference(ground, shapely.union_all(cover))
    assert np.bincount(owners, shapely.area(parts), minlength=20) == pytest.approx(
        shapely.area(left)
    )


def squares_inside(count):
    """Squares side by side, some on two polygons, some with a gap before the next."""
    return polygons([(at, at % 3, 1, 2) for at in range(count) if at % 7])


def test_what_is_begun_meanwhile_is_done_in_order():
    done = []
    for threads in (1, 2):
        with meanwhile(threads) as begin:
            begun = [begin(done.append, number) for number in range(3)]
            assert [one.result() for one in begun] == [None] * 3
    assert done == [0, 1, 2, 0, 1, 2]


def test_an_error_meanwhile_is_told_when_its_answer_is_asked_for():
    with pytest.raises(ZeroDivisionError), meanwhile(2) as begin:
        begin(divmod, 1, 0).result()


def test_what_belongs_together_stays_in_one_chunk(monkeypatch):
    monkeypatch.setattr("lowuse_gis.core.threaded.CHUNK", 3)
    together = np.array([0, 0, 1, 1, 1, 1, 1, 2, 3, 3])
    seen = []

    def note(labels):
        seen.append(labels.tolist())
        return labels

    assert in_threads(note, together, threads=2, together=together).tolist() == together.tolist()
    owners = [label for chunk in seen for label in set(chunk)]
    assert len(owners) == len(set(owners)) == 4
    assert len(seen) > 1


def test_union_by_group():
    shapes = polygons([(0, 0, 2, 2), (1, 0, 2, 2), (10, 0, 1, 1)])
    assert shapely.area(union_by_group(shapes, np.array([0, 0, 1]))).tolist() == [6.0, 1.0]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.floats(0.001, 1e5), min_size=1, max_size=6), min_size=1, max_size=6))
def test_rounded_parts_add_up(groups):
    group = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    parts = np.concatenate([np.array(g) for g in groups])
    whole = np.round(np.bincount(group, parts), 2)
    found = rounded_parts(parts, group, whole)
    assert np.bincount(group, np.rint(found * 100)).tolist() == np.rint(whole * 100).tolist()
    assert np.abs(found - parts).max() < 0.02 + 1e-6 * parts.max()


def test_texts_of_groups():
    group, code = np.array([0, 0, 2]), np.array(["0601", "1004", "0701"], dtype=object)
    text = shares_text(group, code, np.array([0.25, 0.75, 1.0]), 3)
    assert text.tolist() == ["1004:0.75;0601:0.25", "", "0701:1.00"]
    assert joined_text(np.zeros(0, dtype=int), np.zeros(0, dtype=str), 2).tolist() == ["", ""]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.floats(0, 1), st.integers(0, 2000).map(lambda n: n / 2000))))
def test_shares_are_written_as_they_are_rounded(shares):
    at = np.arange(len(shares))
    text = shares_text(at, np.full(len(shares), "07", object), np.array(shares, float), len(shares))
    assert text.tolist() == [f"07:{share:.2f}" for share in shares]
