"""The report as JSON: the interface for machines, the same bytes for the same report."""

import json

from ...deciding.reports import Report

SUFFIX = ".json"


def render(report: Report) -> str:
    """Write every field in the record's order; no NaN, no Infinity, a line break at the end."""
    fields = report.model_dump(mode="json")
    return json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
