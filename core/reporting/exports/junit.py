"""The report as JUnit XML: one test case a feature, so that a build fails when data drifts."""

from collections import Counter
from xml.etree import ElementTree as ET

from ...deciding.reports import FeatureReport, Report, State, VectorReport
from .. import vectors
from ..sentences import INCOMPLETE, STATES, basis, explain, headline
from ..words import visible

SUFFIX = ".xml"
SKIPPED = (State.NO_DATA, State.SKIPPED)


def render(report: Report) -> str:
    """Write a failure for an alert, an error for a changed schema, skipped or passed otherwise."""
    everything: list[FeatureReport | VectorReport] = [*report.features, *report.vectors]
    counts = Counter(each.state for each in everything)
    changed = sum(each.code in INCOMPLETE for each in everything)
    suite = ET.Element(
        "testsuite",
        name="tideline",
        tests=str(len(everything)),
        failures=str(counts[State.ALERT]),
        errors=str(changed),
        skipped=str(sum(counts[state] for state in SKIPPED) - changed),
    )
    if report.created:
        suite.set("timestamp", report.created)
    suite.extend(_case(each, each.kind, explain(each)) for each in report.features)
    suite.extend(_case(each, "vector", vectors.gist(each)) for each in report.vectors)
    _say(suite, "system-out", f"{headline(report)} {basis(report)}")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _case(feature: FeatureReport | VectorReport, kind: str, explained: str) -> ET.Element:
    case = ET.Element("testcase", classname=f"tideline.{visible(kind)}")
    case.set("name", visible(feature.name))
    if feature.state is State.ALERT:
        failure = _say(case, "failure", f"{explained} {feature.reason}")
        failure.set("message", visible(feature.reason))
        failure.set("type", feature.state.value)
    elif feature.code in INCOMPLETE:
        ET.SubElement(case, "error", message=visible(feature.reason), type=str(feature.code))
    elif feature.state in SKIPPED:
        ET.SubElement(case, "skipped", message=visible(feature.reason))
    else:
        _say(case, "system-out", f"{STATES[feature.state]}: {explained}")
    return case


def _say(parent: ET.Element, tag: str, words: str) -> ET.Element:
    element = ET.SubElement(parent, tag)
    element.text = visible(words)  # XML has no form for most control characters
    return element
