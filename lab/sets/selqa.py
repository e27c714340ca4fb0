"""SelQA: which sentence of a section of Wikipedia answers. github.com/emorynlp/selqa, the answer
sentence selection's dev and test parts. Apache-2.0."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from lab.reading import read_whole
from lab.train.examples import Example
from lab.train.windows import cut
from rag.language.terms import Lexicon

KEY = "selqa"
_NEGATIVE = 0.5
_TITLED = 0.5
# The head of an article answers much of what its sections answer.
_HEAD = "Abstract"
# Of the words of an answer that are not in the question, another section may have this share.
_SHARED = 1 / 3


@dataclass(frozen=True, slots=True)
class Section:
    article: str
    name: str
    sentences: tuple[str, ...]


class _Record(BaseModel):
    article: str
    section: str
    question: str
    answers: list[int]
    candidates: tuple[str, ...]

    @property
    def in_section(self) -> Section:
        return Section(self.article, self.section, self.candidates)


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Each question with the section that answers it, and every other one with another section of its
    article as well, which does not: one that has few of the answer's words and none of its numbers."""
    lexicon = Lexicon()
    records = [
        record
        for path in sorted(folder.glob(f"{KEY}/*.json"))
        for record in read_whole(path, list[_Record])
    ]
    sections: dict[str, dict[Section, None]] = defaultdict(dict)
    for record in records:
        sections[record.article][record.in_section] = None
    for record in records:
        yield _example(record, record.in_section, record.answers, chance)
        others = [each for each in sections[record.article] if _is_silent(each, record, lexicon)]
        if others and chance.random() < _NEGATIVE:
            yield _example(record, chance.choice(others), (), chance)


def _is_silent(section: Section, record: _Record, lexicon: Lexicon) -> bool:
    """Whether a section, as far as its words tell, does not answer."""
    if section.name in (record.section, _HEAD):
        return False
    answer = " ".join(record.candidates[place] for place in record.answers)
    told = lexicon.term_set(answer) - lexicon.term_set(record.question)
    found = told & lexicon.term_set(" ".join(section.sentences))
    return len(found) <= len(told) * _SHARED and not any(term.isdigit() for term in found)


def _example(
    record: _Record, section: Section, answers: Sequence[int], chance: random.Random
) -> Example:
    # Some sections have empty sentences.
    kept = [place for place, sentence in enumerate(section.sentences) if sentence.strip()]
    bears = [float(place in answers) for place in kept]
    text, spans, bearing = cut([section.sentences[place] for place in kept], bears, chance)
    return Example(
        KEY,
        record.article,
        record.question.strip(),
        text,
        record.article if chance.random() < _TITLED else "",
        answers=float(bool(answers)),
        sentences=spans,
        bearing=bearing,
        words=None if answers else (),
    )
