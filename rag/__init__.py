"""Sourceline: answers from a folder of articles, each sentence tied to its words in its file."""

__version__ = "0.1.0"
