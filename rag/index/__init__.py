"""Passages, vectors and keywords on disk, and the search over them."""
