"""Rows that resemble each other: days that differ by nature, and customers with ten rows each."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from core.deciding.chunks import Chunked, add_chunks
from core.deciding.comparisons import Comparison
from core.deciding.evidence import weigh
from core.measuring.divergences import JSD
from core.measuring.smoothing import probabilities
from core.profiling.profiles import Counts, Profile
from core.profiling.quantities import NumericCounts

from .populations import Generator, labels
from .tables import Table, percent
from .trials import ALPHA, KINDS, STRICT, compared, generator

Chunk = Callable[[Generator, int, float], Counts]  # rng, rows, shift

_DAY_ROWS, _LABELS, _CONCENTRATION = 500, 10, 600.0
_MEAN_SPREAD, _SD_SPREAD = 0.2, 0.1
_SHIFT, _FAR = 1.0, 3.0  # sd of the rows; standard deviations of the rule of thumb
_GROUP, _GROUP_CHUNKS, _WITHIN = 10, 30, 0.1
CHUNKS = (10, 15, 30)


def _independent(rng: Generator, size: int, shift: float) -> Counts:
    return NumericCounts().extended(rng.normal(shift, 1, size))


def _own_mean_and_spread(rng: Generator, size: int, shift: float) -> Counts:
    mean, deviation = rng.normal(shift, _MEAN_SPREAD), np.exp(rng.normal(0, _SD_SPREAD))
    return NumericCounts().extended(rng.normal(mean, deviation, size))


def _own_shares(rng: Generator, size: int, shift: float) -> Counts:
    whole = np.ones(_LABELS)
    whole[0] += shift
    shares = rng.dirichlet(whole / whole.sum() * _CONCENTRATION)
    return labels("day", shares).draw(rng, size)


def _customers(rng: Generator, size: int, shift: float) -> Counts:
    """Give the rows of customers who have ten each, much alike."""
    own = np.repeat(rng.normal(shift, 1, size // _GROUP), _GROUP)
    return NumericCounts().extended(rng.normal(own, _WITHIN))


LAWS: Mapping[str, tuple[Chunk, bool]] = MappingProxyType(
    {
        "independent rows": (_independent, True),
        "days with own shares of ten labels": (_own_shares, True),
        "days with own mean and spread": (_own_mean_and_spread, True),
        "customers with ten rows each": (_customers, False),
    }
)


def alarms(law: str, chunks: int, live: int, repetitions: int) -> list[float]:
    """Test `live` chunks against `chunks` of the reference, as independent rows and in chunks.

    The shares at 5 and 1 % of both without drift; of the test in chunks at 1 % and of the rule of
    thumb (mean + 3 sd of the chunks' JSD; for one live chunk) with drift.
    """
    rng = generator("alarms", law, chunks, live)
    draw, grows = LAWS[law]
    outcomes = []
    for _ in range(repetitions):
        before = [draw(rng, _DAY_ROWS, 0.0) for _ in range(chunks)]
        stable, drifted = (
            _chunked(before, [draw(rng, _DAY_ROWS, shift) for _ in range(live)], grows=grows)
            for shift in (0.0, _SHIFT)
        )
        plain, chunked = weigh(stable[0]).p, weigh(stable[1]).p
        outcomes.append(
            (
                plain <= ALPHA,
                plain <= STRICT,
                chunked <= ALPHA,
                chunked <= STRICT,
                _over_three_deviations(stable[1]),
                weigh(drifted[1]).p <= STRICT,
                _over_three_deviations(drifted[1]),
            )
        )
    return [float(share) for share in np.mean(outcomes, axis=0)]


def _chunked(
    before: list[Counts], after: list[Counts], *, grows: bool
) -> tuple[Comparison, Comparison]:
    """Compare the sums of chunks, without and with the chunks."""
    (plain,) = compared([(sum(before[1:], before[0]), sum(after[1:], after[0]))])
    kinds = {plain.feature: KINDS[type(before[0])]}
    first, second = (
        [Profile(chunk.rows, {plain.feature: chunk}, kinds) for chunk in side]
        for side in (before, after)
    )
    return plain, add_chunks(plain, Chunked(first, second, words="chunks", grows=grows))


def _over_three_deviations(comparison: Comparison) -> bool:
    if comparison.chunks is None:
        raise RuntimeError("no chunks")
    whole = probabilities(comparison.chunks.reference.sum(axis=0), 0)
    own = JSD(probabilities(comparison.chunks.reference, 0), whole)
    live = JSD(probabilities(comparison.chunks.live.sum(axis=0), 0), whole)
    return bool(live > own.mean() + _FAR * own.std(ddof=1))


def tasks(*, quick: bool) -> dict[object, partial[list[float]]]:
    """Give the rows of the table, by law, chunks and live chunks."""
    repetitions = 30 if quick else 300
    cells = [(law, chunks, 1) for law in list(LAWS)[:3] for chunks in CHUNKS]
    cells += [(law, CHUNKS[-1], 7) for law in list(LAWS)[:3]]
    cells += [("customers with ten rows each", _GROUP_CHUNKS, live) for live in (1, _GROUP_CHUNKS)]
    return {cell: partial(alarms, *cell, repetitions) for cell in cells}


def table(results: Mapping[tuple[str, int, int], list[float]]) -> Table:
    """Give every law, number of chunks and of live chunks."""
    head = [
        "law",
        "chunks",
        "live",
        "as rows: 5 %",
        "1 %",
        "in chunks: 5 %",
        "1 %",
        "3 sd",
        "drift: in chunks, 1 %",
        "3 sd",
    ]
    return Table(
        head,
        [
            [law, str(chunks), str(live), *(percent(share) for share in shares)]
            for (law, chunks, live), shares in results.items()
        ],
    )
