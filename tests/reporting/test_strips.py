import re

from core.deciding.reports import State
from core.reporting.strips import HEIGHT, strip

from .samples import EVIL
from .timelines import DRIFTED, TIMELINE, line


def test_each_window_is_a_bar_of_its_state_and_a_gap_is_none():
    svg = strip(TIMELINE, DRIFTED)
    bars = {look: path.count("M") for look, path in re.findall(r'class="(\w+)" d="([^"]*)"', svg)}
    assert bars == {"drift": 1, "watch": 1, "stable": 2, "unsure": 1, "limit": 1, "h": 1}
    assert "2026-01-04: no rows" in svg
    assert "2026-01-02: Drift" in svg


def test_a_bar_is_as_high_as_the_drift_in_thresholds():
    svg = strip(TIMELINE, DRIFTED)
    heights = {
        look: HEIGHT - float(top)
        for look, top in re.findall(r'class="(drift|watch)" d="M[\d.]+ 30V([\d.]+)H', svg)
    }
    assert heights == {"drift": HEIGHT, "watch": round(HEIGHT * 0.75 / 2, 1)}
    wild = line("kl", [State.ALERT] * 6, ["infinite"] * 6)
    assert "V0H" in strip(TIMELINE, wild)


def test_the_sentence_is_text():
    evil = DRIFTED.model_copy(update={"sentence": EVIL})
    assert "<script>" not in strip(TIMELINE, evil)
