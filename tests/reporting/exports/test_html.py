import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from core.deciding.reports import State
from core.reporting.exports.html import render

from ..samples import (
    categorical,
    every_state,
    hostile,
    numeric,
    report,
    rich,
)
from ..timelines import TIMELINE

LOADING = {"src", "href", "action", "data", "poster", "srcset", "xlink:href"}


class Page(HTMLParser):
    """What a browser would see: the tags with their attributes, and whether all are closed."""

    VOID = frozenset({"meta", "input", "br", "link", "img"})

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def attributes(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_verdict_comes_first_then_the_table_then_the_details():
    text = render(report())
    places = [text.index(word) for word in ("<h1", "<table", "<details", "Tables, settings")]
    assert places == sorted(places)


@pytest.mark.parametrize("made", [report, hostile])
def test_every_tag_is_closed(made):
    assert Page(render(made())).open == []


def test_names_bring_no_tag_and_no_attribute_of_their_own():
    harmless, attacked = Page(render(report())), Page(render(hostile()))
    assert {tag for tag, _ in attacked.tags} <= {tag for tag, _ in harmless.tags}
    assert len(attacked.attributes("script")) == len(attacked.attributes("style")) == 1
    handlers = [key for _, attrs in attacked.tags for key in attrs if key.startswith("on")]
    assert handlers == []


def test_names_are_not_run_as_templates():
    assert "{{ 7*7 }}" in "".join(Page(render(hostile())).texts)


def test_nothing_is_loaded_from_outside():
    page = render(hostile())
    attributes = [pair for _, attrs in Page(page).tags for pair in attrs.items()]
    assert {value[0] for key, value in attributes if key in LOADING} == {"#"}
    assert "http" not in re.search("<style>(.*?)</style>", page, re.DOTALL)[1]


def test_the_policy_allows_our_script_and_style_alone():
    page = render(report())
    policy = Page(page).attributes("meta")[1]["content"]
    for tag in ("script", "style"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_the_policy_is_not_broken_by_attributes_of_style():
    assert not [attrs for _, attrs in Page(render(hostile())).tags if "style" in attrs]


def test_the_script_is_small():
    script = re.search("<script>(.*?)</script>", render(report()), re.DOTALL)[1]
    assert len(script) < 2300


def test_drifted_and_watched_details_are_open_and_the_others_folded():
    text = render(report(rich(), numeric(state=State.WARN), categorical(live=(50, 30, 20))))
    assert re.findall("<details( open)?>", text) == [" open", " open", "", ""]


def test_a_timeline_is_told_feature_by_feature_and_its_names_are_text():
    text = render(report(numeric()).model_copy(update={"timeline": TIMELINE}))
    page = Page(text)
    assert not page.open
    strips = [a for tag, a in page.tags if tag == "svg" and a.get("class") == "strip"]
    assert len(strips) == len(TIMELINE.features)
    assert "6 windows of 1d (UTC), from 2026-01-01 to 2026-01-06" in " ".join(page.texts)
    assert "<script>alert" not in text
    assert "Over time" not in render(report(numeric()))


def test_every_link_has_its_target():
    page = Page(render(report()))
    targets = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert {attrs["href"].removeprefix("#") for attrs in page.attributes("a")} <= targets


def test_tools_wait_for_the_script():
    tools = [attrs for _, attrs in Page(render(report())).tags if attrs.get("id") == "tools"]
    assert tools == [{"id": "tools", "hidden": None}]


def test_every_figure_says_direction_and_unit():
    text = "".join(Page(render(report())).texts)
    assert "KL(live‖ref)" in text
    assert "nat" in text
    assert "base 2, 0 to 1" in text


def wide(count):
    """Repeat features as long as real ones: 24 bins, every row of bins, quantiles, notes."""
    return report(*(rich(f"feature_{i}", reason="r" * 80) for i in range(count)))


@pytest.mark.parametrize(("features", "megabytes"), [(200, 2), (500, 5)])
def test_wide_reports_stay_light(features, megabytes):
    assert len(render(wide(features)).encode()) < megabytes * 1e6


def test_all_states_are_in_the_table_with_symbol_and_word():
    text = render(report(*every_state()))
    for badge in ("▲ Drift", "● Stable", "○ Not enough data", "✕ Not compared"):
        assert badge in text
