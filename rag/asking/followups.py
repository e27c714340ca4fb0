"""A follow-up question with what the question before was about beside it, so that it stands alone.

It knows no grammar and never says who "he" is: the names lead to the articles, and those tell."""

import re
from collections.abc import Sequence

from rag.asking.moments import without_moment
from rag.asking.questions import MAX_CHARACTERS, Question, QuestionReader, QuestionWord
from rag.core.errors import QuestionError
from rag.core.records import Exchange
from rag.language.terms import is_unusual, stem
from rag.language.text import words

# Words that speak of something else.
_LEANING = frozenset(
    """he him his she her hers they them their theirs it its this that these those one ones there then
    others""".split()
)
_GOES_ON = re.compile(r"\s*(?:and|but|so|or|(?:what|how) about)\b", re.IGNORECASE)
# A question that names nothing is about what was spoken of where it has no more words of its own than
# this, without and with a word that leans.
_FEW_WORDS, _FEW_BESIDE_LEANING = 1, 4
# Of a long conversation no more names and words are kept than this, names first.
_MOST_BESIDE = 16
# How much of the earlier exchanges a prompt shows.
_QUESTION_SHOWN = 300
_ANSWER_SHOWN = 600
# A rewritten question is refused beyond these: it would be an answer, or an essay.
_LONGEST_REWRITE = 300
_TIMES_THE_ORIGINAL = 4
_SHORT_REWRITE = 120
_TWO_SENTENCES = re.compile(r"[.!?؟]\s+[A-Z]")
_AROUND = "\"'“”‘’«»` \t"


def stand_alone(question: str, history: Sequence[Exchange], reader: QuestionReader) -> str:
    """The question with the names and words of the question before in brackets behind it; one that says
    nothing itself ("When?", "And in Cairo?") comes behind the whole question before. The same string
    when it leans on nothing, or the question before cannot be read.

    Raises QuestionError as the reader does, where there is a history to lean on.
    """
    if not history:
        return question
    asked = reader.read_whole(question)
    try:
        before = reader.read_whole(_understood(history[-1]))
    except QuestionError:
        return question
    if not _leans(asked):
        return question
    if not _own_words(asked):
        alone = _again(before.text, asked.text)
    elif about := _about(before, asked):
        alone = f"{_unmarked(asked.text)} ({', '.join(about)})?"
    else:
        return question
    return alone if len(alone) <= MAX_CHARACTERS else question


def _leans(asked: Question) -> bool:
    found = words(asked.text)
    own = len(_own_words(asked))
    is_leaning = any(word.folded in _LEANING for word in found)
    if _GOES_ON.match(asked.text):
        return is_leaning or not asked.names or not own
    # A name in small letters is in no dictionary.
    if asked.names or any(is_unusual(word.folded) for word in found):
        return False
    if is_leaning:
        return own <= _FEW_BESIDE_LEANING
    # "Thanks" and "What can you do?" are about nothing.
    is_asked = asked.text.endswith("?") and all(word.folded != "you" for word in found)
    return is_asked and own <= _FEW_WORDS


def _again(before: str, question: str) -> str:
    """A question with another behind it that says nothing itself ("What did Kalin discuss, and when?"),
    or asked as of another moment."""
    if without_moment(question) != question:
        return f"{_unmarked(without_moment(before))} {_GOES_ON.sub('', question).lstrip()}"
    return f"{_unmarked(before)}, {question[0].lower()}{question[1:]}"


def _own_words(question: Question) -> list[QuestionWord]:
    """The words of a question that belong to no name."""
    return [w for w in question.words if not any(n.start <= w.start < n.end for n in question.names)]


def _about(before: Question, asked: Question) -> list[str]:
    """The names and the other words of a question that another does not have, in their order."""
    known = {word.folded for word in words(asked.text)}
    names = [(name.start, name.end) for name in before.names]
    told = [*names, *((word.start, word.end) for word in _own_words(before))][:_MOST_BESIDE]
    said = [before.text[start:end] for start, end in sorted(told)]
    return [text for text in said if not {word.folded for word in words(text)} <= known]


def _unmarked(text: str) -> str:
    return text.rstrip("?.!… ")


def _understood(exchange: Exchange) -> str:
    return exchange.answer.standalone or exchange.question


def rewritten(
    reply: str, question: str, fallback: str, history: Sequence[Exchange], reader: QuestionReader
) -> str:
    """A language model's rewrite of a question where it is sound, else the fallback.

    The last line of the reply must be one question, not much longer than the original; keep the names
    and numbers of the original; and say nothing that neither the question nor the history says.
    """
    line = (reply.rpartition("</think>")[2].strip().splitlines() or [""])[-1]
    rewrite = line.replace("*", "").rpartition(": ")[2].strip(_AROUND)
    longest = min(_LONGEST_REWRITE, max(_SHORT_REWRITE, _TIMES_THE_ORIGINAL * len(question)))
    is_marked = not question.rstrip().endswith(tuple("?؟？")) or rewrite.endswith(tuple("?؟？"))
    if len(rewrite) > longest or not is_marked or _TWO_SENTENCES.search(rewrite):
        return fallback
    try:
        kept = {term for name in reader.read_whole(question).names for term in name.terms}
        said = {word.term for word in reader.read_whole(rewrite).words}
    except QuestionError:
        return fallback
    claims = [claim.text for exchange in history for claim in exchange.answer.claims]
    material = [question, fallback, *map(_understood, history), *claims]
    known = {stem(word.folded) for text in material for word in words(text)}
    return rewrite if kept <= said <= known else fallback


def transcript(history: Sequence[Exchange], limit: int = 3) -> str:
    """The last exchanges as text, two lines for each, shortened; empty without any."""
    lines = []
    for exchange in history[-limit:] if limit > 0 else ():
        said = " ".join(claim.text for claim in exchange.answer.claims)
        lines.append(f"Question: {_shortened(_understood(exchange), _QUESTION_SHOWN)}")
        lines.append(f"Answer: {_shortened(said, _ANSWER_SHOWN) or 'Nothing was found.'}")
    return "\n".join(lines)


def _shortened(text: str, characters: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= characters else line[:characters].rsplit(" ", 1)[0] + " …"
