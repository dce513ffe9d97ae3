"""The dashboard: a face over `core`, run by Streamlit."""
