"""Whether a language model's rewrite of a follow-up question can be trusted."""

import re
from collections.abc import Iterator, Sequence

from rag.asking.followups.vocabulary import PLACES
from rag.core.records import Exchange
from rag.language.terms import STOP_WORDS, is_unusual
from rag.language.text import words

# A rewritten question is refused beyond these: it would be an answer, or an essay.
_LONGEST_REWRITE = 300
_TIMES_THE_ORIGINAL = 4
_SHORT_REWRITE = 120
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|\A.*</think(?:ing)?>", re.S | re.I)
_LABEL = re.compile(
    r"[*_#\s]*(?:(?:the )?(?:new |rewritten |stand-?\s?alone |standalone )*question(?: is)?"
    r"|rewritten|rewrite)[*_]*\s*:[*_\s]*",
    re.IGNORECASE,
)
_QUOTES = "\"'“”‘’«»`* \t\r\n"
_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    million billion dozen""".split()
)
# Of the words already said, so many may be in no English dictionary for them to be English.
_FOREIGN = 0.4


def stand_alone_with(
    model_reply: str, question: str, fallback: str, history: Sequence[Exchange] = ()
) -> str:
    """A language model's rewrite of a question where it can be trusted, else the fallback.

    It must be one question on one line, not much longer than the original, keep the names and numbers
    of the original, and bring in none that neither the question nor the history has.
    """
    said = _THOUGHT.sub("", _THOUGHT.sub("", model_reply)).strip()
    rewrite = _LABEL.sub("", said, count=1) if _LABEL.match(said) else said
    rewrite = rewrite.strip(_QUOTES)
    longest = min(_LONGEST_REWRITE, max(_SHORT_REWRITE, _TIMES_THE_ORIGINAL * len(question)))
    marks = sum(rewrite.count(mark) for mark in "?؟？")
    is_one_question = (
        bool(words(rewrite))
        and len(rewrite) <= longest
        and len(rewrite.splitlines()) == 1
        and not re.search(r"[<>\[\]{}|]|://|[.!?؟？]\s+[A-Z]", rewrite)
        and marks <= max(1, question.count("?"))
        and (rewrite[-1] in "?؟？" or (marks == 0 and question.rstrip()[-1:] not in ("?", "؟", "？")))
        and not any("\ud800" <= letter <= "\udfff" for letter in rewrite)
    )
    if not is_one_question:
        return fallback
    material = [question, fallback]
    for exchange in history:
        material += [exchange.question, exchange.answer.standalone or ""]
        material += [claim.text for claim in exchange.answer.claims]
    known = {word.folded for text in material for word in words(text)}
    is_english = sum(map(is_unusual, known)) <= _FOREIGN * len(known)
    kept = {word for word, first in _telling(question, False) if not first}
    new = {word for word, _ in _telling(rewrite, is_english)} - known
    return fallback if new or kept - {word.folded for word in words(rewrite)} else rewrite


def _telling(text: str, with_unusual: bool) -> Iterator[tuple[str, bool]]:
    """The words of a text that are names or numbers, each with whether it is the first word, where a
    capital tells nothing."""
    for place, word in enumerate(words(text)):
        letter = text[word.start]
        if word.folded in STOP_WORDS:
            continue
        is_name = letter.isupper() and (place > 0 or is_unusual(word.folded) or word.folded in PLACES)
        is_strange = with_unusual and is_unusual(word.folded)
        if letter.isdigit() or word.folded in _NUMBERS or is_name or is_strange:
            yield word.folded, place == 0
