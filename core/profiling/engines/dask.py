"""Count with Dask: each partition becomes a profile where it lies, and profiles are summed there.

The scheduler is whatever Dask is set to: threads, processes, or a cluster, whose workers need this
package. Counts are those of `local`.
"""

from collections.abc import Callable, Mapping

import pyarrow as pa

from ..kinds import Kind
from ..profiles import Profile
from .spark import Batches, Clustered, Parts, profiled

_AT_ONCE = 8  # profiles that one task sums


def profile(data: Clustered, kinds: Mapping[str, Kind] | None = None) -> Profile:
    """Count a table of Dask once, count for count as `local.profile` does.

    Its `cluster` are the delayed record batches of each partition.
    """
    return profiled(data, kinds, summed)


def summed(data: Clustered, count: Callable[[Batches], Parts]) -> dict[str, Profile]:
    """Sum by part, over all partitions, the profiles that `count` makes of their batches."""
    import dask  # noqa: PLC0415 (an extra)

    found = [dask.delayed(_counted)(count, part) for part in data.cluster]
    while len(found) > 1:
        starts = range(0, len(found), _AT_ONCE)
        found = [dask.delayed(_added)(found[start : start + _AT_ONCE]) for start in starts]
    return found[0].compute() if found else {}


def _counted(count: Callable[[Batches], Parts], rows: list[pa.RecordBatch]) -> dict[str, Profile]:
    return dict(count(iter(rows))) if rows else {}


def _added(sums: list[dict[str, Profile]]) -> dict[str, Profile]:
    parts = {part for each in sums for part in each}
    return {part: Profile.total([each[part] for each in sums if part in each]) for part in parts}
