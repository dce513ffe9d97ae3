"""Changed dependence in words, as a picture, and in every report that people read."""

import pytest

from core.deciding.pair_reports import PairReport, PairsReport
from core.deciding.states import Sides, State
from core.reporting import pairs
from core.reporting.exports import html, json, markdown, text

from . import samples

TABLE = tuple(tuple(10 * i + j for j in range(5)) for i in range(5))
EVEN = tuple((10,) * 5 for _ in range(5))
GROUPS = ("below 1", "1 to 2", "2 to 3", "3 to 4", "4 or more")


def pair(one="wind", other="rain", state=State.ALERT, **fields):
    known = {
        "features": (one, other),
        "state": state,
        "p": 1e-12,
        "q": 1e-10,
        "n": 550,
        "m": 250,
        "correlation": Sides(reference=0.5, live=0.4),
        "mutual_information": Sides(reference=0.14, live=0.09),
        "kl_live_ref": 0.3,
        "kl_first": 0.1,
        "kl_second": 0.05,
        "kl_dependence": 0.15,
        "first": GROUPS,
        "second": GROUPS,
        "tables": Sides(reference=TABLE, live=EVEN),
    }
    return PairReport(**(known | fields))


def found(*listed):
    counts = {state: sum(each.state is state for each in listed) for state in State}
    return PairsReport(tested=190, counts=counts, pairs=listed)


def test_pairs_are_counted_in_a_sentence():
    several = found(pair(), pair(state=State.WARN), pair(state=State.NEGLIGIBLE))
    assert pairs.verdict(several) == (
        "Dependence of 190 pairs: 1 depends otherwise than in the reference, 1 to watch, "
        "1 certain, but small."
    )
    assert pairs.verdict(found()) == "Dependence of 190 pairs: no change found."
    assert "No pair" in pairs.verdict(PairsReport(tested=0, counts={}, pairs=()))


def test_a_pair_has_its_story_with_the_margins_apart():
    said = pairs.story(pair())
    assert "rank correlation 0.5 → 0.4, mutual information 0.140 → 0.090 nat (q <1e-9)" in said
    assert "0.100 by wind alone, 0.050 by rain alone, the rest (0.150) by their dependence" in said
    assert "correlation" not in pairs.story(pair(correlation=None))
    assert "odds ratios 0.710 nat apart (q" in pairs.story(pair(association=0.71))


def test_two_features_that_drifted_are_read_with_care():
    assert pairs.CARE in pairs.story(pair())
    assert pairs.CARE not in pairs.story(pair(kl_second=0.001))


def test_both_tables_are_drawn_on_one_scale():
    drawn = pairs.heatmaps(pair())
    assert drawn.count("<rect") == 50
    assert drawn.count('fill-opacity="1.000"') == 1
    assert "Reference" in drawn
    assert "Live" in drawn
    assert "4 or more, 4 or more: 8 %" in drawn


@pytest.mark.parametrize("export", [html, json, markdown, text])
def test_every_report_shows_the_pairs_and_none_without(export):
    plain = samples.report(samples.numeric())
    shown = export.render(plain.model_copy(update={"pairs": found(pair())}))
    assert "wind" in shown
    assert "rain" in shown
    assert "rain" not in export.render(plain)


@pytest.mark.parametrize("name", samples.NAMES)
def test_names_from_data_are_text(name):
    evil = found(pair(name, name, first=(name,) * 5, second=(name,) * 5))
    report = samples.report(samples.numeric()).model_copy(update={"pairs": evil})
    page = html.render(report)
    assert samples.EVIL not in page
    assert samples.EVIL_IMAGE not in page
    assert samples.EVIL_IMAGE not in markdown.render(report)
