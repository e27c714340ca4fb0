"""Questions to begin with, made of what the articles themselves report: who spoke of what, who met whom.

Each is made of one sentence; which of them the articles are found to answer is for the caller to ask."""

import re
from collections.abc import Callable, Iterable, Iterator

from rag.core.records import Article
from rag.language.facts.names import Named, find_names
from rag.language.sentences import split_sentences
from rag.language.terms import Lexicon
from rag.language.text import fold

_SAID = re.compile(r"\b(?:said|told|warned|argued|added)\b(?! to\b)")
_MET = re.compile(r"\b(?:met|received)\b(?! with (?:a|the)\b)")
# Days, months, and what tells where somebody is from.
_NO_TOPIC = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|\S+(?:ish|ian|ese|i)"
    r"|german|american|european|african|mexican|korean|cuban|french|dutch|greek|swiss|czech"
)
# What is asked fits one line.
_NAME_WORDS = 4


def example_questions(articles: Iterable[Article]) -> Iterator[str]:
    """Questions, each once, those of the first articles first: from every article one, the one that a
    reader would rather ask, and then the others."""
    lexicon = Lexicon(())
    waiting = [_questions(article, lexicon) for article in articles]
    asked: list[set[str]] = []
    while waiting:
        going_on = []
        for questions in waiting:
            for question in questions:
                said = set(fold(question).split())
                # "Kalin" and "Ibrahim Kalin" make one question.
                if not any(said <= other or other <= said for other in asked):
                    asked.append(said)
                    going_on.append(questions)
                    yield question
                    break
        waiting = going_on


def _questions(article: Article, lexicon: Lexicon) -> Iterator[str]:
    """The questions of an article, the ones a reader would rather ask first."""
    sentences = [
        article.text[sentence.start : sentence.end]
        for sentence in split_sentences(article.text, article.title)
        if not sentence.is_heading
    ]
    makers: tuple[Callable[[str, Lexicon], str | None], ...] = (_met_whom, _said_about)
    for make in makers:
        for sentence in sentences:
            if question := make(sentence, lexicon):
                yield question


def _said_about(sentence: str, lexicon: Lexicon) -> str | None:
    """`What did Kalin say about Gaza?` of a sentence that reports what Kalin said of Gaza."""
    said = _SAID.search(sentence)
    if said is None or sentence[: said.start()].rstrip(" ,").endswith(("”", '"')):
        return None
    names = find_names(sentence, lexicon)
    before = (name for name in names if name.end <= said.start() and name.text == _bare(name))
    if (speaker := _first(before)) is None:
        return None
    behind = (name for name in names if name.start >= said.end())
    topic = _first(name for name in behind if not set(name.folded) & set(speaker.folded))
    return f"What did {_bare(speaker)} say about {_bare(topic)}?" if topic else None


def _met_whom(sentence: str, lexicon: Lexicon) -> str | None:
    """`Whom did Kalin meet?` of a sentence that names who met and who was met."""
    met = _MET.search(sentence)
    if met is None:
        return None
    names = find_names(sentence, lexicon)
    who = _first(name for name in names if name.end <= met.start())
    return f"Whom did {_bare(who)} meet?" if who and names[-1].start >= met.end() else None


def _first(names: Iterable[Named]) -> Named | None:
    """The first name that reads well in a question."""
    able = (
        name
        for name in names
        if len(name.text.split()) <= _NAME_WORDS
        and "\n" not in name.text
        and not _NO_TOPIC.fullmatch(fold(_bare(name)))
    )
    return next(able, None)


def _bare(name: Named) -> str:
    """A name without the ending of a genitive."""
    return re.sub(r"[’']s?$", "", name.text)
