"""One page a file; pages only lay out."""
