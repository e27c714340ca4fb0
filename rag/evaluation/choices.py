"""Which of several choices the articles bear out best.

A choice is borne out by sentences that have its words and are likely to answer the question, and by
passages that support the statement which question and choice make together."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rag.assistant import Assistant
from rag.evaluation.statements import as_claim
from rag.records import Hit, Likely, Method, Retrieved, Weighed
from rag.terms import Lexicon

# So many passages are read for a question.
PASSAGES = 10
# The statement is held against so many of them.
_READ_FOR_SUPPORT = 3
# "None of the above" and its like.
_NONE = re.compile(r"\s*none of\b|\s*neither\b", re.IGNORECASE)
# What the findings weigh, and how much "None of the above" is worth.
_WEIGHTS = (1.0, 0.5, 0.5, 1.0)
_NONE_IS_WORTH = 1.2


@dataclass(frozen=True, slots=True)
class Findings:
    """What is found for one choice, all 0..1: `sentence`, the best sentence's likelihood to answer
    times the share of the choice's words in it; `passage` and `passages`, the share of its words in
    the best passage and on average; `support`, the judge's of the statement."""

    sentence: float
    passage: float
    passages: float
    support: float

    @property
    def worth(self) -> float:
        values = (self.sentence, self.passage, self.passages, self.support)
        return sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True))


def choose(assistant: Assistant, question: str, choices: Sequence[str]) -> int:
    """The place of the choice that is borne out best; of equal ones the first. Raises QuestionError."""
    found = findings(assistant, question, choices)
    worth = [_NONE_IS_WORTH if each is None else each.worth for each in found]
    return max(range(len(choices)), key=lambda place: worth[place])


def findings(assistant: Assistant, question: str, choices: Sequence[str]) -> list[Findings | None]:
    """What is found for each choice, None for "None of the above". Raises QuestionError."""
    hits: tuple[Hit, ...] = ()
    sentences: tuple[Likely, ...] = ()
    for event in assistant.ask(question, method=Method.EXTRACTED):
        if isinstance(event, Retrieved):
            hits = event.hits[:PASSAGES]
        elif isinstance(event, Weighed):
            sentences = event.sentences
    lexicon = Lexicon()
    passages = [lexicon.term_set(f"{hit.article.title or ''}\n{hit.text}") for hit in hits]
    said = [(sentence.score, lexicon.term_set(sentence.citation.quote)) for sentence in sentences]
    texts = [hit.text for hit in hits[:_READ_FOR_SUPPORT]]
    verifier = assistant.bench().verifier
    found: list[Findings | None] = []
    for choice in choices:
        if _NONE.match(choice):
            found.append(None)
            continue
        wanted = lexicon.term_set(choice)
        shares = [_share(wanted, terms) for terms in passages]
        found.append(
            Findings(
                max((score * _share(wanted, terms) for score, terms in said), default=0.0),
                max(shares, default=0.0),
                sum(shares) / max(len(shares), 1),
                verifier.support(as_claim(question, choice), texts) if texts else 0.0,
            )
        )
    return found


def _share(wanted: AbstractSet[str], offered: AbstractSet[str]) -> float:
    return len(wanted & offered) / len(wanted) if wanted else 0.0
