"""Where articles give different accounts of one thing that a question asks about."""
