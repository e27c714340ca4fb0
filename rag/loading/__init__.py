"""Files to articles: decoding, formats, what a text says of itself, and what is not its own words."""
