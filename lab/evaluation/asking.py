"""One question asked through the pipeline that users run, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from rag.asking.assistant import Assistant
from rag.core.errors import QuestionError
from rag.core.records import Answer, AnswerKind, Citation, Filters, Method, Scored, Standing, Weighed


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
    def citations(self) -> tuple[Citation, ...]:
        claims = self.answer.claims if self.answer else ()
        return tuple(citation for claim in claims for citation in claim.citations)


def ask(assistant: Assistant, question: str, sources: Iterable[str]) -> Asked:
    """Asks a question of these articles, with extraction: a figure must not hang on a language model.

    Articles that were left out of the index must not be among the sources."""
    chosen = frozenset(sources)
    if not chosen:
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


def stands(assistant: Assistant, citation: Citation) -> bool:
    """Whether the words of a citation stand in the file where it says."""
    opened = assistant.open(citation)
    if opened.standing is not Standing.SAME or opened.article is None:
        return False
    return opened.article.text[citation.start : citation.end] == citation.quote
