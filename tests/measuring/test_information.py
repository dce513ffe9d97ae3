"""What a feature tells about a label: known values, no bias, intervals and a test that hold."""

import numpy as np
import pytest

from core.measuring.dependence import mutual_information
from core.measuring.information import (
    entropy,
    information_changed,
    information_interval,
    told,
)
from core.measuring.smoothing import BadCounts

# ln 2 less the entropy of 0.8 and 0.2: a symmetric channel that errs once in five.
CHANNEL = np.log(2) + 0.8 * np.log(0.8) + 0.2 * np.log(0.2)


def drawn(rng, shares, rows, times):
    return rng.multinomial(rows, np.ravel(shares), size=times).reshape(times, *np.shape(shares))


def independent(*margins):
    return np.outer(*margins)


def test_a_two_by_two_channel_tells_what_it_must():
    found = told(np.array([[400_000, 100_000], [100_000, 400_000]]))
    assert found.nats == pytest.approx(CHANNEL, abs=1e-6)
    # var of ln(1.6) with 0.8 and ln(0.4) with 0.2, by the rows
    assert found.variance(found.nats) == pytest.approx(0.16 * np.log(4) ** 2 / 1e6, rel=1e-3)
    assert found.p < 1e-300


def test_noise_is_taken_off_at_any_strength():
    rng = np.random.default_rng(1)
    for strength in (0.0, 0.1, 0.5):
        shares = (1 - strength) * independent([0.5, 0.3, 0.2], [0.6, 0.3, 0.1])
        shares = shares + strength * np.diag([0.5, 0.3, 0.2])
        found = told(drawn(rng, shares, 400, 4000)).nats
        error = 4 * found.std() / np.sqrt(4000)
        assert found.mean() == pytest.approx(float(_plain(shares)), abs=error + 2e-4)


def _plain(shares):
    return mutual_information(np.round(np.array(shares) * 1e9))


@pytest.mark.parametrize("strength", [0.0, 0.05, 0.5])
def test_nine_intervals_of_ten_at_least_hold_the_truth(strength):
    rng = np.random.default_rng(2)
    shares = (1 - strength) * independent([0.2] * 5, [0.7, 0.3])
    shares[:, 0] += strength * np.array([0.2, 0.2, 0.2, 0.1, 0.0])
    shares[:, 1] += strength * np.array([0.0, 0.0, 0.0, 0.1, 0.2])
    low, high = information_interval(told(drawn(rng, shares, 2000, 3000)))
    truth = float(_plain(shares))
    inside = np.mean((low <= truth + 1e-12) & (truth <= high))
    assert inside >= 0.84  # 0.85 where the truth is of the size of the noise
    assert inside <= 0.96 or not strength  # at 0 the lower end cannot miss


@pytest.mark.parametrize("strength", [0.0, 0.02, 0.1, 0.5])
@pytest.mark.parametrize("live", [400, 4000])
def test_without_a_change_five_percent_are_called_one_at_most(strength, live):
    rng = np.random.default_rng(3)
    shares = (1 - strength) * independent([0.2] * 5, [0.5, 0.3, 0.2])
    shares[:3] += strength * np.array([[0.5, 0, 0], [0, 0.3, 0], [0, 0, 0.2]])
    before, after = (told(drawn(rng, shares, rows, 3000)) for rows in (4000, live))
    assert np.mean(information_changed(before, after) <= 0.05) <= 0.07


def test_a_dependence_that_is_gone_is_found():
    rng = np.random.default_rng(4)
    shares = np.array([[0.35, 0.15], [0.15, 0.35]])
    before, after = (
        told(drawn(rng, each, 1000, 500)) for each in (shares, independent([0.5] * 2, [0.5] * 2))
    )
    assert np.mean(information_changed(before, after) <= 1e-3) > 0.99


@pytest.mark.parametrize("table", [[[5, 0], [7, 0]], [[5, 9]], [[0, 0], [0, 0]]])
def test_a_single_row_or_column_tells_nothing_for_certain(table):
    found = told(np.array(table))
    assert (float(found.nats), float(found.variance(0.0)), float(found.p)) == (0.0, 0.0, 1.0)
    assert information_interval(found)[0] == 0.0
    assert information_changed(found, found) == 1.0


def test_tables_may_be_stacked():
    tables = np.array([[[4, 1], [1, 4]], [[3, 3], [2, 9]]])
    whole, apart = told(tables), [told(table) for table in tables]
    assert whole.nats.tolist() == [float(each.nats) for each in apart]
    assert whole.p.tolist() == [float(each.p) for each in apart]


def test_counts_that_are_none_are_refused():
    with pytest.raises(BadCounts):
        told([[1.5, 2.0]])


def test_entropy_is_all_there_is_to_know():
    assert entropy([10**6, 10**6]) == pytest.approx(np.log(2), abs=1e-6)
    assert entropy([7, 0]) == 0.0
    rng = np.random.default_rng(5)
    means = entropy(rng.multinomial(50, [0.25] * 4, size=4000)).mean()
    assert means == pytest.approx(np.log(4), abs=0.004)
