"""The scheduled run: read, judge, store, report, tell; and whether it is alive."""
