import numpy as np
import pyarrow as pa
import pytest

from core.deciding.vigils import first_alarm, keep_watch
from core.deciding.weighing import Choices, Parted
from core.profiling.engines import local
from core.profiling.profiles import Profile

DAYS, CHANGE = 120, 60


def rows(rng, size, shift=0.0):
    return pa.table(
        {
            "number": rng.normal(shift, 1, size),
            "ties": np.round(rng.normal(shift, 1, size)),
            "label": pa.array(np.where(rng.random(size) < 0.3 + shift / 2, "a", "b")),
            "new": pa.array(np.where(rng.random(size) < shift / 2, "new", "old")),
            "holes": pa.array(
                np.where(rng.random(size) < 0.1 + shift / 2, np.nan, 1.0), from_pandas=True
            ),
            "spread": rng.normal(0, 1 + shift, size),
            "quiet": rng.normal(size=size),
        }
    )


def watched(seed, *, shift=0.0, reference=1500, size=300):
    rng = np.random.default_rng(seed)
    before = local.profile(rows(rng, reference))
    days = [
        local.profile(rows(rng, size, shift * (i >= CHANGE)), before.kinds) for i in range(DAYS)
    ]
    logs = keep_watch(before, [Parted(day, [day]) for day in days], Choices(), (), 365)
    return {name: first_alarm(found) for name, found in logs.items()}


def test_stable_days_raise_no_alarm():
    alarms = [alarm for seed in range(3) for alarm in watched(seed).values()]
    assert len(alarms) == 21
    assert alarms == [None] * 21


def test_a_small_lasting_drift_of_any_nature_is_found_within_weeks():
    alarms = watched(4, shift=0.2)
    quiet = alarms.pop("quiet")
    assert quiet is None
    assert all(CHANGE <= alarm < CHANGE + 28 for alarm in alarms.values()), alarms


def moody(seed, shift=0.0):
    rng = np.random.default_rng(seed)

    def day(own):
        return local.profile(pa.table({"x": rng.normal(rng.normal(own, 0.3), 1, 300)}))

    before = [day(0.0) for _ in range(31)]
    days = [Parted(each, [each]) for each in (day(shift * (i >= CHANGE)) for i in range(DAYS))]
    return before, days


def test_days_that_differ_by_nature_are_ranked_among_those_of_the_reference():
    before, days = moody(5)
    whole = Profile.total(before)
    assert first_alarm(keep_watch(whole, days, Choices(), (), 365)["x"]) is not None
    assert first_alarm(keep_watch(whole, days, Choices(), before, 365)["x"]) is None
    before, days = moody(6, shift=1.0)
    alarm = first_alarm(keep_watch(Profile.total(before), days, Choices(), before, 365)["x"])
    assert CHANGE <= alarm < CHANGE + 14


def test_windows_are_watched_part_by_part_and_features_set_aside_are_not():
    rng = np.random.default_rng(7)
    before = local.profile(rows(rng, 1500))
    days = [local.profile(rows(rng, 300, 0.5 * (i >= 14)), before.kinds) for i in range(21)]
    weeks = [Parted(Profile.total(days[i : i + 7]), days[i : i + 7]) for i in (0, 7, 14)]
    logs = keep_watch(before, weeks, Choices(set_aside={"quiet": "ignored"}), (), 365)
    assert "quiet" not in logs
    assert first_alarm(logs["number"]) == 2
    assert {found.size for found in logs.values()} == {3}


@pytest.mark.parametrize("lacking", ["number", "label"])
def test_days_without_a_feature_or_without_rows_are_passed_over(lacking):
    rng = np.random.default_rng(8)
    before = local.profile(rows(rng, 1500))
    days = [local.profile(rows(rng, 300), before.kinds) for _ in range(30)]
    without = {name: counts for name, counts in days[3].features.items() if name != lacking}
    kinds = {name: kind for name, kind in before.kinds.items() if name != lacking}
    days[3] = Profile(days[3].rows, without, kinds)
    days[9] = Profile.empty(before.kinds)
    logs = keep_watch(before, [Parted(day, [day]) for day in days], Choices(), (), 365)
    assert all(first_alarm(found) is None for found in logs.values())
    assert all(np.isfinite(found).all() for found in logs.values())
