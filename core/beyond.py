"""What is judged beyond one column at a time, added to the report on the features."""

from .deciding.decisions import Limits, verdict
from .deciding.reports import Report
from .deciding.vector_obstacles import odd_vectors
from .deciding.vectors import judge_vectors
from .profiling.profiles import Profile
from .settings import Settings


def beyond(
    report: Report,
    sides: tuple[Profile, Profile],
    settings: Settings,
    limits: Limits,
    *,
    windows: bool = False,
) -> Report:
    """Add the vectors of both sides (reference, live); the verdict is then on all.

    `windows` tells that a side is a sum of windows, of which vectors are not counted.
    """
    vectors = judge_vectors(
        sides,
        settings.vectors,
        limits=limits,
        policy=settings.policy,
        missing=settings.missing == "bin",
        windows=windows,
    )
    if not vectors:
        return report
    whole = verdict([*report.features, *vectors])
    warnings = (*report.warnings, *odd_vectors(sides))
    return report.model_copy(update={"vectors": vectors, "verdict": whole, "warnings": warnings})
