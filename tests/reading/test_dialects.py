import pytest

from core.reading.dialects import Dialect, detect


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
