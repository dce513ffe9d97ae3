"""The start: two uploads or the sample, and nothing else to decide if the columns match."""

import streamlit as st

from core.reporting.columns import mismatches
from dashboard import columns, loading, parts
from dashboard.state import answers, choices, sides

parts.say("Has my data changed?", "h1")
parts.say("Compare live data with the data your model or report was built on.", look="lead")
report = answers.glance() if sides.is_complete() else None
if sides.has_news() and not (report and mismatches(report)):
    st.switch_page("views/overview.py", query_params=choices.link())
if report:
    loading.wished()
if report and mismatches(report):
    columns.check(report)
    parts.notes(report)
loading.loader()
loading.scheduled()
