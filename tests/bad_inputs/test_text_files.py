"""Table A on the library and the command line (as a process: test_processes)."""

import pytest

from core.cli import main
from core.pipeline import PROBLEMS, check

from .cases import measured, reference, settings_of, strictly, written
from .text_files import CASES

BY_ID = {"ids": [case.id for case in CASES]}
_CLEAN = {}


def sides(case):
    return (case.reference or reference)(), case.live()


def clean_result(case):
    """Give what the clean form of the same data ends in, computed once for equal forms."""
    pair = ((case.reference or reference)(), case.clean())
    if pair not in _CLEAN:
        _CLEAN[pair] = measured(check(*pair).model_dump(mode="json"))
    return _CLEAN[pair]


def refused(case):
    with pytest.raises(PROBLEMS) as caught:
        check(*sides(case), settings_of(case))
    return caught.value


@pytest.mark.parametrize("case", CASES, **BY_ID)
def test_the_library_answers_as_the_table_says(case):
    if case.answer == "E":
        problem = refused(case)
        assert problem.code == case.code
        assert str(problem).startswith(f"{case.role.capitalize()}: ")
        assert str(problem).endswith(".")
        assert all(word in str(problem) for word in case.words if word != "live.csv")
        return
    report = check(*sides(case), settings_of(case))
    found = report.model_dump(mode="json")
    require_sound(case, found)
    if case.clean:
        assert measured(found) == clean_result(case)
    require_extra(case, found)


def require_sound(case, found):
    for side in (found["reference"], found["live"]):
        assert side["rows_read"] == side["rows_used"] + side["rows_dropped"]
    codes = [(each["code"], each["role"]) for each in found["warnings"]]
    if case.answer == "W":
        assert (case.code, case.role) in codes
        (warning, *_) = [w for w in found["warnings"] if w["code"] == case.code]
        assert warning["count"] > 0
        assert case.feature in {None, warning["column"]}
        said = warning["message"]
    else:
        assert not codes
        said = found["live"]["form"]
    assert all(word in said for word in case.words)
    assert case.verdict in {None, found["verdict"]}


def require_extra(case, found):
    features = {each["name"]: each for each in found["features"]}
    if "missing" in case.extra:
        assert features[case.extra["missing"]]["code"] == "missing_column"
    if "labels" in case.extra:
        assert {each["label"] for each in features["town"]["bins"]} == case.extra["labels"]
    if "new" in case.extra:
        summary = features["town"]["summary"]
        assert [each["label"] for each in summary["new"]] == case.extra["new"]
        assert [each["label"] for each in summary["vanished"]] == case.extra["vanished"]
    if "first" in case.extra:
        name, value = case.extra["first"]
        leading = max(features[name]["bins"], key=lambda each: each["share"])
        assert leading["lower"] is None or leading["lower"] <= value
        assert leading["upper"] is None or leading["upper"] > value


@pytest.mark.parametrize("case", CASES, **BY_ID)
def test_the_command_line_answers_as_the_table_says(case, tmp_path, capsys):
    before, after = sides(case)
    paths = [written(tmp_path, "reference.csv", before), written(tmp_path, "live.csv", after)]
    settings = written(tmp_path, "settings.toml", case.settings.encode())
    output = tmp_path / "report.json"
    words = ["compare", *map(str, paths), "--settings", str(settings), "--out", str(output)]
    code = main(words)
    out, err = capsys.readouterr()
    assert out.count("\n") == (case.answer != "E")  # the verdict
    assert "Traceback" not in err
    if case.answer == "E":
        assert code == 2
        assert err.count("\n") == 1
        assert f"[{case.code}]" in err
        assert f"{case.role.capitalize()}: {case.role}.csv" in err
        assert all(word in err for word in case.words)
        assert sorted(p.name for p in tmp_path.iterdir()) == [
            "live.csv",
            "reference.csv",
            "settings.toml",
        ]
        return
    found = strictly(output.read_text())
    bad = found["verdict"] in {"drift", "incomplete"} or "missing" in case.extra
    assert code == int(bad)
    require_sound(case, found)
    if case.answer == "W":
        assert f"[{case.code}]" in err
