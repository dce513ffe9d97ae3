"""Every code that a report can bear is explained beside the method."""

import re
from pathlib import Path

from core.deciding.comparisons import _REASONS

ROOT = Path(__file__).parents[2]
CODE = re.compile(
    r'code="(\w+)"|State\.[A-Z_]+, "(\w+)"|"code": "(\w+)"|_(?:CHANGED|THERE) = "(\w+)"'
)


def test_every_code_of_a_report_is_explained():
    sources = [*ROOT.glob("core/deciding/*.py"), *ROOT.glob("core/*.py")]
    found = {"".join(each) for path in sources for each in CODE.findall(path.read_text())}
    assert {"missing_changed", "label_not_there", "constant_changed", "no_pairs"} <= found
    table = (ROOT / "core" / "README.md").read_text().partition("## Codes")[2]
    assert {*found, *_REASONS} - set(re.findall(r"`(\w+)`", table)) == set()
