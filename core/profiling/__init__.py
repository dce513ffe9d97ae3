"""Rows become counts, and counts add up."""
