"""The parts of `make bench`: data, processes, contenders, the page."""
