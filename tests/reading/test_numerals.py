import pyarrow as pa
import pytest

from core.reading.numerals import are_numbers, decimal_of, is_missing, plain


@pytest.mark.parametrize(
    ("text", "decimal", "written"),
    [
        ("1,234.56", ".", "1234.56"),
        ("1.234,56", ",", "1234.56"),
        ("1\u202f234,5", ",", "1234.5"),
        ("1'234.5", ".", "1234.5"),
        ("12,34,567.8", ".", "1234567.8"),
        ("$1,000", ".", "1000"),
        ("-€5", ".", "-5"),
        ("5,5 €", ",", "5.5"),
        ("(1,234.5)", ".", "-1234.5"),
        ("17-", ".", "-17"),
        ("−3", ".", "-3"),
        ("12%", ".", "12e-2"),
        ("1,5 %", ",", "1.5e-2"),
        (" 7 ", ".", "7"),
        ("1e5", ".", "1e5"),
    ],
)
def test_numbers_as_people_write_them_become_plain(text, decimal, written):
    (found,) = plain(pa.array([text]), decimal).to_pylist()
    assert found == written
    assert are_numbers(pa.array([found])).to_pylist() == [True]


@pytest.mark.parametrize(
    "text", ["12a", "1,23,4", "1 2", "12-11-2026", "1.2.3", "(a)", "007-"[:3] + "x", "$", "%"]
)
def test_what_is_no_number_stays_no_number(text):
    for decimal in ".,":
        assert are_numbers(plain(pa.array([text]), decimal)).to_pylist() == [False]


def test_the_decimal_mark_is_the_one_that_reads_more_and_else_the_likely_one():
    assert decimal_of(pa.array(["1.234,5", "7,25"]), ".") == ","
    assert decimal_of(pa.array(["1,234.5", "7.25"]), ",") == "."
    for likely in ".,":
        assert decimal_of(pa.array(["1,234", "5,678"]), likely) == likely


def test_words_for_missing_are_told_in_any_case():
    words = ["NA", "n/a", "#N/A", "NULL", "None", "-", "?", "\\N", "NaN"]
    assert all(is_missing(pa.array(words)).to_pylist())
    assert not any(is_missing(pa.array(["0", "no", "Nanna", ""])).to_pylist())
