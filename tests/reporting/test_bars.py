import pytest

from core.reporting.bars import bars, ranked

from .samples import categorical, every_state, numeric, rich

WIDE = categorical(
    labels=tuple(f"value {i}" for i in range(60)),
    reference=tuple(range(10, 70)),
    live=tuple(range(69, 9, -1)),
)
WITH_BINS = [feature for feature in every_state() if feature.m] + [WIDE]


@pytest.mark.parametrize("feature", WITH_BINS, ids=lambda feature: feature.name)
@pytest.mark.parametrize("most", [2, 12, 30])
def test_no_row_and_no_part_is_lost_by_folding(feature, most):
    drawn = bars(feature, most)
    assert sum(bar.reference for bar in drawn) == pytest.approx(1)
    assert sum(bar.live for bar in drawn) == pytest.approx(1)
    assert sum(bar.reference_rows for bar in drawn) == feature.n
    parts = sum(bar.part for bar in drawn)
    assert parts == pytest.approx(1 if feature.jsd_bits else 0)


def test_categories_come_largest_part_first_and_the_rest_as_one():
    drawn = bars(WIDE)
    parts = [bar.part for bar in drawn[:-1]]
    assert len(drawn) == 30
    assert parts == sorted(parts, reverse=True)
    assert drawn[-1].label == "31 further values"


def test_numbers_keep_the_order_of_the_axis():
    assert [bar.label for bar in bars(numeric())] == ["below 0", "0 to 10", "10 to 20", "above 20"]


def test_new_and_vanished_categories_are_marked_in_words():
    notes = {bar.label: bar.note for bar in bars(categorical())}
    assert notes == {"UA": "", "B6": "", "DL": "− vanished", "WN": "+ new"}


def test_only_bins_of_one_value_are_single():
    assert [bar.label for bar in bars(rich()) if bar.is_single] == ["0"]


def test_the_largest_parts_lead_and_empty_ones_are_left_out():
    assert [bar.label for bar in ranked(categorical(), 5)] == ["WN", "DL", "UA"]


def test_a_bar_says_itself_in_one_line():
    new = next(bar for bar in bars(categorical()) if bar.label == "WN")
    assert new.words == "WN (+ new): 0 % → 30 % of rows; 59 % of the divergence"


def test_without_bins_there_is_nothing_to_draw():
    assert bars(numeric(bins=())) == ()


def test_a_row_in_a_bin_speaks_for_live_or_against_it():
    evidence = {bar.label: bar.evidence for bar in bars(categorical())}
    assert (evidence["WN"], evidence["DL"]) == ("infinite", "-infinite")
    halved = bars(numeric(reference=(0, 50, 50, 0), live=(0, 25, 75, 0)))[1]
    assert halved.evidence == "-1.0"


@pytest.mark.parametrize("live", [(0, 50, 50, 0), (0, 51, 49, 0), (0, 49, 51, 0)])
def test_what_rounds_to_no_bit_has_no_sign(live):
    equal = bars(numeric(reference=(0, 50, 50, 0), live=live))[1]
    assert equal.evidence == "0.0"
    certain = bars(numeric(reference=(0, 100, 0, 0), live=live))[1]
    assert certain.surprise == "0.0"
