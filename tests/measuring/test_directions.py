import pytest

from core.measuring.directions import correlations, directions
from core.measuring.normals import pair, shrunk

from .test_normals import drawn, sample


def test_directions_name_what_moved_and_sum_to_the_divergence():
    one, other = drawn(), drawn(shift=1, spread=2, seed=1)
    found = pair(sample(one), sample(other))
    fit = shrunk(found)
    told = directions(found, fit)
    assert sum(each.share for each in told) == pytest.approx(1)
    assert [each.share for each in told] == sorted((each.share for each in told), reverse=True)
    shift = next(each for each in told if each.kind == "shift")
    wider = next(each for each in told if each.kind == "spread")
    along = [correlations(each, sample(one)) for each in (shift, wider)]
    assert shift.size == pytest.approx(1, abs=0.1)
    assert wider.size == pytest.approx(2, abs=0.1)
    assert along[0][0] > 0.99
    assert abs(along[1][1]) > 0.99
