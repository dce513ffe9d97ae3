"""The report as one HTML page: no network, readable without scripts, in print, light and dark.

`report.html.j2` is its text, `report.css` its looks and `report.js` the sorting and filtering.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...deciding.reports import FeatureReport, Report, State
from .. import (
    bars,
    certainty,
    conventions,
    courses,
    facts,
    outcomes,
    pairs,
    palette,
    segments,
    sentences,
    sketches,
    strips,
    vectors,
    words,
)

SUFFIX = ".html"
FOLDER = Path(__file__).parent
OPEN = (State.ALERT, State.WARN)  # the details that are unfolded
TOP_BINS = 5
LONG_NAME = 300  # characters of a name in its own details
METER = 72  # pixels of the bar beside a JS distance
# The groups of the filter and the tiles: name, states, class of colour.
GROUPS = (
    ("Drifted", (State.ALERT,), "drift"),
    ("Watch", (State.WARN,), "watch"),
    ("Stable", (State.STABLE, State.NEGLIGIBLE), "stable"),
    ("Not enough data", (State.INSUFFICIENT,), "unsure"),
    ("Not compared", (State.NO_DATA, State.SKIPPED), "none"),
)
LOOKS = {state: look for _, states, look in GROUPS for state in states}
VERDICT_LOOKS = {
    "drift": "drift",
    "incomplete": "watch",
    "watch": "watch",
    "not_enough_data": "unsure",
    "stable": "stable",
}


def render(report: Report) -> str:
    """Write the page; every name, label and message from the data is text in it, never markup."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words,
        sentences=sentences,
        certainty=certainty,
        outcomes=outcomes,
        pairs=pairs,
        segments=segments,
        conventions=conventions,
        courses=courses,
        vectors=vectors,
        facts=facts.facts,
        one_sided=facts.one_sided,
        quantiles=facts.quantiles,
        smoothing=facts.smoothing,
        is_ordered=bars.is_ordered,
        top_bins=lambda feature: bars.ranked(feature, TOP_BINS),
        is_open=lambda feature: feature.state in OPEN,
        looks=LOOKS,
        long_name=LONG_NAME,
    )
    environment.filters["outcome_row"] = outcomes.row
    for row in (segments.segment_row, segments.feature_row, segments.inside_row, pairs.row):
        environment.filters[row.__name__] = row
    environment.filters["unbroken"] = lambda text: text.replace(" %", "\N{NO-BREAK SPACE}%")
    page = environment.get_template("report.html.j2")
    return page.render(report=report, **_assets(), **_pictures(), **_of(report)) + "\n"


def _assets() -> dict[str, object]:
    """Read style and script, and allow nothing else: the policy names them by their digests."""
    style, script = (
        (FOLDER / name).read_text(encoding="utf-8").strip() for name in ("report.css", "report.js")
    )
    style = _colours() + style
    allowed = f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    # Our own two files, not from data.
    return {"style": Markup(style), "script": Markup(script), "policy": Markup(policy)}  # noqa: S704


def _colours() -> str:
    light, dark = (
        ":root{" + "".join(f"--{name}:{colour};" for name, colour in theme.items()) + "}"
        for theme in (palette.LIGHT, palette.DARK)
    )
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}\n"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _pictures() -> dict[str, object]:
    """Hand the sketches to the page as markup: they escape what they take from data."""

    def marked(sketch: Callable[[FeatureReport], str]) -> Callable[[FeatureReport], str]:
        return lambda feature: Markup(sketch(feature))  # noqa: S704

    return {
        "overlay": marked(sketches.overlay),
        "contributions": marked(sketches.contributions),
        "thumbnail": marked(sketches.thumbnail),
        "says": lambda found: Markup(outcomes.bars(found)),  # noqa: S704
        "joint": lambda pair: Markup(pairs.heatmaps(pair)),  # noqa: S704
        "strip": lambda timeline, feature: Markup(strips.strip(timeline, feature)),  # noqa: S704
    }


def _of(report: Report) -> dict[str, object]:
    distances = [certainty.size(feature) or 0.0 for feature in report.features]
    longest = max(distances, default=0.0) or 1.0
    return {
        "look": VERDICT_LOOKS[report.verdict],
        "tested": any(feature.q is not None for feature in report.features),
        "groups": [
            (name, look, sum(report.counts.get(state, 0) for state in states))
            for name, states, look in GROUPS
        ],
        "meter": lambda feature: round(METER * (certainty.size(feature) or 0.0) / longest, 1),
        "settings": {
            key: json.dumps(value, ensure_ascii=False) for key, value in report.settings.items()
        },
    }
