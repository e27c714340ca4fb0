"""Words put into a question: in place of what it speaks of, or at its end before the mark."""

from rag.asking.followups.records import Phrase, Place, Time


def put(text: str, old: Phrase | Place | Time, new: str) -> str:
    """The text as a question, with other words where something stands in it."""
    filled = text[: old.start] + new + text[old.end :]
    return _as_question(filled[0].upper() + filled[1:] if old.start == 0 else filled)


def appended(text: str, more: str) -> str:
    """The text with more at its end, before its mark."""
    bare = text.rstrip().rstrip("?.!… ")
    return f"{bare} {more}{text.rstrip()[len(bare) :].strip()}"


def _as_question(text: str) -> str:
    return text.rstrip("?.!… ") + "?"
