import numpy as np
import pytest

from core.deciding import lattices
from core.deciding.sparse import lay, side_by_side
from core.profiling.quantities import NumericCounts


def counted(rng, rows, places=1):
    return NumericCounts().extended(np.round(rng.normal(size=rows), places))


@pytest.fixture(params=range(6))
def forms(request):
    """Give both forms of a reference and windows: some are coarser, one has no rows."""
    rng = np.random.default_rng(request.param)
    reference = counted(rng, 300, 2)
    windows = [counted(rng, rows) for rows in (40, 1, 0, 90, 300)]
    level = request.param * 8
    sparse = lay(reference, side_by_side(windows, level), level)
    return sparse, lattices.dense(sparse), rng


def test_the_table_has_the_rows_of_each_window(forms):
    sparse, table, _ = forms
    assert table.windows.sum(axis=1).tolist() == sparse.rows.tolist() == [40, 1, 0, 90, 300]
    assert table.reference.sum() == 300
    assert (np.diff(table.cells) > 0).all()
    assert ((table.windows.sum(axis=0) + table.reference) > 0).all()


def test_both_forms_sum_alike_between_cuts(forms):
    sparse, table, rng = forms
    shared = np.sort(rng.choice(table.cells.size + 1, 4))
    own = np.sort(rng.choice(table.cells.size + 1, (5, 4)), axis=1)
    some = np.array([0, 3])
    for starts, chosen in ((shared, None), (own, None), (shared, some), (own[some], some)):
        np.testing.assert_array_equal(sparse.between(starts, chosen), table.between(starts, chosen))


def test_a_rank_is_found_in_the_first_cell_up_to_which_both_have_so_many_rows(forms):
    sparse, table, rng = forms
    pooled = table.reference_sums[1:] + table.window_sums[:, 1:]
    ranks = rng.integers(0, pooled[:, -1:] + 2, (5, 30))
    expected = [np.searchsorted(line, own) for line, own in zip(pooled, ranks, strict=True)]
    np.testing.assert_array_equal(sparse.ranked(ranks), expected)


@pytest.mark.parametrize("count", [5, 20, 60])
def test_both_forms_are_cut_at_the_same_order_statistics(forms, count):
    sparse, table, _ = forms
    for budget in (4096, 30):
        np.testing.assert_array_equal(
            lattices.pooled_starts(sparse, count, budget),
            lattices.pooled_starts(table, count, budget),
        )
