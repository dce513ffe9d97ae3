"""Table E: text that attacks; no value or name is ever code, markup, a formula or a path."""

import csv
import io

import pytest

from core.cli import main
from core.pipeline import check
from core.reporting.exports import render

from .cases import ROWS, measured, rows, strictly, text

NAMES = {
    "X01": "<script>alert(1)</script>",
    "X01-closing": "</script><script>alert(1)</script>",
    "X02": "<img src=x onerror=alert(1)>",
    "X03-equals": "=1+1",
    "X03-plus": "+1",
    "X03-minus": "-x",
    "X03-at": "@SUM(A1)",
    "X03-tab": "\tx",
    "X04-quote": "a\"b'c",
    "X04-marks": "a;b%s{0}{x!r}\\n%(x)s",
    "X04-sql": "x'; DROP TABLE features; --",
    "X05": "n" * 10_000,
    "X05-line": "two\nlines",
    "X07": "\x1b[31mred\x1b]0;title\x07",
}


def sides(name):
    """Two tables whose first column and first town bear the name."""
    header = (name, "town", "visits")
    return [
        text([(a, t.replace("Oslo", name), v) for a, t, v in rows(seed)], header=header).encode()
        for seed in (1, 2)
    ]


def plain():
    header = ("plain", "town", "visits")
    return [
        text([(a, t.replace("Oslo", "Plain"), v) for a, t, v in rows(seed)], header=header).encode()
        for seed in (1, 2)
    ]


def numbers(report):
    found = measured(report.model_dump(mode="json"))
    return [
        {k: v for k, v in each.items() if k not in {"bins", "summary"}} for each in found.values()
    ]


@pytest.mark.parametrize("attack", NAMES)
def test_a_name_from_the_data_changes_no_number(attack):
    name = NAMES[attack]
    report = check(*sides(name))
    expected = sorted(numbers(check(*plain())), key=str)
    assert sorted(numbers(report), key=str) == expected
    names = {feature.name for feature in report.features}
    assert name.strip() in names
    assert sum(feature.n for feature in report.features) == 3 * ROWS


@pytest.mark.parametrize("attack", NAMES)
def test_a_name_from_the_data_is_text_in_every_export(attack, tmp_path, capsys):
    name = NAMES[attack].strip()
    report = check(*sides(NAMES[attack]))
    page = render(report, ".html")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    document = strictly(render(report, ".json"))
    assert name in {each["name"] for each in document["features"]}
    table = list(csv.reader(io.StringIO(render(report, ".csv"))))
    for row in table[1:]:
        for cell in row:
            dangerous = cell.startswith(("=", "@", "\t", "\r")) or (
                cell.startswith(("+", "-")) and not _is_number(cell)
            )
            assert not dangerous
    for path, content in zip(("a.csv", "b.csv"), sides(NAMES[attack]), strict=True):
        (tmp_path / path).write_bytes(content)
    assert main(["compare", str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]) == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert max(map(len, said.out.splitlines())) < 500


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("label", ["../../x.csv", "x\0y.csv", "/etc/passwd", "<b>.csv", "a" * 3000])
def test_x06_the_name_of_an_upload_is_a_label_alone(label, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reference, live = plain()
    report = check((label, reference), (label, live))
    assert report.live.name == label
    assert numbers(report) == numbers(check(reference, live))
    assert not list(tmp_path.iterdir())
