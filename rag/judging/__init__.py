"""A claim and the words it cites to a verdict."""
