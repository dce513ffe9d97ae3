"""Rows as the fine cells that bin rules are offered, and rows counted in bins."""

import numpy as np


def offered(values):
    """Give boundaries and counts of exact values: each value's own cell, and the gaps between."""
    distinct, rows = np.unique(values, return_counts=True)
    edges = np.union1d(distinct, np.nextafter(distinct, np.inf))
    counts = np.zeros(len(edges) - 1, np.int64)
    counts[np.searchsorted(edges, distinct)] = rows
    return edges, counts


def binned(values, edges):
    """Count values in `below`, the bins between `edges`, and `above`."""
    return np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)


def folded(counts):
    """Add `below` and `above` to their neighbours, as the test of closed bins does."""
    inner = counts[1:-1].copy()
    inner[0] += counts[0]
    inner[-1] += counts[-1]
    return inner
