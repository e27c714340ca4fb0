"""Which of several choices the articles bear out best: the one whose words stand in sentences that are
likely to answer the question, in the passages found for it, and in those found for question and choice.

The judge's support of the statement that question and choice make together was tried as well; it chose
worse than either and added nothing."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lab.plain import is_none
from rag.asking.assistant import Assistant
from rag.core.records import Filters, Hit, Method, Retrieved, Scored, Weighed
from rag.language.terms import Lexicon

# So many passages are read for a question.
PASSAGES = 10
# So many are found for the question together with each choice.
_PASSAGES_TOGETHER = 5
# How much is found for another choice that is better than "none of the above".
_NONE_IS_WORTH = 0.4


@dataclass(frozen=True, slots=True)
class Findings:
    """What is found for one choice, all 0..1: `sentence`, the best sentence's likelihood to answer
    times the share of the choice's words in it; `passages`, the share of its words in the passages
    on average; `together`, in the passages found for question and choice, the share of the one's words
    times that of the other's, on average."""

    sentence: float
    passages: float
    together: float

    @property
    def worth(self) -> float:
        return self.sentence + self.passages + self.together


def choose(assistant: Assistant, question: str, choices: Sequence[str]) -> int:
    """The place of the choice that is borne out best; of equal ones the first. Raises QuestionError."""
    found = findings(assistant, question, choices)
    worth = [_NONE_IS_WORTH if each is None else each.worth for each in found]
    return max(range(len(choices)), key=lambda place: worth[place])


def findings(assistant: Assistant, question: str, choices: Sequence[str]) -> list[Findings | None]:
    """What is found for each choice, None for "None of the above". Raises QuestionError."""
    hits: tuple[Hit, ...] = ()
    sentences: tuple[Scored, ...] = ()
    for event in assistant.ask(question, method=Method.EXTRACTED):
        if isinstance(event, Retrieved):
            hits = event.hits[:PASSAGES]
        elif isinstance(event, Weighed):
            sentences = event.sentences
    lexicon = Lexicon()
    passages = _terms_of(hits, lexicon)
    asked = lexicon.term_set(question)
    said = [(sentence.score, lexicon.term_set(sentence.citation.quote)) for sentence in sentences]
    found: list[Findings | None] = []
    for choice in choices:
        if is_none(choice):
            found.append(None)
            continue
        wanted = lexicon.term_set(choice)
        hits_together = assistant.search(f"{question} {choice}", Filters(), _PASSAGES_TOGETHER)
        together = _terms_of(hits_together, lexicon)
        found.append(
            Findings(
                max((score * _share(wanted, terms) for score, terms in said), default=0.0),
                sum(_share(wanted, terms) for terms in passages) / max(len(passages), 1),
                sum(_share(wanted, terms) * _share(asked, terms) for terms in together)
                / _PASSAGES_TOGETHER,
            )
        )
    return found


def _terms_of(hits: Sequence[Hit], lexicon: Lexicon) -> list[frozenset[str]]:
    """The terms of each passage and the title it stands under."""
    return [lexicon.term_set(f"{hit.article.title or ''}\n{hit.text}") for hit in hits]


def _share(wanted: AbstractSet[str], offered: AbstractSet[str]) -> float:
    return len(wanted & offered) / len(wanted) if wanted else 0.0
