"""A text to its sentences, words, names, numbers and dates."""
