"""Reports made by hand: every state, and the names that attack, without any other room."""

import math
from collections import Counter

from core.deciding.reports import (
    Bin,
    Category,
    Caution,
    FeatureReport,
    Quantile,
    Report,
    Sides,
    State,
    Summary,
    TableReport,
)

EVIL = "<script>alert(1)</script>"
EVIL_IMAGE = "<img src=x onerror=alert(1)>"
EVIL_SPAN = '"><b onmouseover=alert(1)>'
NAMES = (
    EVIL,
    EVIL_IMAGE,
    EVIL_SPAN,
    "</title></style></textarea>",
    "=1+1",
    "温度 🌡 é",
    "line\nbreak\r\ttab",
    "\x1b[31mred\x00",
    "x" * 10_000,
    "a|b `c` [d](javascript:alert(1)) *e*",
    "{{ 7*7 }} {% raw %} %s %(x)s {0}",
    "]]> & &amp; \\ ' \"",
    "",
)
SETTINGS = {"policy": "fixed", "measure": "js_distance", "warn": 0.1, "alert": 0.2, "base": 2}


def jsd_terms(reference, live):
    """Give the term of each bin in bits; they sum to the JSD."""
    n, m = sum(reference) or 1, sum(live) or 1

    def term(p, q):
        mixed = (p + q) / 2
        return sum(x * math.log2(x / mixed) for x in (p, q) if x > 0) / 2

    return [term(b / m, a / n) for a, b in zip(reference, live, strict=True)]


def bins_of(labels, roles, edges, reference, live):
    terms = jsd_terms(reference, live)
    total = sum(terms) or 1.0
    n, m = sum(reference) or 1, sum(live) or 1

    def direction(a, b):
        return "more" if b * n > a * m else "fewer" if b * n < a * m else "same"

    return tuple(
        Bin(
            label=label,
            role=role,
            lower=lower,
            upper=upper,
            reference=a,
            live=b,
            share=term / total,
            direction=direction(a, b),
        )
        for label, role, (lower, upper), a, b, term in zip(
            labels, roles, edges, reference, live, terms, strict=True
        )
    )


def _judged(name, kind, drawn, **fields):
    drawn = fields.get("bins", drawn)
    reference, live = [b.reference for b in drawn], [b.live for b in drawn]
    jsd = sum(jsd_terms(reference, live))
    distance = math.sqrt(max(jsd, 0.0))
    state = State.ALERT if distance > 0.2 else State.WARN if distance > 0.1 else State.STABLE
    given = {
        "name": name,
        "kind": kind,
        "state": state,
        "reason": f"The JS distance is {distance:.3g}.",
        "n": sum(reference),
        "m": sum(live),
        "measure": "js_distance",
        "value": distance,
        "warn": 0.1,
        "alert": 0.2,
        "jsd_bits": jsd,
        "js_distance": distance,
        "kl_live_ref": 0.41,
        "kl_ref_live": "infinite",
        "psi": 0.9,
        "bins": drawn,
        "missing": Sides(reference=0.0, live=0.0),
    }
    return FeatureReport(**(given | fields))


def numeric(name="temperature_f", reference=(0, 40, 60, 0), live=(0, 10, 60, 30), **fields):
    """Make a numeric feature with bins below, 0 to 10, 10 to 20, above (cut at 0, 10, 20)."""
    edges = [(None, 0.0), (0.0, 10.0), (10.0, 20.0), (20.0, None)]
    labels = ["below 0", "0 to 10", "10 to 20", "above 20"]
    roles = ["below", "body", "body", "above"]
    bins = bins_of(labels, roles, edges, reference, live)
    return _judged(name, fields.pop("kind", "numeric"), bins, **fields)


def rich(name="temperature_f", **fields):
    """Make a numeric feature with every role of bin, a single value, quantiles and missing."""
    edges = [
        (None, None),
        (None, 0.0),
        (0.0, math.ulp(0.0)),
        (math.ulp(0.0), 10.0),
        (10.0, 20.0),
        (20.0, 40.0),
        (40.0, None),
        (None, None),
        (None, None),
        (None, None),
    ]
    labels = ["−∞", "below 0", "0", "0 to 10", "10 to 20", "20 to 40", "above 40", "+∞"]
    labels += ["unseen values", "missing"]
    roles = ["infinite", "below", "body", "body", "body", "body", "above", "infinite"]
    roles += ["unseen", "missing"]
    reference = (1, 0, 200, 300, 300, 150, 0, 0, 0, 49)
    live = (0, 4, 100, 150, 260, 250, 120, 2, 14, 100)
    summary = Summary(
        quantiles=(
            Quantile(p=0.25, reference=2.0, live=6.0),
            Quantile(p=0.5, reference=9.5, live=18.0),
            Quantile(p=0.75, reference=17.0, live=31.0),
        ),
        minimum=Sides(reference=0.0, live=-3.0),
        maximum=Sides(reference=40.0, live=70.0),
        zeros=Sides(reference=200, live=100),
        distinct=Sides(reference=80, live=95),
        outside=124,
    )
    missing = Sides(reference=0.049, live=0.1)
    bins = bins_of(labels, roles, edges, reference, live)
    return _judged(name, "numeric", bins, **({"summary": summary, "missing": missing} | fields))


def categorical(name="airline", labels=("UA", "B6", "DL"), reference=(50, 30, 20), **fields):
    """Make a categorical feature; without `live` the last category is gone and "WN" is new."""
    live = fields.pop("live", (40, 30, 0, 30))
    roles = ["body"] * len(labels)
    if len(live) > len(labels):
        labels, reference, roles = (*labels, "WN"), (*reference, 0), [*roles, "body"]
    rows = list(zip(labels, reference, live, strict=True))
    summary = Summary(
        new=tuple(Category(label=name_, rows=b) for name_, a, b in rows if not a and b),
        vanished=tuple(Category(label=name_, rows=a) for name_, a, b in rows if a and not b),
        new_count=sum(not a and b > 0 for _, a, b in rows),
        vanished_count=sum(a > 0 and not b for _, a, b in rows),
    )
    bins = bins_of(labels, roles, [(None, None)] * len(labels), reference, live)
    return _judged(name, "categorical", bins, **({"summary": summary} | fields))


def skipped(name="row_id", **fields):
    given = {"kind": "identifier", "state": State.SKIPPED, "code": "identifier"}
    reason = "Nearly all values are distinct: an identifier, not compared."
    return FeatureReport(name=name, **({**given, "reason": reason} | fields))


def every_state():
    """List one feature in each state, worst first."""
    same = {"reference": (0, 50, 50, 0), "live": (0, 50, 50, 0)}
    return (
        rich("temperature_f"),
        categorical("carrier", reference=(500, 300, 200), live=(450, 280, 270)),
        numeric("seats", state=State.NEGLIGIBLE, live=(0, 39, 61, 0), p=1e-9, q=1e-8),
        numeric("gust", state=State.INSUFFICIENT, rows_needed=1100, interval=(0.0, 0.4)),
        numeric("origin", **same),
        numeric("empty", (0, 1, 0, 0), (0, 0, 0, 0), state=State.NO_DATA, reason="Live is empty."),
        skipped("row_id"),
        skipped("churn_flag", code="missing_column", reason="churn_flag is missing in live."),
    )


def report(*features, verdict="drift", **fields):
    """Put features (by default one in every state) into a report."""
    features = features or every_state()
    counts = Counter(feature.state for feature in features)
    table = {"rows_read": 8002, "rows_used": 8000, "rows_dropped": 2}
    given = {
        "verdict": verdict,
        "counts": {state: counts[state] for state in State},
        "reference": TableReport(name="january.csv", **table),
        "live": TableReport(name="july.csv", **table),
        "settings": SETTINGS,
        "warnings": (Caution(code="blank_lines", message="2 blank lines were left out.", count=2),),
        "created": "2026-11-20T12:00:00+00:00",
        "version": "0.1.0",
    }
    return Report(**(given | {"features": tuple(features)} | fields))


def hostile():
    """Put every dangerous name where names of features, labels, tables and notes stand."""
    features = [rich(name) for name in NAMES]
    features += [categorical(name or "nameless", labels=(name, "b", "c")) for name in NAMES]
    features += [skipped(name, reason=f"{name} is set aside.") for name in NAMES]
    features += [categorical("gone", labels=("a", "b", name)) for name in NAMES]
    notes = tuple(Caution(code="note", column=name, message=f"About {name}.") for name in NAMES)
    side = TableReport(name=EVIL, rows_read=1, rows_used=1, rows_dropped=0)
    return report(
        *features,
        warnings=notes,
        live=side,
        settings={**SETTINGS, "time_column": EVIL},
        version=EVIL_IMAGE,
    )
