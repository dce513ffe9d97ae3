from core.deciding.reports import State
from core.reporting.effects import effect, moves, tally

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
