import pyarrow as pa
import pytest

from core.reading.moments import MOMENT
from core.reading.options import Options
from core.reading.values import Cleaner, meant

TIME = pa.timestamp("us")


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1.5", "NA", None], pa.float64()),
        (["1,234.5", "2"], pa.float64()),
        (["1.234,5", "2,5"], pa.float64()),
        (["10:30", "11:45:10", "-"], pa.float64()),
        (["2026-01-01", "n/a"], TIME),
        (["2026-01-01T10:00:00Z"], MOMENT),
        (["13/2/2026", "1/2/2026"], TIME),
        (["1/2/2026", "3/4/2026"], pa.string()),
        (["true", "False", "?"], pa.bool_()),
        (["007", "12"], pa.string()),
        (["NA", "null"], pa.string()),
        (["a", "1"], pa.string()),
    ],
)
def test_what_texts_mean_is_told_from_nearly_all_of_them(texts, kind):
    assert meant(pa.chunked_array([texts]), ".") == kind


def cleaned(column, kind, *, written=True, **options):
    cleaner = Cleaner({"x": kind}, Options(**options), is_written=written)
    batch = cleaner.clean(pa.record_batch({"x": pa.array(column)}))
    return batch["x"].to_pylist(), {note.code: note for note in cleaner.notes()}


def test_numbers_in_another_form_are_rewritten_and_counted():
    found, notes = cleaned(["1,234.5", "12a", "N/A", "2", "1,234.5"], pa.float64())
    assert found == ["1234.5", "12a", None, "2", "1234.5"]
    assert (notes["numbers_reformatted"].count, notes["numbers_reformatted"].first) == (
        2,
        "1,234.5",
    )
    assert (notes["missing_tokens"].count, notes["missing_tokens"].first) == (1, "N/A")


def test_the_decimal_mark_of_a_column_is_told_once():
    cleaner = Cleaner({"x": pa.float64()}, Options())
    for texts, plain in ((["1.234,5", "7,5"], ["1234.5", "7.5"]), (["1,234"], ["1.234"])):
        batch = cleaner.clean(pa.record_batch({"x": texts}))
        assert batch["x"].to_pylist() == plain


def test_numbers_in_the_text_of_a_typed_source_are_always_told():
    found, notes = cleaned(["1.5", "2"], pa.float64(), written=False)
    assert found == ["1.5", "2"]
    assert notes["numbers_reformatted"].count == 2


def test_times_of_day_are_seconds():
    assert cleaned(["10:30", "NA"], pa.float64())[0] == ["37800", None]


def test_dates_are_rewritten_as_the_standard_has_it():
    found, notes = cleaned(["31/12/2026", "n/a", "never"], TIME)
    assert found == ["2026-12-31T00:00:00.000000", None, "never"]
    assert notes["dates_reformatted"].count == 1
    assert cleaned([20261231, None], TIME)[0] == ["2026-12-31T00:00:00.000000", None]
    assert "date_order_guessed" in cleaned(["1/2/2026"], TIME)[1]


def test_blanks_around_written_texts_are_no_part_of_them():
    found, notes = cleaned([" a", "a ", "a", "  "], pa.string())
    assert found == ["a", "a", "a", None]
    assert notes["names_trimmed"].count == 3
    assert cleaned([" a"], pa.string(), written=False)[0] == [" a"]


@pytest.mark.parametrize("column", [["-999", "x"], [-999, 1], [-999.0, 1.5]])
def test_chosen_words_for_missing_are_missing_in_columns_of_any_type(column):
    found, _ = cleaned(column, pa.string(), missing=("-999",))
    assert found[0] is None
    assert found[1] is not None
