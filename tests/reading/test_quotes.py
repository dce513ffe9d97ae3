import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.dialects import Dialect
from core.reading.problems import Unreadable
from core.reading.quotes import last_row_end, turns

cells = st.text('a",\n ', max_size=6)
tables = st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=6)


@given(tables)
def test_a_cut_never_lies_inside_quotes(table):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    block = text.getvalue().encode()
    assert last_row_end(block, Dialect(), 0) == len(block)
    last = last_row_end(block[:-1], Dialect(), 0)
    assert list(csv.reader(io.StringIO(block[:last].decode(), newline=""))) == table[:-1]


def test_a_quote_amid_an_unquoted_field_is_a_letter():
    block = b'5" pipe,x\n6" pipe,"a\nb"\n7" pipe,y\n'
    assert last_row_end(block, Dialect(), 0) == len(block)
    assert len(turns(block, Dialect(), 0)) == 2


def test_an_escaped_quote_does_not_end_a_field():
    block = b'"a\\"\nb",1\n"\\\\",2\n'
    escaped = Dialect(escape="\\")
    assert last_row_end(block, escaped, 0) == len(block)
    assert len(turns(block, escaped, 0)) == 4


def test_without_quotes_every_line_end_ends_a_row():
    assert last_row_end(b'"a\nb\nc', Dialect(quote=""), 0) == 5


def test_a_quote_that_is_never_closed_is_named_by_its_line():
    with pytest.raises(Unreadable, match="Line 12 ") as caught:
        turns(b'1,"a"\n2,"b\n3,c\n4,"d"\n', Dialect(), 10)
    assert caught.value.code == "unclosed_quote"
