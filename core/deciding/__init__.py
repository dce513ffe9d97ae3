"""Is it drift? Two profiles become scores for each feature, scores become states."""
