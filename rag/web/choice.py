"""What is opened beside the chat, as it stands in the address: ?claim=2.1.1 or ?article=file.md."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.memory.conversations import Damaged, Kept
from rag.records import Citation

_ADDRESS = re.compile(r"(\d{1,6})\.(n|\d{1,6})\.(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Choice:
    """A citation of a conversation: exchange, claim and citation, each counted from 1.

    Claim None stands for the nearest passages. Its address is `2.1.1`, or `2.n.1`.
    """

    exchange: int
    claim: int | None
    citation: int

    @property
    def address(self) -> str:
        return f"{self.exchange}.{self.claim or 'n'}.{self.citation}"


def read_choice(address: str | None) -> Choice | None:
    """None for anything that is no address."""
    match = _ADDRESS.fullmatch(address or "")
    if match is None:
        return None
    exchange, claim, citation = match.groups()
    return Choice(int(exchange), None if claim == "n" else int(claim), int(citation))


def find_citation(choice: Choice, kept: Sequence[Kept | Damaged]) -> Citation | None:
    """The citation that was chosen; None when the conversation has no such."""
    for stored in kept:
        if stored.number == choice.exchange and isinstance(stored, Kept):
            answer = stored.exchange.answer
            if choice.claim is None:
                citations = tuple(nearest.citation for nearest in answer.nearest)
            elif 1 <= choice.claim <= len(answer.claims):
                citations = answer.claims[choice.claim - 1].citations
            else:
                return None
            if 1 <= choice.citation <= len(citations):
                return citations[choice.citation - 1]
    return None
