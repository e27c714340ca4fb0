"""A briefing as a file: one module for each format."""
