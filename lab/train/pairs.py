"""Pairs of sentences of which the first says the second, or its opposite, or neither."""

from lab.train.examples import Example
from lab.train.windows import sentence_spans

# Whether the first supports the second, and whether it contradicts it.
_MEANT = {"entailment": (1.0, 0.0), "contradiction": (0.0, 1.0), "neutral": (0.0, 0.0)}


def is_label(label: str) -> bool:
    """Whether a set's label is one of the three: some have others where annotators disagreed."""
    return label in _MEANT


def pair(source: str, group: str, text: str, claim: str, label: str) -> Example:
    supports, contradicts = _MEANT[label]
    return Example(
        source,
        group,
        claim,
        text,
        supports=supports,
        contradicts=contradicts,
        sentences=sentence_spans(text),
    )
