"""What a session holds; the only room that touches session state, caches and the address."""
