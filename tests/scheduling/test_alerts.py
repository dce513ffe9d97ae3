import pytest

from core.scheduling.alerts import change, key

FAILED = "drift+failed"


@pytest.mark.parametrize(
    ("told", "state", "event", "after"),
    [
        ("", "quiet", None, "quiet"),
        ("", "drift", "drift_began", "drift"),
        ("", "failed", "job_failed", "+failed"),
        ("quiet", "quiet", None, "quiet"),
        ("quiet", "drift", "drift_began", "drift"),
        ("drift", "drift", None, "drift"),
        ("drift", "quiet", "drift_ended", "quiet"),
        ("drift", None, None, "drift"),  # too little data is no end
        ("quiet", None, None, "quiet"),
        ("drift", "failed", "job_failed", FAILED),
        (FAILED, "failed", None, FAILED),
        (FAILED, "drift", "job_recovered", "drift"),
        (FAILED, "quiet", "drift_ended", "quiet"),
        (FAILED, None, "job_recovered", "drift"),
        ("quiet+failed", "drift", "drift_began", "drift"),
        ("+failed", "quiet", "job_recovered", "quiet"),
    ],
)
def test_only_a_change_is_an_event(told, state, event, after):
    assert change(told, state) == (event, after)


def test_the_key_of_an_address_is_stable_and_too_short_to_give_it_away():
    assert key("https://a.example/x") == key("https://a.example/x") != key("https://a.example/y")
    assert len(key("https://a.example/x")) == 8
