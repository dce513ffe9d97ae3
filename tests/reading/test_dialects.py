import pytest

from core.reading.dialects import Dialect, detect
from core.reading.options import Options
from core.reading.problems import Unreadable


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"a,b\n1,2\n", Dialect()),
        (b"a;b\n1,5;2\n", Dialect(delimiter=";", decimal=",")),
        (b"a;b\n1.5;2\n", Dialect(delimiter=";")),
        (b"a\tb\n1\t2\n", Dialect(delimiter="\t")),
        (b"a|b\n1|2\n", Dialect(delimiter="|")),
        (b'"a;x",b\n"1;2",3\n', Dialect()),
        (b"a\n1\n2\n", Dialect()),
        ("a,b\n1,é\n".encode("utf-8-sig"), Dialect("utf-8-sig")),
        ("a,b\n1,é\n".encode("utf-16"), Dialect("utf-16")),
        ("a,b\n1,é\n".encode("cp1252"), Dialect("cp1252", guessed=True)),
    ],
)
def test_the_dialect_is_told_from_the_first_lines(head, expected):
    assert detect(head) == expected


def test_a_letter_cut_in_two_at_the_end_is_still_utf8():
    assert detect("a,b\n1,é".encode()[:-1]).encoding == "utf-8"


@pytest.mark.parametrize("mark", [" ", ":", "^"])
def test_known_names_tell_a_delimiter_that_the_text_alone_does_not(mark):
    head = "age,town\n1,x\n2,y\n".replace(",", mark).encode()
    assert detect(head, expected=("age", "town")).delimiter == mark


def test_a_file_that_is_not_in_the_chosen_encoding_is_refused():
    with pytest.raises(Unreadable) as caught:
        detect(b"a,b\n1,2\n", Options(encoding="utf-16"))
    assert caught.value.code == "wrong_encoding"


def test_the_first_line_of_excel_names_the_delimiter():
    assert detect(b"sep=;\na,b;c\n1,5;2\n").delimiter == ";"
