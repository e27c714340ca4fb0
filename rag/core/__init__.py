"""The nouns, errors and settings: what every floor above speaks of."""
