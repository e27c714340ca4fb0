"""A follow-up question made to stand alone. It knows no grammar: it looks for the words that lean and
for what they can lean on. What it cannot fill in it leaves as it is."""

import re
from collections.abc import Sequence

from rag.asking.followups.asked_again import asked_again
from rag.asking.followups.reading import question_of, read, read_context
from rag.asking.followups.vocabulary import LEAD
from rag.asking.followups.with_another import with_another
from rag.asking.followups.with_names import with_names
from rag.asking.questions import MAX_CHARACTERS, QuestionReader
from rag.core.records import Exchange

# How much of the earlier exchanges a prompt shows.
_QUESTION_SHOWN = 300
_ANSWER_SHOWN = 600
_PRONOUN_ALONE = re.compile(
    r"(?:(?:what|how) about )?(?:he|she|him|his|her|they|them|their|it|its|there|then)[?.! ]*",
    re.IGNORECASE,
)


def stand_alone(question: str, history: Sequence[Exchange], reader: QuestionReader) -> str:
    """The question with what it leans on filled in from the last exchange; the same string when it
    leans on nothing, or on nothing that can be found.

    Raises QuestionError as the reader does, where there is a history to lean on.
    """
    if not history:
        return question
    asked = read(question, reader)
    context = read_context(history[-1], reader)
    if context is None:
        return question
    lead = LEAD.match(question.strip())
    rest = question.strip()[lead.end() if lead else 0 :]
    filled = (
        asked_again(rest, asked, context)
        or with_another(rest, lead is not None, context, reader)
        or with_names(asked, context)
    )
    if not filled or len(filled) > MAX_CHARACTERS or _PRONOUN_ALONE.fullmatch(rest):
        return question
    return filled


def transcript(history: Sequence[Exchange], limit: int = 3) -> str:
    """The last exchanges as text, two lines for each, shortened; empty without any."""
    lines = []
    for exchange in history[-limit:] if limit > 0 else ():
        said = " ".join(claim.text for claim in exchange.answer.claims)
        lines.append(f"Question: {_shortened(question_of(exchange), _QUESTION_SHOWN)}")
        lines.append(f"Answer: {_shortened(said, _ANSWER_SHOWN) or 'Nothing was found.'}")
    return "\n".join(lines)


def _shortened(text: str, characters: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= characters else line[:characters].rsplit(" ", 1)[0] + " …"
