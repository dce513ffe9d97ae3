"""The overview: the verdict, the counts, and every feature ranked, worst first."""

import streamlit as st

from dashboard import courses, details, files, loading, parts, vectors
from dashboard.state import choices

report = loading.compared()
headline, export = st.columns([5, 1], vertical_alignment="top")
with headline:
    parts.verdict(report)
with export:
    files.export(report)
parts.counts(report)
parts.look_at_columns(report)
vectors.draw(report)
shown = parts.matching(report)
if not shown:
    parts.say("No feature matches.", look="quiet")
    st.button("Show all features", on_click=choices.clear_filter)
    st.stop()
line = courses.known()
parts.ranking(shown, courses.measured(line))
details.draw(parts.chosen(shown), line)
parts.notes(report)
