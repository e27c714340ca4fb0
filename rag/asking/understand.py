"""The first stage of asking: a question and what was said before, to what is to be looked for."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from rag.asking.followups import rewritten, stand_alone, transcript
from rag.asking.generative import Writer
from rag.asking.moments import Moment, at_its_moment
from rag.asking.questions import Question, QuestionReader
from rag.asking.scopes import find_scopes
from rag.core.errors import LanguageModelError
from rag.core.records import Exchange, Filters, Waited
from rag.index.search import Snapshot
from rag.language.spelling import respelled
from rag.language.tongues import ENGLISH, may_be_in


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is understood.

    `alone` needs no history. `parts` are the questions in it, each with the articles that it is asked
    of; where `is_compared` they are one question, asked of each side that it sets against another.
    `moment` is when it asks about, `nothing` says why no article may be read. `fault` is why the
    language model could not be asked, in words, or None.
    """

    question: str
    alone: str
    filters: Filters
    parts: tuple[tuple[Question, Filters], ...]
    is_compared: bool
    moment: Moment | None
    nothing: str | None
    fault: str | None

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for question, _ in self.parts)


def understand(
    question: str,
    history: Sequence[Exchange],
    filters: Filters,
    snapshot: Snapshot,
    writer: Writer | None,
) -> Generator[Waited, None, Asked]:
    """With a `writer`, its model is asked how a question stands alone that leans on the history.

    Raises QuestionError, and SettingsError for filters whose dates are none.
    """
    # What a name looks like and how it is spelled is known of English alone.
    can_look_up = ENGLISH in snapshot.languages and may_be_in((ENGLISH,), question)
    reader = QuestionReader(snapshot.lexicon, snapshot.knows, can_look_up)
    reader.read_whole(question)  # refuses what is no question
    alone, fault = yield from _alone(question, history, reader, writer)
    if can_look_up:
        alone = respelled(alone, snapshot.lexicon, snapshot.keywords.nearest_term)
    articles = tuple(snapshot.articles.values())
    searched, filters, moment, nothing = at_its_moment(alone, filters, articles)
    scopes = find_scopes(reader.read_whole(searched), articles, filters)
    parts = scopes or tuple((part, filters) for part in reader.read(searched))
    return Asked(question, alone, filters, parts, bool(scopes), moment, nothing, fault)


def _alone(
    question: str, history: Sequence[Exchange], reader: QuestionReader, writer: Writer | None
) -> Generator[Waited, None, tuple[str, str | None]]:
    """The question without what it leans on, and why a model could not be asked for it, or None."""
    alone = stand_alone(question, history, reader)
    if writer is None or alone == question:
        return alone, None
    try:
        reply = yield from writer.stand_alone(transcript(history), question)
    except LanguageModelError as error:
        return alone, str(error)
    return rewritten(reply, question, alone, history, reader), None
