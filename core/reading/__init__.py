"""Rows from anywhere, as record batches."""
