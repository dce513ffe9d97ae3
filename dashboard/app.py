"""The page set-up and the order of the views. Run it with `streamlit run dashboard/app.py`."""

import logging
from pathlib import Path

import streamlit as st

from dashboard import parts
from dashboard.state import choices, sides, tables

st.set_page_config(page_title="Tideline", page_icon="🌊", layout="wide")
st.html(Path(__file__).with_name("style.css"))
sides.warm_up()
choices.keep_links()
choices.keep_settings()
choices.keep_chart()
tables.follow_link()
tables.show_link()

view = st.navigation(
    [
        st.Page("views/start.py", title="Start", default=True),
        st.Page("views/overview.py", title="Overview", url_path="overview"),
        st.Page("views/feature.py", title="Features", url_path="feature"),
        st.Page("views/timeline.py", title="Over time", url_path="timeline"),
        st.Page("views/relations.py", title="Mix, pairs, labels", url_path="relations"),
        st.Page("views/settings.py", title="Settings", url_path="settings"),
        st.Page("views/learn.py", title="Learn", url_path="learn"),
    ],
    position="top",
)
try:
    view.run()
except Exception:
    logging.getLogger(__name__).exception("The view %s failed", view.title)
    parts.trouble(
        "This page could not be drawn because of an error in Tideline itself. The server's log "
        "holds the details; your data and settings are unchanged."
    )
