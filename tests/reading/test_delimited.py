import threading

import pyarrow as pa
import pytest

from core.reading import texts
from core.reading.problems import Unreadable
from core.reading.sources import load


def rows(source, **choices):
    table = load(source, **choices)
    batches = list(table.batches())
    return table, pa.Table.from_batches(
        [pa.RecordBatch.from_pylist(batch.to_pylist()) for batch in batches]
    ).to_pydict()


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(texts, "BLOCK_BYTES", 256)
    monkeypatch.setattr(texts, "HEAD_BYTES", 100)


def test_blocks_end_at_line_ends_outside_quotes(small_blocks):
    lines = [f'{i},"text\n{i}, ""quoted"""\n' for i in range(200)]
    _, columns = rows(("n,t\n" + "".join(lines)).encode())
    assert columns["n"] == list(range(200))
    assert columns["t"] == [f'text\n{i}, "quoted"' for i in range(200)]


def test_blocks_read_ahead_keep_their_order_and_their_error():
    def blocks():
        yield from (texts.Block(bytes([number]), number) for number in range(9))
        raise Unreadable("odd", "The tenth block is odd.")

    ahead = texts.ahead(blocks())
    assert [next(ahead).lines_before for _ in range(9)] == list(range(9))
    with pytest.raises(Unreadable, match="tenth"):
        next(ahead)


def test_a_reader_that_stops_early_leaves_no_thread_behind():
    before = set(threading.enumerate())
    ahead = texts.ahead(texts.Block(b"", number) for number in range(10**9))
    next(ahead)
    assert set(threading.enumerate()) - before
    ahead.close()
    assert not set(threading.enumerate()) - before


def test_a_block_that_refutes_the_first_types_is_read_with_its_own(small_blocks):
    text = "n\n" + "".join(f"{i}\n" for i in range(300)) + "0.5\n"
    table = load(text.encode())
    values = [value for batch in table.batches() for value in batch.to_pydict()["n"]]
    assert [float(value) for value in values] == [*range(300), 0.5]


def test_codes_with_leading_zeros_stay_text():
    _, columns = rows(b"code,n\n007,1\n7,2\n")
    assert columns["code"] == ["007", "7"]
    assert columns["n"] == [1, 2]


def test_a_wish_for_text_keeps_labels_as_they_are_written():
    _, columns = rows(b"code\n3\n3.0\n", columns={"code": pa.string()})
    assert columns["code"] == ["3", "3.0"]


def test_in_text_only_the_empty_field_is_missing():
    _, columns = rows(b'country,n\nNA,1\n,2\n"",3\nnull,4\n')
    assert columns["country"] == ["NA", None, None, "null"]


def test_numbers_with_odd_tokens_are_declared_as_numbers():
    table = load(b"n\n" + b"1.5\n" * 200 + b"NA\n12a\n")
    assert table.schema.field("n").type == pa.float64()


def test_rows_of_another_width_are_left_out_and_counted():
    table, columns = rows(b"a,b\n1,2\n1,2,3\n3,4\n5\n")
    assert columns == {"a": [1, 3], "b": [2, 4]}
    assert (table.rows_read, table.rows_dropped) == (4, 2)
    assert [(note.code, note.count, note.first) for note in table.notes] == [
        ("bad_rows", 2, "1,2,3")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_any_encoding_gives_the_same_rows(encoding):
    table, columns = rows("größe,n\nweiß,1\n".encode(encoding))
    assert columns == {"größe": ["weiß"], "n": [1]}
    assert [note.code for note in table.notes] == ["encoding_guessed"] * (encoding == "cp1252")


def test_semicolons_and_decimal_commas_give_the_same_numbers():
    _, german = rows(b"a;b\n1,5;x\n-2,25;y\n")
    _, english = rows(b"a,b\n1.5,x\n-2.25,y\n")
    assert german == english


def test_decimal_commas_among_odd_tokens_become_points():
    _, columns = rows(b"a;b\n1,5;x\n2,5;y\nNA;z\n")
    assert columns["a"] == ["1.5", "2.5", None]
