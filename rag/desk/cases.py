"""The answers that readers found wrong and saved as cases: each question is asked again as it was asked
then, and what comes is held against what was found wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.asking.assistant import Assistant
from rag.core.errors import RagError
from rag.core.records import Answer
from rag.desk.conversations import Conversations, Stored
from rag.desk.feedback import Case


@dataclass(frozen=True, slots=True)
class Again:
    """A case asked again. `now` is None where it could not be asked, and `error` says why."""

    case: Case
    question: str
    before: Answer
    now: Answer | None
    error: str | None = None

    @property
    def is_as_before(self) -> bool:
        """Whether the answer cites the same words and says the same of what is missing."""
        return self.now is not None and _gist(self.now) == _gist(self.before)


def ask_again(
    assistant: Assistant, conversations: Conversations, cases: Iterable[Case]
) -> Iterator[Again]:
    """Each case with what was said before it in its conversation. One whose answer is not stored any
    more, or cannot be read, is passed over."""
    for case in cases:
        found = conversations.exchanges(case.conversation)
        exchanges = [each for each in found if isinstance(each, Stored)]
        stored = next((each for each in exchanges if each.number == case.number), None)
        if stored is None:
            continue
        history = tuple(each.exchange for each in exchanges if each.number < case.number)
        before = stored.exchange.answer
        try:
            *_, now = assistant.ask(stored.exchange.question, history, stored.filters, before.method)
            yield Again(case, stored.exchange.question, before, now if isinstance(now, Answer) else None)
        except RagError as error:
            yield Again(case, stored.exchange.question, before, None, str(error))


def _gist(answer: Answer) -> tuple[object, ...]:
    cited = {(c.source, c.quote) for claim in answer.claims for c in claim.citations}
    return (answer.kind, answer.message, cited, tuple(claim.text for claim in answer.claims))
