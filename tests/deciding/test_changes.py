import numpy as np

from core.deciding.changes import find_changes

HOME, AWAY, MILD = [50, 50], [85, 15], [65, 35]
REFERENCE = np.array([500, 500])


def spans(windows, flagged):
    marked = np.zeros(len(windows), bool)
    marked[list(flagged)] = True
    found = find_changes(REFERENCE, np.array(windows), marked)
    return [(span.first, span.end) for span in found]


def test_a_span_is_found_around_the_windows_that_were_flagged():
    assert spans([HOME] * 5 + [AWAY] * 4 + [HOME] * 3, [6, 7]) == [(5, 9)]
    assert spans([HOME] * 5 + [AWAY] * 4, range(5, 9)) == [(5, 9)]
    assert spans([AWAY] * 3, range(3)) == [(0, 3)]


def test_two_spans_stay_two_and_one_with_a_milder_part_is_one():
    twice = [HOME] * 3 + [AWAY] * 3 + [HOME] * 6 + [AWAY] * 3 + [HOME] * 3
    assert spans(twice, [*range(3, 6), *range(12, 15)]) == [(3, 6), (12, 15)]
    season = [HOME] * 4 + [MILD] * 3 + [AWAY] * 6 + [MILD] * 3 + [HOME] * 4
    assert spans(season, range(4, 16)) == [(4, 16)]


def test_a_span_that_begins_with_a_drift_of_another_nature_is_one():
    home, first, then = [40, 40, 20], [25, 55, 20], [40, 5, 55]
    windows = np.array([home] * 4 + [first] * 3 + [then] * 4 + [home] * 4)
    flagged = (windows != home).any(axis=1)
    (span,) = find_changes(np.array([400, 400, 200]), windows, flagged)
    assert (span.first, span.end) == (4, 11)
    assert span.evidence > 190


def test_where_nothing_is_flagged_nothing_is_sought():
    assert spans([HOME] * 3 + [AWAY] * 3, []) == []


def test_a_span_without_a_flagged_window_is_none():
    # What rises most is not around the window that was flagged.
    windows = [HOME] * 3 + [[20, 80]] * 3 + [HOME] * 4 + [[45, 55]]
    assert spans(windows, [10]) == []


def test_windows_without_rows_neither_begin_nor_end_a_span():
    gap = [0, 0]
    assert spans([HOME, gap, AWAY, gap, AWAY, gap, HOME], [2, 4]) == [(2, 5)]


def test_the_evidence_grows_with_the_drift():
    small, large = (
        find_changes(REFERENCE, np.array([HOME] * 3 + [away] * 3), np.arange(6) > 2)[0].evidence
        for away in (MILD, AWAY)
    )
    assert 0 < small < large
