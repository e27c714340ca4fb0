"""A question and the sentences that were read for it to the accounts that differ between articles."""

from collections.abc import Iterable, Sequence

from rag.asking.conflicts.accounts import Read
from rag.asking.conflicts.counts import find_count_conflicts
from rag.asking.conflicts.events import find_event_conflicts
from rag.asking.conflicts.holders import find_role_conflicts, terms_to_look_up
from rag.asking.evidence import Candidate
from rag.asking.questions import Question
from rag.core.records import Article, Citation, Conflict
from rag.language.terms import Lexicon

__all__ = ["find_conflicts", "reads_of", "terms_to_look_up"]


def find_conflicts(
    question: Question, reads: Sequence[Read], lexicon: Lexicon, beside: Sequence[Article] = ()
) -> tuple[Conflict, ...]:
    """Where articles give different accounts of what a question asks, each once. `beside` are articles
    of which nothing was read and that `terms_to_look_up` found."""
    found = (
        *find_count_conflicts(question, reads, lexicon),
        *find_role_conflicts(question, reads, lexicon, beside),
        *find_event_conflicts(question, reads, lexicon),
    )
    return tuple(dict.fromkeys(found))


def reads_of(candidates: Iterable[Candidate], cited: Sequence[Citation]) -> list[Read]:
    """The candidates as they are compared; those that a claim cites are marked."""
    return [
        Read(
            candidate.article,
            candidate.start,
            candidate.end,
            candidate.score,
            any(
                Citation.of(candidate.article, candidate.start, candidate.end).meets(citation)
                for citation in cited
            ),
        )
        for candidate in candidates
    ]
