"""Another tool's rule beside ours: which rule for which feature, and what is said with it."""

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

from core.deciding.conventions import CONVENTIONS
from core.pipeline import check, profile
from core.settings import Settings, Tool

RNG = np.random.default_rng(5)


def frame(shift, rows):
    return pd.DataFrame(
        {
            "size": RNG.normal(shift, 1, rows).round(3),
            "kind": RNG.choice(["a", "b", "c"], rows, p=[0.5, 0.3 - shift / 5, 0.2 + shift / 5]),
            "seen": pd.Timestamp("2026-01-01")
            + pd.to_timedelta(RNG.integers(0, 9999, rows), "min"),
            "empty": np.nan,
        }
    )


REFERENCE, LIVE = frame(0, 2000), frame(0.5, 1500)


def judged(tool, **choices):
    report = check(REFERENCE, LIVE, Settings(compare_as=tool, time_column="none", **choices))
    return report, {feature.name: feature.compared_as for feature in report.features}


def test_the_settings_know_the_tools_and_no_others():
    assert set(get_args(Tool)) == set(CONVENTIONS)


def test_nothing_stands_beside_unless_it_is_asked_for():
    report, found = judged(None)
    assert report.compared_as is None
    assert set(found.values()) == {None}


@pytest.mark.parametrize("tool", CONVENTIONS)
def test_a_tool_decides_nothing_and_says_what_it_cannot_compare(tool):
    report, found = judged(tool)
    plain, _ = judged(None)
    assert report.verdict == plain.verdict
    assert [f.state for f in report.features] == [f.state for f in plain.features]
    assert report.compared_as.rule == CONVENTIONS[tool].words
    assert found["size"].figures
    assert found["seen"].note == "Times are not compared by this rule."
    assert found["empty"].note == "A side has no values: the rule says nothing."
    assert bool(found["kind"].figures) == (tool != "frouros")


def test_profiles_give_what_the_raw_rows_give():
    _, found = judged("nannyml")
    before, after = REFERENCE["size"], LIVE["size"]
    edges = np.histogram_bin_edges(before, bins="doane")
    q, p = (np.histogram(side, edges)[0] / len(side) for side in (before, after))
    oracle = jensenshannon(np.append(q, 0), np.append(p, 1 - p.sum()), base=2)
    assert found["size"].figures[0].value == pytest.approx(oracle, abs=1e-9)
    q, p = (side["kind"].value_counts(normalize=True).sort_index() for side in (REFERENCE, LIVE))
    assert found["kind"].figures[0].value == pytest.approx(jensenshannon(q, p, base=2), abs=1e-9)


def test_saved_profiles_do_too(tmp_path):
    paths = [tmp_path / "before.profile", tmp_path / "after.profile"]
    kinds = profile(REFERENCE).kinds
    for path, table in zip(paths, (REFERENCE, LIVE), strict=True):
        profile(table, kinds=kinds).save(path)
    report = check(*paths, Settings(compare_as="azure", time_column="none"))
    _, direct = judged("azure")
    assert {f.name: f.compared_as for f in report.features} == direct


def test_fine_cells_are_near_and_it_is_said():
    rng = np.random.default_rng(3)
    sides = [pd.DataFrame({"x": rng.normal(shift, 1, 20_000)}) for shift in (0, 0.3)]
    report = check(*sides, Settings(compare_as="azure"))
    found = report.features[0].compared_as
    spread = sides[0]["x"].std()
    moved = np.abs(np.sort(sides[0]["x"]) - np.sort(sides[1]["x"])).mean() / spread
    assert found.note.startswith("From counts in fine cells")
    assert found.figures[0].value == pytest.approx(moved, abs=1e-3)


@pytest.mark.parametrize("tool", CONVENTIONS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([1.0] * 50, [1.0] * 40),
        ([1.0] * 50, [2.0] * 40),
        ([1e308, -1e308] * 30, [1e-308, 0.0] * 30),
        ([np.inf, 1.0, 2.0] * 20, [-np.inf, 1.5, 3.0] * 20),
        ([0.0] * 99 + [1e300], [0.0] * 99 + [1e-300]),
        (list(range(60)), [7] * 3),
    ],
)
def test_odd_numbers_never_break_the_report(tool, before, after):
    sides = [pd.DataFrame({"x": side}) for side in (before, after)]
    features = Settings.of({"compare_as": tool, "features": {"x": {"kind": "numeric"}}})
    found = check(*sides, features).features[0].compared_as
    assert found.figures or found.note
