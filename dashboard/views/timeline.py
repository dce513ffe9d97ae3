"""Over time: every feature window by window, since when it drifted, and any window up close."""

import streamlit as st

from dashboard import loading, parts, windows
from dashboard.state import choices

if choices.is_leaving():  # a window was opened
    st.switch_page("views/feature.py", query_params=choices.link())
loading.compared()
parts.say("Over time", "h1")
windows.require()
line, every, against = windows.judged()
windows.overview(line)
feature = windows.chosen(line)
windows.course(line, feature)
windows.open_window(line, feature, every, against)
with st.expander("Compare any window with any other"):
    windows.pair()
