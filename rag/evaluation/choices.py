"""Which of several choices the articles bear out best."""

from collections.abc import Sequence

from rag.assistant import Assistant
from rag.evaluation.floors import most_words
from rag.records import Filters

# So many passages are read for a question.
PASSAGES = 10


def choose(assistant: Assistant, question: str, choices: Sequence[str]) -> int:
    """The place of the choice that the passages found for a question bear out best.

    Raises QuestionError."""
    hits = assistant.search(question, Filters(), PASSAGES)
    return most_words([hit.text for hit in hits], choices)
