"""What the Learn page shows: small cases computed by `core`, and their pictures. No Streamlit."""
