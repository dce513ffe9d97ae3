"""The report as plain text for a terminal: the verdict, and the features ranked in a table."""

from ...deciding.reports import FeatureReport, Report
from ..sentences import STATES, VERDICTS, basis, gist, headline, tables
from ..words import cut, score, visible

SUFFIX = ".txt"
HEADER = ("Verdict", "Feature", "JS distance", "What changed")
REASON_WIDTH = 100


def render(report: Report) -> str:
    """Write the verdict, then one line a feature; nothing in it acts on a terminal."""
    rows = [HEADER, *(_row(feature) for feature in report.features)]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    table = [
        f"{verdict:<{widths[0]}}  {name:<{widths[1]}}  {distance:>{widths[2]}}  {changed}".rstrip()
        for verdict, name, distance, changed in rows
    ]
    top = [f"{VERDICTS[report.verdict]}: {headline(report)}", tables(report), basis(report)]
    return "\n".join([*top, "", *table]) + "\n"


def _row(feature: FeatureReport) -> tuple[str, str, str, str]:
    changed = cut(gist(feature), REASON_WIDTH)
    return (
        str(STATES[feature.state]),
        cut(feature.name),
        score(feature.js_distance),
        visible(changed),
    )
