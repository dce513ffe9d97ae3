"""The split of a divergence by segments: exact, pure where the mix alone changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measuring.divergences import JSD, KL
from core.measuring.mixtures import deal, reweigh, split_jsd, split_kl

counts = st.integers(0, 2000)


@st.composite
def tables(draw, least=0):
    """Counts of both sides (2, segments, bins), a row at least on each."""
    segments, bins = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    cells = st.lists(st.integers(least, 2000), min_size=segments * bins, max_size=segments * bins)
    sides = [np.array(draw(cells), float).reshape(segments, bins) for _ in range(2)]
    for side in sides:
        side[0, 0] += 1
    return np.stack(sides)


@st.composite
def pure_mixes(draw):
    """Two sides with the same insides, exactly, and other shares."""
    joint = draw(tables())[0]
    weights = np.array(draw(st.lists(st.integers(1, 50), min_size=len(joint), max_size=len(joint))))
    return np.stack([joint, joint * weights[:, None]])


def shares(sides):
    return [side / side.sum() for side in sides]


@given(tables(least=1))
def test_the_kl_splits_exactly_by_the_chain_rule(sides):
    q, p = shares(sides)
    split = split_kl(p, q)
    inside = [
        row.sum() * float(KL(row / row.sum(), other / other.sum()))
        for row, other in zip(p, q, strict=True)
    ]
    assert split.inside == pytest.approx(inside, abs=1e-12)
    assert split.mix == pytest.approx(float(KL(p.sum(axis=1), q.sum(axis=1))), abs=1e-12)
    assert split.whole == pytest.approx(float(KL(p.ravel(), q.ravel())), rel=1e-11, abs=1e-12)


@given(tables())
def test_the_jsd_splits_exactly_with_empty_segments_and_bins(sides):
    q, p = shares(sides)
    split = split_jsd(p, q)
    assert (split.inside >= 0).all()
    assert split.whole == pytest.approx(float(JSD(p.ravel(), q.ravel())), rel=1e-11, abs=1e-12)


@given(pure_mixes())
def test_a_pure_change_of_mix_is_pure(sides):
    q, p = shares(sides)
    assert split_jsd(p, q).inside.sum() <= 1e-12
    smooth_q, smooth_p = deal(*sides, 0.5)
    assert split_kl(smooth_p, smooth_q).inside.sum() <= 1e-12
    assert reweigh(p, q) == pytest.approx(p.sum(axis=0), abs=1e-12)


@given(tables())
def test_dealt_rows_make_shares_without_an_infinite_kl(sides):
    q, p = deal(*sides, 0.5)
    assert [p.sum(), q.sum()] == pytest.approx([1, 1])
    assert np.isfinite(split_kl(p, q).whole)


@given(tables())
def test_nothing_is_dealt_without_a_pseudocount(sides):
    for smooth, side in zip(deal(*sides, 0.0), shares(sides), strict=True):
        assert smooth == pytest.approx(side, abs=1e-15)


def test_a_segment_that_one_side_lacks_is_all_mix():
    split = split_jsd(np.array([[0.5, 0.0], [0.25, 0.25]]), np.array([[0.0, 0.0], [0.5, 0.5]]))
    assert split.inside.tolist() == [0.0, 0.0]
    assert split.mix > 0.1


def test_one_segment_has_no_mix():
    p, q = np.array([[0.45, 0.3, 0.2, 0.05]]), np.array([[0.5, 0.3, 0.2, 0.0]])
    assert split_jsd(p, q).inside[0] == pytest.approx(0.0179868783, rel=1e-8)  # statistics.md, 12
    assert split_jsd(p, q).mix == 0
