from core.deciding.reports import Sides, Summary
from core.reporting.bars import ranked
from core.reporting.facts import bin_rows, concentration, facts

from .samples import categorical, numeric


def test_the_fewest_bins_that_make_most_of_it_are_counted():
    few = numeric(reference=(0, 50, 50, 0), live=(0, 50, 40, 10))
    assert concentration(ranked(few, 5)).startswith("One bin makes ")
    spread = numeric(reference=(10, 40, 40, 10), live=(40, 10, 10, 40))
    assert concentration(ranked(spread, 5)) == "4 bins make 100 % of the divergence."


def test_where_no_few_bins_make_most_of_it_the_listed_ones_are_summed():
    spread = numeric(reference=(10, 40, 40, 10), live=(40, 10, 10, 40))
    assert concentration(ranked(spread, 2)) == "2 bins make 50 % of the divergence."


def test_each_bin_is_a_line_with_rows_part_and_what_one_row_says():
    line = bin_rows(ranked(categorical(), 1))[0]
    assert line[0] == "WN + new"
    assert line[1] == "0 % (0)"
    assert line[3].endswith("▲ more")
    assert line[4:] == ("infinite", "infinite")


def test_a_figure_of_zero_is_told_and_only_what_neither_side_has_is_left_out():
    summary = Summary(
        minimum=Sides(reference=0.0, live=0.0),
        maximum=Sides(reference=0.0, live=None),
        mean=Sides(reference=None, live=None),
        zeros=Sides(reference=0, live=0),
        infinite=Sides(reference=0, live=2),
    )
    assert facts(numeric(summary=summary))[1:] == [
        ("Minimum", "0", "0"),
        ("Maximum", "0", "–"),
        ("Infinite", "0", "2"),
    ]
