"""Windows weighed together give what each gives alone: the same states, the same figures."""

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pytest

from core.choosing import choices
from core.deciding import weighing
from core.deciding.chunks import Chunked
from core.deciding.tracks import Parted, judge_windows
from core.pipeline import judge
from core.profiling.engines import local
from core.profiling.profiles import Profile
from core.settings import Settings

WINDOWS = 6


def rows(rng, size, drift):
    """One column of each nature that bins treat in a way of their own."""
    normal = rng.normal(0.3 * drift, 1 + 0.2 * drift, size)
    zeros = np.where(rng.random(size) < 0.6 - 0.1 * drift, 0.0, rng.lognormal(size=size))
    holes = np.where(rng.random(size) < 0.1 + 0.2 * drift, np.nan, rng.normal(size=size))
    wild = np.where(rng.random(size) < 0.05, np.inf, holes)
    wild = np.where(rng.random(size) < 0.02, -np.inf, wild)
    codes = rng.integers(0, 40, size) * 1.0
    codes = np.where((rng.random(size) < 0.3) & (drift > 1), codes + 0.5, codes)
    rare = rng.zipf(1.6, size) % 300
    return pa.table(
        {
            "normal": normal,
            "skewed": rng.lognormal(0.2 * drift, 1, size),
            "tenths": np.round(normal, 1),
            "zeros": zeros,
            "holes": holes,
            "wild": wild,
            "codes": codes,
            "stars": rng.choice(
                [1, 2, 3, 4, 5], size, p=np.array([1, 2, 3, 2 + drift, 1]) / (9 + drift)
            ),
            "constant": np.full(size, 7.0 + (drift > 1)),
            "far": 1e6 * drift + rng.normal(size=size),
            "label": pa.array(
                rng.choice(
                    list("abcdef"), size, p=np.array([1, 1, 1, 1, 1, 1 + drift]) / (6 + drift)
                )
            ),
            "many": pa.array([f"v{i}" for i in rare + (150 if drift > 1 else 0)]),
            "some": pa.array(np.where(rng.random(size) < 0.3, None, rng.choice(["x", "y"], size))),
            "flag": pa.array(rng.random(size) < 0.5 + 0.1 * drift),
            "nothing": pa.nulls(size, pa.float64()) if drift else pa.array([1.0] * size),
        }
    )


@lru_cache
def tables(seed, reference_rows, window_rows):
    rng = np.random.default_rng(seed)
    reference = local.profile(rows(rng, reference_rows, 0))
    sizes = rng.integers(window_rows // 2, 2 * window_rows, WINDOWS)
    windows = [
        local.profile(rows(rng, int(size), i % 4 if i % 2 else 0), reference.kinds)
        for i, size in enumerate(sizes)
    ]
    return reference, windows


def assert_same(reference, windows, settings, chunks=()):
    chosen, _ = choices(settings, reference)
    tracks = judge_windows(reference, [Parted(w, [w]) for w in windows], chosen, chunks)
    found = {track.feature: track for track in tracks}
    for place, window in enumerate(windows):
        chunked = Chunked(chunks, [window], "windows", grows=True) if chunks else None
        for alone in judge(reference, window, settings, chunked=chunked).features:
            track = found[alone.name]
            where = f"{alone.name} in window {place}"
            assert track.states[place] is alone.state, where
            assert (track.n[place], track.m[place]) == (alone.n, alone.m), where
            value = np.inf if alone.value == "infinite" else alone.value
            expected = [value, *(alone.interval or (None, None)), alone.p, alone.q]
            got = [getattr(track, name)[place] for name in ("value", "low", "high", "p", "q")]
            np.testing.assert_allclose(
                got, np.array(expected, float), rtol=1e-9, atol=1e-12, err_msg=where
            )


@pytest.mark.parametrize(
    ("reference_rows", "window_rows"),
    [(3000, 150), (400, 700), (15_000, 1500), (90, 40)],
)
@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"bin_count": 50, "warn": 0.05},
        {"bin_count": 8, "missing": "drop"},
        {"bins": "width", "categories": 3},
        {"bins": [-1.0, 0.0, 2.0], "categories": "all"},
        {"policy": "fixed", "measure": "psi"},
        {"policy": "fixed", "measure": "hellinger", "missing": "drop"},
        {"policy": "fixed", "measure": "kl_live_ref", "smoothing": 0},
        {"policy": "fixed", "measure": "jsd", "smoothing": {"epsilon": 1e-4}},
    ],
)
def test_windows_together_are_as_each_alone(reference_rows, window_rows, wish):
    reference, windows = tables(5, reference_rows, window_rows)
    assert_same(reference, windows, Settings.of(wish))


@pytest.mark.parametrize("wish", [{}, {"bin_count": 8, "missing": "drop"}, {"bins": "width"}])
def test_windows_against_a_reference_in_chunks_are_as_each_alone(wish):
    _, windows = tables(6, 2000, 300)
    rng = np.random.default_rng(66)
    days = [local.profile(rows(rng, 200, 0)) for _ in range(12)]
    assert_same(Profile.total(days), windows, Settings.of(wish), days)


@pytest.mark.parametrize(
    "wish",
    [
        {"bins": "blocks"},
        {"policy": "fixed", "measure": "wasserstein"},
        {"features": {"many": {"kind": "categorical"}, "far": {"ignore": True}}},
    ],
)
def test_what_cannot_be_weighed_together_is_weighed_alone(wish):
    reference, windows = tables(7, 800, 200)
    assert_same(reference, windows[:4], Settings.of(wish))


def test_more_cells_than_a_profile_keeps_make_it_coarser_as_alone():
    rng = np.random.default_rng(8)
    reference = local.profile(pa.table({"x": rng.standard_cauchy(60_000)}))
    windows = [local.profile(pa.table({"x": rng.standard_cauchy(3000)})) for _ in range(5)]
    windows.append(local.profile(pa.table({"x": rng.standard_cauchy(200_000) * 3})))
    assert_same(reference, windows, Settings())


def test_a_thin_reference_fills_ever_more_cells_with_its_windows():
    rng = np.random.default_rng(10)
    reference = local.profile(
        pa.table({"x": rng.normal(size=3900), "y": rng.lognormal(size=5000)[:3900]})
    )
    sizes = (50, 150, 300, 700)
    windows = [
        local.profile(pa.table({"x": rng.normal(size=n), "y": rng.lognormal(size=n)}))
        for n in sizes
    ]
    assert_same(reference, windows, Settings())


def test_more_windows_than_a_block_are_judged_alike(monkeypatch):
    reference, windows = tables(9, 1000, 200)
    monkeypatch.setattr("core.deciding.tracks._BLOCK", 5)
    assert_same(reference, windows, Settings())


def test_a_fault_in_one_feature_leaves_the_others(monkeypatch):
    reference, windows = tables(9, 1000, 200)

    def broken(name, *rest):
        if name == "label":
            raise RuntimeError("broken")
        return weigh(name, *rest)

    weigh = weighing.weigh_plainly
    monkeypatch.setattr(weighing, "weigh_plainly", broken)
    chosen, _ = choices(Settings(), reference)
    tracks = judge_windows(reference, [Parted(w, [w]) for w in windows], chosen)
    found = {track.feature: track for track in tracks}
    assert set(found["label"].codes) == {"internal_error"}
    assert "number" in found["label"].reason
    assert isinstance(found["label"].fault, RuntimeError)
    assert set(found["normal"].codes) == {None}
