import pytest

from core.deciding.alarms import Alarms
from core.deciding.reports import State
from core.reporting.effects import cries, effect, moves, tally

from . import samples


def report(*states):
    features = [samples.numeric(f"f{i}", state=state) for i, state in enumerate(states)]
    return samples.report(*features)


def test_the_same_report_has_no_effect():
    same = report(State.ALERT, State.WARN)
    assert moves(same, same) == ()
    assert effect(same, same) == "No feature changes its verdict: 1 drift, 1 to watch."


def test_moves_name_the_features_whose_verdict_changes_and_which_way():
    now = report(State.ALERT, State.WARN, State.STABLE)
    then = report(State.WARN, State.ALERT, State.NEGLIGIBLE)
    found = moves(now, then)
    assert [(move.after.name, move.before.state) for move in found] == [
        ("f0", State.ALERT),
        ("f1", State.WARN),
    ]
    assert effect(now, then) == "2 features would change: as many of each as before."


def test_the_sentence_counts_each_verdict_before_and_after():
    now = report(State.ALERT, State.ALERT, State.STABLE)
    then = report(State.ALERT, State.WARN, State.INSUFFICIENT)
    assert effect(now, then) == (
        "2 features would change: drift 2 → 1; watch 0 → 1; not enough data 0 → 1; stable 1 → 0."
    )


def test_the_tally_counts_every_feature_once():
    counted = tally(samples.report(*samples.every_state()))
    assert sum(counted.values()) == len(samples.every_state())


@pytest.mark.parametrize(
    ("by_chance", "fixed", "tested"),
    [
        (7.9e-17, "would bring practically none.", "On average practically none of these are"),
        (0.0049, "would bring practically none.", "On average practically none of these are"),
        (0.005, "would bring about 0.005.", "On average no more than 0.005 of these are"),
        (3.2, "would bring about 3.2.", "On average no more than 3.2 of these are"),
    ],
)
def test_what_chance_alone_would_bring_is_told_in_words_where_it_is_next_to_nothing(
    by_chance, fixed, tested
):
    for is_tested, words in ((False, fixed), (True, tested)):
        found = Alarms(4, 2, 14, by_chance, weeks=None, tested=is_tested)
        assert words in cries(found, found)
