"""Rows that lack a component: judged as the missing bin of a feature, beside the others."""

import numpy as np
import pyarrow as pa
import pytest

from core.deciding.reports import State
from core.pipeline import check
from core.settings import Settings

V = Settings.of({"vectors": {"v": ["x", "y"]}})


def table(rows=2000, *, gone=0.0, shift=0.0, seed=0):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows))
    y[rng.random(rows) < gone] = np.nan
    return pa.table({"x": x + shift, "y": pa.array(y, from_pandas=True)})


def vector(live, reference=None, settings=V):
    return check(table() if reference is None else reference, live, settings).vectors[0]


@pytest.mark.parametrize("inside", [False, True])
def test_half_the_rows_newly_missing_are_an_alert_with_a_sentence(inside):
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(2000, 2)).tolist()
    odd = [1.0, None] if inside else None
    gone = [odd if i % 2 else row for i, row in enumerate(rows)]
    sides = [pa.table({"e": pa.array(each, pa.list_(pa.float64()))}) for each in (rows, gone)]
    report = check(*sides, Settings.of({"vectors": {"v": ["e"]}}))
    found = report.vectors[0]
    assert (found.state, found.code, report.verdict) == (State.ALERT, "missing_changed", "drift")
    assert found.reason.startswith(
        "0 % of the reference's and 50 % of the live table's rows lack a component of v"
    )
    assert "Rows with all of them: A drift of 0.1 is excluded" in found.reason
    assert (found.missing.reference, found.missing.live) == (0, 0.5)
    assert found.missing_q < 1e-9
    assert found.q > 0.05


def test_as_many_missing_as_ever_say_nothing():
    found = vector(table(gone=0.3, seed=1), table(gone=0.3))
    assert (found.state, found.code) == (State.STABLE, None)
    assert found.missing_q > 0.05


def test_a_grave_drift_stays_one_and_the_missing_are_told_beside():
    found = vector(table(gone=0.5, shift=1.0, seed=1))
    assert (found.state, found.code) == (State.ALERT, None)
    assert "lack a component of v" in found.reason
    assert "both normal laws" in found.reason


def test_a_small_certain_change_is_no_alert():
    found = vector(table(20_000, gone=0.006, seed=1), table(20_000))
    assert (found.state, found.code) == (State.NEGLIGIBLE, "missing_changed")


def test_few_rows_do_not_exclude_a_change():
    found = vector(table(40, gone=0.1, seed=3), table(40))
    assert found.state is State.INSUFFICIENT


def test_missing_ones_that_are_dropped_are_not_judged():
    dropped = V.with_choices({"missing": "drop"})
    found = vector(table(gone=0.5, seed=1), settings=dropped)
    assert (found.state, found.missing.live) == (State.STABLE, pytest.approx(0.5, abs=0.03))
    blank = vector(table(gone=1.0), settings=dropped)
    assert (blank.state, blank.code) == (State.NO_DATA, "no_data")


@pytest.mark.parametrize(
    ("measure", "alert", "state"),
    [("js_distance", 0.2, "alert"), ("js_distance", 0.9, "warn"), ("kl_live_ref", 9, "warn")],
)
def test_a_fixed_threshold_is_all_that_counts(measure, alert, state):
    fixed = V.with_choices({"policy": "fixed", "measure": measure, "alert": alert})
    found = vector(table(gone=0.5, seed=1), settings=fixed)
    assert (found.state, found.missing_q) == (state, None)
    assert "of these shares" in found.reason
