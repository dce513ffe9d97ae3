import pytest

from core.reading.dialects import Dialect
from core.reading.headers import find_header
from core.reading.options import Options, Wishes
from core.reading.problems import Unreadable


def found(text, expected=(), **options):
    wishes = Wishes(options=Options(**options), expected=expected)
    return find_header(text.splitlines(keepends=True), Dialect(), wishes)


@pytest.mark.parametrize(
    ("text", "names", "lines"),
    [
        ("a,b\n1,2\n", ["a", "b"], 1),
        ("Title\n\na,b\n1,2\n3,4\n", ["a", "b"], 3),
        ("# a, b, c\na,b\n1,2\n", ["a", "b"], 2),
        ("#a,b\n1,2\n3,4\n", ["#a", "b"], 1),
        ("town,2024,2025\nx,1.5,2\ny,2,3\n", ["town", "2024", "2025"], 1),
        ("0,1,2\n1.5,2,3\n4,5,6\n", ["0", "1", "2"], 1),
        (" a , b\n1,2\n", ["a", "b"], 1),
        (",a\n0,1\n1,2\n", ["column_1", "a"], 1),
        ("a,b,,\n1,2,,\n3,4,,\n", ["a", "b", "column_3", "column_4"], 1),
        ('"two\nlines",b\n1,2\n', ["two\nlines", "b"], 2),
        ("sep=,\na,b\n1,2\n", ["a", "b"], 2),
    ],
)
def test_the_header_is_told_from_the_first_lines(text, names, lines):
    header = found(text)
    assert (header.names, header.lines) == (names, lines)


def test_known_names_are_found_wherever_they_stand():
    assert found("x,y\nz,w\na,b\nc,d\n", ("a", "b")).lines == 3
    assert found("a,b\na,b\n", ("a", "b")).lines == 1


def test_nameless_columns_without_a_value_at_the_right_are_ignored():
    assert found("a,b,,\n1,2,,\n").ignored == 2
    assert found("a,b,\n1,2,3\n").ignored == 0
    assert found("a,b\n1,2,\n3,4,\n").ignored == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,2\n3,4\n", "no_header"),
        ("1.5\n2.5\n3.5\n", "no_header"),
        (",,\n1,2,3\n4,5,6\n", "no_header"),
        ("a,b\n1,2,3\n4,5,6\n", "header_mismatch"),
        ("a,b,c\n1,2\n3,4\n", "header_mismatch"),
        ("a,a\n1,2\n", "duplicate_columns"),
    ],
)
def test_what_names_no_columns_is_refused(text, code):
    with pytest.raises(Unreadable) as caught:
        found(text)
    assert caught.value.code == code


def test_the_settings_may_say_the_line_of_the_header_or_that_there_is_none():
    assert found("1,2\n3,4\n5,6\n", header=2).names == ["3", "4"]
    assert found("1,2\n3,4\n", header=0).names == ["column_1", "column_2"]
    assert found("1,2\n3,4\n", header=0, names=("x", "y")).names == ["x", "y"]
    for names, code in ((("x",), "header_mismatch"), (("x", "x"), "duplicate_columns")):
        with pytest.raises(Unreadable) as caught:
            found("1,2\n3,4\n", header=0, names=names)
        assert caught.value.code == code
    with pytest.raises(Unreadable, match="ends before"):
        found("a,b\n", header=5)
