"""The gate: does what a claim states in names, numbers, dates, quotations and negations stand in the
words it cites? Needs no model. What it finds it names, in words for the reader."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.core.dates import readable
from rag.core.records import Citation
from rag.language.facts import days, names, negations, numbers, quotations, speech
from rag.language.sentences import split_sentences
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import words


class Kind(StrEnum):
    """What does not fit. The last leaves a claim partly supported: its words stand there, in somebody's
    mouth."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    NEGATION = "negation"
    HEARSAY = "hearsay"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that a claim states and its cited words do not. `contradicts` when they say otherwise
    on the same thing."""

    kind: Kind
    text: str
    reason: str
    contradicts: bool = False


# Of a claim's terms, this share must stand in the cited words before another number there contradicts.
_SAME_MATTER = 0.5
# What a number counts stands within this many words behind it.
_COUNTED_WORDS = 3


class Gate:
    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def check(self, claim: str, citations: Sequence[Citation]) -> tuple[Flaw, ...]:
        """The flaws of a claim, in the order of the claim's words within each kind. Without citations
        there is nothing to compare, and no flaw."""
        if not citations:
            return ()
        cited = "\n".join(citation.quote for citation in citations)
        return (
            *self._quotations(claim, cited),
            *self._dates(claim, citations),
            *self._numbers(claim, cited),
            *self._names(claim, citations, cited),
            *self._negations(claim, cited),
            *self._hearsay(claim, cited),
        )

    def _quotations(self, claim: str, cited: str) -> Iterator[Flaw]:
        for quotation in quotations.find_quotations(claim):
            if not quotations.has_quotation(cited, quotation.text):
                yield Flaw(
                    Kind.QUOTATION,
                    quotation.text,
                    f"“{quotation.text}” does not stand in the cited words so.",
                )

    def _dates(self, claim: str, citations: Sequence[Citation]) -> Iterator[Flaw]:
        said = [
            (mention, placed)
            for citation in citations
            for mention in days.find_days(citation.quote)
            for placed in days.place(mention, citation.published)
        ]
        published = _published(citations)
        for mention in days.find_days(claim):
            meanings = days.place(mention, published[0] if len(published) == 1 else None)
            if any(
                _date_stands(meaning, [placed for _, placed in said], published) for meaning in meanings
            ):
                continue
            if any(mention.text.lower() == other.text.lower() for other, _ in said):
                continue
            others = dict.fromkeys(other.text for other, _ in said)
            reason = f"{mention.text} is not in the cited words"
            if others:
                yield Flaw(Kind.DATE, mention.text, f"{reason}; they say {_listed(others)}.", True)
            else:
                yield Flaw(Kind.DATE, mention.text, f"{reason}, which name no date.")

    def _numbers(self, claim: str, cited: str) -> Iterator[Flaw]:
        said = numbers.find_numbers(cited, _spans(days.find_days(cited)))
        shares_matter = self._shared(claim, cited) >= _SAME_MATTER
        # "2000" may be a year here and a number there.
        bare_years = {float(day.year) for day in days.find_days(cited) if day.year and day.month is None}
        claimed = numbers.find_numbers(claim, _spans(days.find_days(claim)))
        for number in claimed:
            if any(number.agrees(other) for other in said) or numbers.is_reckoned(number, said):
                continue
            if number.measure is None and number.value in bare_years:
                continue
            alike = [other for other in said if number.is_like(other)]
            counted = _counted(claim, number)
            same = [other for other in alike if counted & _counted(cited, other)]
            others = dict.fromkeys(other.text for other in same or alike or said)
            if number.text in others:
                others = dict.fromkeys(other.said for other in same or alike or said)
                number = replace(number, text=number.said)
            reason = f"{number.text} is not in the cited words"
            if not others:
                yield Flaw(Kind.NUMBER, number.text, f"{reason}, which give no number.")
                continue
            contradicts = bool(same or (alike and number.measure)) and shares_matter
            yield Flaw(Kind.NUMBER, number.text, f"{reason}; they say {_listed(others)}.", contradicts)

    def _names(self, claim: str, citations: Sequence[Citation], cited: str) -> Iterator[Flaw]:
        said = names.NameList("\n".join((cited, *_credits(citations))), self._lexicon)
        dates = _spans(days.find_days(claim))
        counts = numbers.find_numbers(claim, dates)
        taken = (*dates, *((number.start, number.end) for number in counts))
        for name in names.find_names(claim, self._lexicon, taken):
            if not said.has(name):
                yield Flaw(Kind.NAME, name.text, f"“{name.text}” is not in the cited words.")

    def _negations(self, claim: str, cited: str) -> Iterator[Flaw]:
        found = negations.find_disagreement(claim, cited)
        if found is None:
            return
        denied_here = any(found.denial == denial.text for denial in negations.find_denials(claim))
        reason = (
            f"The cited words do not deny it: nothing there says “{found.denial}”."
            if denied_here
            else f"The cited words deny it: “{found.denial}”."
        )
        yield Flaw(Kind.NEGATION, found.denial, reason, True)

    def _hearsay(self, claim: str, cited: str) -> Iterator[Flaw]:
        if speech.is_of_speech(claim):
            return
        wanted = self._lexicon.term_set(claim)
        sentences = [cited[s.start : s.end] for s in split_sentences(cited)] or [cited]
        nearest = max(sentences, key=lambda text: len(wanted & self._lexicon.term_set(text)))
        if reported := speech.find_report(nearest):
            yield Flaw(
                Kind.HEARSAY,
                reported,
                f"The source does not state this itself (“{reported}”); the claim does.",
            )

    def _shared(self, claim: str, cited: str) -> float:
        wanted = self._lexicon.term_set(claim)
        return len(wanted & self._lexicon.term_set(cited)) / max(len(wanted), 1)


def _date_stands(claimed: days.Day, said: Sequence[days.Day], published: Sequence[str]) -> bool:
    """Whether a date is said; what of it is not said may come from another date there, or from the
    day of publication."""
    for mention in said:
        if days.agree(claimed, mention) is not True:
            continue
        lacking = days.lacking(claimed, mention)
        if not lacking or all(
            any(days.has_part(other, part, claimed) for other in said)
            or any(days.published_has(day, part, claimed) for day in published)
            for part in lacking
        ):
            return True
    if any(days.agree(claimed, mention) is False for mention in said):
        return False
    return any(
        all(days.published_has(day, part, claimed) for part in days.parts(claimed)) for day in published
    )


def _published(citations: Sequence[Citation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(citation.published for citation in citations if citation.published))


def _credits(citations: Sequence[Citation]) -> Iterator[str]:
    for citation in citations:
        yield from filter(None, (citation.title, citation.publisher))
        if citation.published:
            yield readable(citation.published)


def _spans(mentions: Sequence[days.Day]) -> tuple[tuple[int, int], ...]:
    return tuple((mention.start, mention.end) for mention in mentions)


def _counted(text: str, number: numbers.Number) -> set[str]:
    """The terms right behind a number: what it counts is among them."""
    following = words(text[number.end : number.end + 40])[:_COUNTED_WORDS]
    return {stem(word.folded) for word in following if word.folded not in STOP_WORDS}


def _listed(texts: Iterable[str]) -> str:
    some = list(texts)[:3]
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} and {some[-1]}"
