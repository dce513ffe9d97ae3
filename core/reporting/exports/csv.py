"""The table of features as CSV, one row a feature, safe to open in a spreadsheet."""

import csv
import io

from ...deciding.reports import FeatureReport, Report, VectorReport
from .. import vectors
from ..sentences import STATES, gist

SUFFIX = ".csv"
FIELDS = (
    "name",
    "kind",
    "state",
    "code",
    "js_distance",
    "js_distance_corrected",
    "jsd_bits",
    "kl_live_ref",
    "kl_ref_live",
    "psi",
    "hellinger",
    "total_variation",
    "wasserstein",
    "kolmogorov_smirnov",
    "p",
    "q",
    "n",
    "m",
    "rows_needed",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(report: Report) -> str:
    """Write verdict, figures (KL and PSI in nats) and reasons, text guarded against being run."""
    text = io.StringIO()
    rows = csv.writer(text)  # lines end as RFC 4180 has it: then a lone CR is quoted too
    rows.writerow(
        ["verdict", *FIELDS, "missing_reference", "missing_live", "changed", "reason", "role"]
    )
    rows.writerows([_guard(cell) for cell in _row(feature)] for feature in report.features)
    rows.writerows([_guard(cell) for cell in _vector(each)] for each in report.vectors)
    return text.getvalue()


def _row(feature: FeatureReport) -> list[object]:
    return [
        STATES[feature.state].word,
        *(getattr(feature, field) for field in FIELDS),
        feature.missing.reference,
        feature.missing.live,
        gist(feature),
        feature.reason,
        feature.role,
    ]


def _vector(vector: VectorReport) -> list[object]:
    return [
        STATES[vector.state].word,
        *("vector" if field == "kind" else getattr(vector, field, None) for field in FIELDS),
        vector.missing.reference,
        vector.missing.live,
        vectors.gist(vector),
        vector.reason,
        None,
    ]


def _guard(cell: object) -> object:
    """Put an apostrophe before text that begins like a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
