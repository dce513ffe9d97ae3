import re

from core.reporting.exports.prometheus import Job, render

from ..samples import hostile, numeric, report

SAMPLE = re.compile(
    r'[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? \S+'
)


def samples(made):
    return [line for line in render(made).rstrip("\n").split("\n") if not line.startswith("#")]


def test_every_line_is_a_comment_or_a_sample():
    for made in (report(), hostile()):
        assert all(SAMPLE.fullmatch(line) for line in samples(made))
        assert all(
            float(line.rsplit(" ", 1)[1].replace("+Inf", "inf")) >= 0 for line in samples(made)
        )


def test_names_are_escaped_by_the_rules_of_the_format():
    line = 'tideline_feature_js_distance{feature="a\\"b\\\\c\\nd"}'
    assert line in render(report(numeric('a"b\\c\nd')))


def test_measures_states_rows_and_verdict_are_gauges():
    lines = samples(report(numeric("gust")))
    assert 'tideline_feature_state{feature="gust",state="alert"} 1' in lines
    assert 'tideline_features{state="alert"} 1' in lines
    assert 'tideline_rows{role="live",part="dropped"} 2' in lines
    assert 'tideline_report_verdict{verdict="drift"} 1' in lines
    assert 'tideline_feature_kl_ref_live{feature="gust"} +Inf' in lines
    assert 'tideline_feature_psi{feature="gust"} 0.9' in lines
    assert "tideline_report_created_seconds 1795176000.0" in lines


def test_what_is_not_defined_is_left_out():
    assert "feature_q" not in render(report(numeric()))


def test_each_gauge_is_described_once():
    kinds = re.findall(r"^# TYPE (\S+) gauge$", render(report()), re.MULTILINE)
    assert len(kinds) == len(set(kinds)) > 10


def test_gauges_of_a_scheduled_run_name_their_data_set():
    made = render(report(numeric("gust")), Job('sales "eu"', 1.5, 1795176000.0))
    lines = [line for line in made.rstrip("\n").split("\n") if not line.startswith("#")]
    assert all('{dataset="sales \\"eu\\""' in line for line in lines)
    assert all(SAMPLE.fullmatch(line) for line in lines)
    assert 'tideline_run_seconds{dataset="sales \\"eu\\""} 1.5' in lines
    assert 'tideline_last_success_seconds{dataset="sales \\"eu\\""} 1795176000.0' in lines
    assert 'tideline_feature_psi{dataset="sales \\"eu\\"",feature="gust"} 0.9' in lines
    assert "last_success" not in render(report())
