"""What readers said of answers: whether one helped, and where it did not, what was wrong."""

from dataclasses import dataclass
from enum import StrEnum

from rag.desk.database import Database, now


class Fault(StrEnum):
    WRONG_SOURCE = "wrong_source"
    NOT_SAID = "not_said"
    MISSED = "missed"
    OUT_OF_DATE = "out_of_date"
    OTHER = "other"


FAULT_WORDS = {
    Fault.WRONG_SOURCE: "Wrong source",
    Fault.NOT_SAID: "Not said there",
    Fault.MISSED: "Something is missed",
    Fault.OUT_OF_DATE: "Out of date",
    Fault.OTHER: "Something else",
}


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was said of one answer. `is_case` asks for its question to be evaluated."""

    is_good: bool
    fault: Fault | None = None
    words: str = ""
    is_case: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A question that a reader saved for evaluation, and what was wrong with its answer."""

    conversation: str
    number: int
    feedback: Feedback


class Feedbacks:
    """The feedback at a desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, conversation: str, number: int, feedback: Feedback) -> None:
        """Store what is said of a stored answer, in the place of what was said before."""
        self._database.change(
            "INSERT OR REPLACE INTO feedback"
            " (conversation, number, is_good, fault, words, is_case, given_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(conversation, number),
            *(feedback.is_good, feedback.fault, feedback.words, feedback.is_case),
            now(),
        )

    def of(self, conversation: str) -> dict[int, Feedback]:
        """What was said of each answer of a conversation."""
        rows = self._database.rows(
            "SELECT number, is_good, fault, words, is_case FROM feedback WHERE conversation = ?",
            conversation,
        )
        return {number: _read(*row) for number, *row in rows}

    def cases(self) -> tuple[Case, ...]:
        """The answers that were saved as cases, in the order in which that was said."""
        rows = self._database.rows(
            "SELECT conversation, number, is_good, fault, words, is_case FROM feedback"
            " WHERE is_case ORDER BY given_at"
        )
        return tuple(Case(conversation, number, _read(*row)) for conversation, number, *row in rows)


def _read(is_good: int, fault: str | None, words: str, is_case: int) -> Feedback:
    known = Fault(fault) if fault in set(Fault) else None
    return Feedback(bool(is_good), known, str(words), bool(is_case))
