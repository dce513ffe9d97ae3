import pytest

from core.reporting.columns import mismatches, new_columns, renamed

from . import samples


@pytest.mark.parametrize(
    ("missing", "new", "guessed"),
    [
        (["customer_age"], ["customerAge"], {"customer_age": "customerAge"}),
        (["Fare (EUR)"], ["fare_eur"], {"Fare (EUR)": "fare_eur"}),
        (["age"], ["utm_source"], {}),
        (["size_a", "size_b"], ["size b"], {"size_b": "size b"}),
        ([], ["x"], {}),
        (["age"], ["customer_age"], {"age": "customer_age"}),
        (["customerAge"], ["age"], {"customerAge": "age"}),
        (["age"], ["garage"], {}),
        (["a", "aa"], ["a1", "aa1"], {"aa": "aa1"}),
    ],
)
def test_the_most_alike_names_are_guessed_first_and_each_once(missing, new, guessed):
    assert dict(renamed(missing, new)) == guessed


def test_missing_and_changed_columns_need_a_look_and_no_others():
    found = mismatches(samples.report())
    assert {each.code for each in found} <= {"missing_column", "type_changed"}
    assert "churn_flag" in [each.name for each in found]


def test_columns_that_live_alone_has_come_from_the_notes():
    assert new_columns(samples.report()) == []
