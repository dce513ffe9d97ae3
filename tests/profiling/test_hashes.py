import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling import hashes

TEXTS = [
    "e220a838bf5c9dde",
    "a8b2b845c3484d9d",
    "df5e3eb4ce1b3e8b",
    "bcc367bbdc90d2e3",
    "717dd4dbb5307fb5",
]
NUMBERS = ["0000000000000000", "2a20cd802dcc3526", "460496b0e096a9e6", "ae8a1e194c902136"]


def test_hashes_are_those_that_saved_profiles_hold():
    texts = pa.array(["", "a", "Zürich", "exactly8", "more than eight bytes"])
    assert [f"{value:016x}" for value in hashes.hash_texts(texts).tolist()] == TEXTS
    numbers = np.array([0.0, 1.0, -1.0, 1.7e9])
    assert [f"{value:016x}" for value in hashes.hash_numbers(numbers).tolist()] == NUMBERS


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8), st.integers(0, 7))
def test_a_text_hashes_alike_alone_and_within_a_slice_of_others(texts, start):
    whole = hashes.hash_texts(pa.array(texts, pa.string()).slice(start))
    alone = [int(hashes.hash_texts(pa.array([text]))[0]) for text in texts[start:]]
    assert whole.tolist() == alone


def test_different_texts_hash_differently():
    texts = [f"{word}{zeros * chr(0)}" for word in range(5_000) for zeros in range(3)]
    assert np.unique(hashes.hash_texts(pa.array(texts))).size == len(texts)


def test_both_zeros_hash_alike():
    assert len(set(hashes.hash_numbers(np.array([0.0, -0.0])).tolist())) == 1


@pytest.mark.parametrize("size", [0, 1, 1023])
def test_few_things_are_counted_exactly(size):
    numbers = np.arange(size, dtype=float)
    kept = hashes.lead(hashes.hash_numbers(np.concatenate((numbers, numbers))))
    assert hashes.estimate(kept) == size


@pytest.mark.parametrize("size", [5_000, 300_000])
@pytest.mark.parametrize("step", [1.0, 0.01, 86_400.0, float(2**20)])
def test_many_numbers_are_estimated_within_ten_percent(size, step):
    kept = hashes.lead(hashes.hash_numbers(1.7e9 + step * np.arange(size)))
    assert abs(hashes.estimate(kept) / size - 1) < 0.1


def test_many_texts_are_estimated_within_ten_percent():
    kept = hashes.lead(hashes.hash_texts(pa.array([f"user-{i}" for i in range(50_000)])))
    assert abs(hashes.estimate(kept) / 50_000 - 1) < 0.1


def test_what_cannot_enter_among_the_known_is_left_out_without_a_difference():
    first, second = (hashes.hash_numbers(np.arange(s, s + 9_000.0)) for s in (0, 4_000))
    known = hashes.lead(first)
    with_hint = hashes.smallest(np.concatenate((known, hashes.lead(second, known))))
    assert with_hint.tolist() == hashes.lead(np.concatenate((first, second))).tolist()


def test_a_hash_just_below_the_largest_known_still_enters():
    leading = np.uint64(24)  # bits that are cut off: 40 are kept
    known = np.arange(0, 2 * hashes.SMALLEST, 2, dtype=np.uint64)
    offered = np.arange(4 * hashes.SMALLEST, dtype=np.uint64) << leading
    entering = hashes.lead(offered, known)
    assert entering.tolist() == list(range(hashes.SMALLEST))
    odd = hashes.lead(offered[2 * hashes.SMALLEST - 3 :], known)
    assert odd.tolist() == [2 * hashes.SMALLEST - 3]
