"""The start: two uploads or the sample, and nothing else to decide."""

import streamlit as st

from dashboard import loading, parts
from dashboard.state import choices, tables

parts.say("Has my data changed?", "h1")
parts.say("Compare live data with the data your model or report was built on.", look="lead")
loading.loader()
if tables.has_news():
    st.switch_page("views/overview.py", query_params=choices.link())
