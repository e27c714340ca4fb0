"""Questions asked through the pipeline that users run, and what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from rag.asking.assistant import Assistant
from rag.core.errors import QuestionError
from rag.core.records import (
    Answer,
    AnswerKind,
    Citation,
    Exchange,
    Filters,
    Method,
    Scored,
    Standing,
    Weighed,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question. `sentences` come best first; `answer` is None where the question was
    none, or there was nothing to ask it of."""

    sentences: tuple[Scored, ...] = ()
    answer: Answer | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the pipeline took it that the articles answer the question, at least in part."""
        return self.answer is not None and self.answer.kind is not AnswerKind.NOT_FOUND

    @property
    def confidence(self) -> float:
        """How likely the best sentence answers, 0..1."""
        return self.sentences[0].score if self.sentences else 0.0

    @property
    def told(self) -> str:
        """The best sentence in words, with how likely it answers."""
        best = self.sentences[0].citation.quote if self.sentences else "nothing"
        return f"{self.confidence:.2f}: {best}"

    @property
    def citations(self) -> tuple[Citation, ...]:
        claims = self.answer.claims if self.answer else ()
        return tuple(citation for claim in claims for citation in claim.citations)


def ask(assistant: Assistant, question: str, sources: Iterable[str] | None) -> Asked:
    """Asks a question of these articles, or of all where they are None, with extraction: a figure must
    not hang on a language model.

    Articles that were left out of the index must not be among the sources."""
    chosen = frozenset(sources or ())
    if sources is not None and not chosen:
        return Asked()
    sentences: tuple[Scored, ...] = ()
    answer = None
    try:
        for event in assistant.ask(question, filters=Filters(sources=chosen), method=Method.EXTRACTED):
            if isinstance(event, Weighed):
                sentences = event.sentences
            elif isinstance(event, Answer):
                answer = event
    except QuestionError:
        return Asked()
    return Asked(sentences, answer)


class Talk:
    """Asks questions each after the questions of its history, with extraction. What several have before
    them is asked once."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._known: dict[tuple[str, ...], tuple[Exchange, ...]] = {(): ()}

    def ask(self, question: str, history: tuple[str, ...] = ()) -> Answer:
        """Raises what `Assistant.ask` raises."""
        *_, last = self._assistant.ask(question, self._exchanges(history), method=Method.EXTRACTED)
        assert isinstance(last, Answer)
        return last

    def _exchanges(self, questions: tuple[str, ...]) -> tuple[Exchange, ...]:
        if questions not in self._known:
            *before, last = questions
            exchange = Exchange(last, self.ask(last, tuple(before)))
            self._known[questions] = (*self._exchanges(tuple(before)), exchange)
        return self._known[questions]


def stands(assistant: Assistant, citation: Citation) -> bool:
    """Whether the words of a citation stand in the file where it says."""
    opened = assistant.open(citation)
    if opened.standing is not Standing.SAME or opened.article is None:
        return False
    return opened.article.text[citation.start : citation.end] == citation.quote
