import numpy as np
import pyarrow as pa

from core.deciding.binnings import Options
from core.deciding.poolings import bin_categories
from core.profiling.categories import CategoryCounts


def counts(rows, missing=0):
    labels, numbers = list(rows), np.array(list(rows.values()), np.int64)
    return CategoryCounts().extended(pa.array(labels, pa.string()), numbers, missing=missing)


def shown(reference, live, **choices):
    bins, _ = bin_categories(reference, live, options=Options(**choices))
    return {
        (label, role): rows
        for label, role, rows in zip(bins.labels, bins.roles, bins.counts.T.tolist(), strict=True)
    }


def test_rare_labels_are_other_and_the_rest_stand_alone():
    before, after = counts({"a": 500, "b": 400, "c": 3}), counts({"a": 510, "b": 390, "c": 4})
    assert shown(before, after) == {
        ("a", "body"): [500, 510],
        ("b", "body"): [400, 390],
        ("other", "other"): [3, 4],
    }


def test_a_new_label_that_is_no_chance_stands_alone_however_small_the_window():
    before = counts({f"c{i}": 2 for i in range(5000)})
    found = shown(before, counts({"new": 10, **{f"c{i}": 1 for i in range(90)}}))
    assert found["new", "body"] == [0, 10]


def test_at_most_so_many_labels_are_shown_singly():
    before = counts({f"c{i:02}": 100 for i in range(30)})
    found = shown(before, before, categories=10)
    assert len(found) == 11
    assert found["other", "other"] == [2000, 2000]


def test_missing_is_a_bin_unless_dropped():
    before, after = counts({"a": 50}, missing=5), counts({"a": 50})
    assert shown(before, after) == {("a", "body"): [50, 50], ("missing", "missing"): [5, 0]}
    assert shown(before, after, missing=False) == {("a", "body"): [50, 50]}


def test_a_label_called_other_is_not_the_pooled_rest():
    before = counts({"other": 500, "rare": 2})
    found = shown(before, before)
    assert found == {("other", "body"): [500, 500], ("other", "other"): [2, 2]}


def test_rare_labels_that_replace_rare_labels_are_seen():
    rng = np.random.default_rng(1)
    for kinds, rows in ((900, 3000), (5000, 20_000)):
        drawn = [np.unique(rng.integers(0, kinds, rows), return_counts=True) for _ in range(3)]
        before, same, other = (
            counts({f"{name}{i}": n for i, n in zip(*side, strict=True)})
            for name, side in zip("aab", drawn, strict=True)
        )
        assert "unseen" not in {role for _, role in shown(before, same)}
        found = shown(before, other)
        assert found["unseen values", "unseen"][0] == 0
        assert sum(live for (_, role), (_, live) in found.items() if role == "unseen") > rows / 2


def test_labels_are_joined_by_name_and_never_by_position():
    found = shown(counts({"a": 90, "b": 10}), counts({"b": 90, "c": 10}))
    assert found["b", "body"] == [10, 90]
    assert found["a", "body"] == [90, 0]
    assert found["c", "body"] == [0, 10]
