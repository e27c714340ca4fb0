"""What is opened beside the chat, as it stands in the address: ?claim=2.1.1 or ?article=file.md."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.core.records import Answer, Citation
from rag.desk.conversations import Damaged, Stored

_ADDRESS = re.compile(r"([0-9]{1,6})\.([0-9]{1,6}|[nps]|c[0-9]{1,3})\.([0-9]{1,6})")

# The groups of an answer's citations besides its claims: the nearest passages, those that were
# retrieved, and the sentences that were passed over.
NEAREST, PASSAGES, PASSED_OVER = "n", "p", "s"


@dataclass(frozen=True, slots=True)
class Choice:
    """A citation of a conversation: the exchange, a group of the answer's citations, and the place in
    it, counted from 1. A group is a claim's number, `c` with a conflict's number, or one of the
    letters above. Its address is `2.1.1`, `2.c1.2` or `2.n.1`."""

    exchange: int
    group: str
    place: int

    @property
    def address(self) -> str:
        return f"{self.exchange}.{self.group}.{self.place}"


def read_choice(address: str | None) -> Choice | None:
    """None for anything that is no address."""
    match = _ADDRESS.fullmatch(address or "")
    return Choice(int(match[1]), match[2], int(match[3])) if match else None


def citations_of(answer: Answer) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    """Every group of an answer's citations under its name."""
    for number, claim in enumerate(answer.claims, 1):
        yield str(number), claim.citations
    for number, conflict in enumerate(answer.conflicts, 1):
        yield f"c{number}", tuple(c for side in conflict.sides for c in side.citations)
    yield NEAREST, tuple(nearest.citation for nearest in answer.nearest)
    yield PASSAGES, tuple(considered.citation for considered in answer.considered)
    yield PASSED_OVER, tuple(likely.citation for likely in answer.passed_over)


def find_citation(choice: Choice, exchanges: Sequence[Stored | Damaged]) -> Citation | None:
    """The citation that was chosen; None when the conversation has no such."""
    for stored in exchanges:
        if stored.number == choice.exchange and isinstance(stored, Stored):
            citations = dict(citations_of(stored.exchange.answer)).get(choice.group, ())
            return citations[choice.place - 1] if 1 <= choice.place <= len(citations) else None
    return None
