"""The mathematics of counts: how far two of them lie apart, and whether that is chance."""
