"""The report as gauges in Prometheus' text format, for a textfile collector."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ...deciding.reports import FeatureReport, Report, State

SUFFIX = ".prom"
# The gauge of each measure of a feature, and what it tells.
MEASURES = {
    "js_distance": "JS distance, base 2, 0 to 1",
    "js_distance_corrected": "JS distance, base 2, bias removed, 0 to 1",
    "jsd_bits": "Jensen-Shannon divergence in bits",
    "kl_live_ref": "KL(live||reference) in nats",
    "kl_ref_live": "KL(reference||live) in nats",
    "psi": "PSI in nats",
    "hellinger": "Hellinger distance, 0 to 1",
    "total_variation": "total variation distance, 0 to 1",
    "wasserstein": "Wasserstein distance in the unit of the feature",
    "kolmogorov_smirnov": "Kolmogorov-Smirnov distance, 0 to 1",
    "p": "p-value of no drift",
    "q": "p-value of no drift, adjusted for all features",
    "n": "reference rows in the bins",
    "m": "live rows in the bins",
}

Sample = tuple[dict[str, str], float]


@dataclass(frozen=True, slots=True)
class Job:
    """The scheduled run that made a report: its name, seconds it took, when (Unix seconds)."""

    dataset: str
    seconds: float
    succeeded: float


def render(report: Report, job: Job | None = None) -> str:
    """Write gauges by feature and measure, states, rows and the verdict; an infinite KL is +Inf.

    Those of a scheduled run carry the name of its data set: files of several may stand together.
    """
    lines = [*_report(report), *_job(job)]
    return "\n".join(_named(line, job) for line in lines) + "\n"


def _job(job: Job | None) -> Iterator[str]:
    if job is not None:
        yield from _gauge("run_seconds", "how long the last run took", [({}, job.seconds)])
        when = "when a run last succeeded, in seconds since 1970"
        yield from _gauge("last_success_seconds", when, [({}, job.succeeded)])


def _named(line: str, job: Job | None) -> str:
    """Put the name of the data set before the other labels."""
    if job is None or line.startswith("#"):
        return line
    name, bracket, rest = line.partition("{")
    label = f'dataset="{_escape(job.dataset)}"'
    if bracket:
        return f"{name}{{{label},{rest}"
    name, _, number = line.partition(" ")
    return f"{name}{{{label}}} {number}"


def _report(report: Report) -> list[str]:
    lines = [
        *_gauge("report_verdict", "the verdict on the whole", [({"verdict": report.verdict}, 1)]),
        *_gauge("features", "features in each state", _states(report)),
        *_gauge("rows", "rows of both tables", _rows(report)),
        *_gauge("feature_state", "the state of a feature is 1", _feature_states(report)),
        *_gauge("feature_missing_share", "share of missing rows, 0 to 1", _missing(report)),
    ]
    for field, meaning in MEASURES.items():
        samples = [({"feature": each.name}, _value(each, field)) for each in report.features]
        defined = [(labels, value) for labels, value in samples if value is not None]
        lines += _gauge(f"feature_{field}", meaning, defined)
    lines += [*_vectors(report), *_outcomes(report)]
    if report.created:
        seconds = datetime.fromisoformat(report.created).timestamp()
        lines += _gauge("report_created_seconds", "when the report was made", [({}, seconds)])
    return lines


def _vectors(report: Report) -> Iterator[str]:
    states: list[Sample] = [
        ({"vector": each.name, "state": each.state.value}, 1) for each in report.vectors
    ]
    yield from _gauge("vector_state", "the state of a vector is 1", states)
    sizes: list[Sample] = [
        ({"vector": each.name}, each.js_distance)
        for each in report.vectors
        if each.js_distance is not None
    ]
    yield from _gauge("vector_js_distance", MEASURES["js_distance"], sizes)


def _outcomes(report: Report) -> Iterator[str]:
    """Write the roles, where some are named, and what each feature tells about the label."""
    roles: list[Sample] = [
        ({"feature": each.name, "is": each.role}, 1) for each in report.features if each.role
    ]
    yield from _gauge("feature_role", "input, prediction or label is 1", roles)
    informed = report.outcomes.features if report.outcomes else ()
    told: list[Sample] = [
        ({"feature": each.name, "role": role}, nats)
        for each in informed
        if each.nats
        for role, nats in (("reference", each.nats.reference), ("live", each.nats.live))
    ]
    yield from _gauge("feature_information", "nats told about the label, bias removed", told)


def _states(report: Report) -> list[Sample]:
    return [({"state": state.value}, report.counts.get(state, 0)) for state in State]


def _rows(report: Report) -> list[Sample]:
    return [
        ({"role": role, "part": part}, getattr(side, f"rows_{part}"))
        for role, side in (("reference", report.reference), ("live", report.live))
        for part in ("read", "used", "dropped")
    ]


def _feature_states(report: Report) -> list[Sample]:
    return [({"feature": each.name, "state": each.state.value}, 1) for each in report.features]


def _missing(report: Report) -> list[Sample]:
    return [
        ({"feature": each.name, "role": role}, share)
        for each in report.features
        for role, share in (("reference", each.missing.reference), ("live", each.missing.live))
        if share is not None
    ]


def _value(feature: FeatureReport, field: str) -> float | None:
    value = getattr(feature, field)
    if value is None:
        return None
    return float("inf") if value == "infinite" else float(value)


def _gauge(name: str, meaning: str, samples: list[Sample]) -> Iterator[str]:
    if not samples:
        return
    yield f"# HELP tideline_{name} {meaning}"
    yield f"# TYPE tideline_{name} gauge"
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escape(text)}"' for key, text in labels.items())
        number = "+Inf" if value == float("inf") else repr(value)
        yield f"tideline_{name}{{{inside}}} {number}" if inside else f"tideline_{name} {number}"


def _escape(text: str) -> str:
    """Escape what would end a label's value, by the rules of the text format."""
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
