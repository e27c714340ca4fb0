"""The gate: does what a claim states in names, numbers, dates, quotations and negations stand in the
words it cites? Needs no model. What it finds it names, in words for the reader."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.core.dates import readable
from rag.core.records import Citation
from rag.language.facts import days, names, negations, numbers, quotations, speech
from rag.language.sentences import split_sentences
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import words


class Kind(StrEnum):
    """What does not fit. The last two leave a claim partly supported: its words stand there, in
    somebody's mouth."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    NEGATION = "negation"
    SPEAKER = "speaker"
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
# Of the terms that claim and source share, so many stand in what somebody is reported to have said.
_REPORTED = 0.6
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
            *self._speech(claim, citations, cited),
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
        pairs = numbers.find_pairs(cited)
        for pair, text in numbers.find_pairs(claim).items():
            if pairs and pair not in pairs:
                instead = _listed(pairs.values())
                yield Flaw(
                    Kind.NUMBER, text, f"{text} is not in the cited words; they say {instead}.", True
                )
        for number in claimed:
            if any(number.agrees(other) for other in said):
                continue
            if number.measure == "percent" and number.bound and self._is_share(number, said):
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

    def _is_share(self, number: numbers.Number, said: Sequence[numbers.Number]) -> bool:
        """Whether "less than a third" can be reckoned from two numbers that are said."""
        shares = numbers.find_shares(said)
        return any(0 <= (share - number.value) * number.bound <= number.value / 3 for share in shares)

    def _names(self, claim: str, citations: Sequence[Citation], cited: str) -> Iterator[Flaw]:
        said = names.NameList("\n".join((cited, *_credits(citations))), self._lexicon)
        dates = _spans(days.find_days(claim))
        counts = numbers.find_numbers(claim, dates)
        taken = (*dates, *((number.start, number.end) for number in counts))
        for name in names.find_names(claim, self._lexicon, taken):
            if not said.has(name) and not said.has_seat(name, claim):
                yield Flaw(Kind.NAME, name.text, f"“{name.text}” is not in the cited words.")
        for code in names.find_codes(claim):
            if not said.has_code(code):
                yield Flaw(Kind.NAME, code, f"“{code}” is not in the cited words.")
        offices = names.find_offices(cited)
        for office, text in names.find_offices(claim).items():
            if offices and office not in offices:
                others = _listed(offices.values())
                yield Flaw(
                    Kind.NAME, text, f"“{text}” is not in the cited words; they say {others}.", True
                )

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

    def _speech(self, claim: str, citations: Sequence[Citation], cited: str) -> Iterator[Flaw]:
        outlets = names.NameList("\n".join(_publishers(citations)), self._lexicon)
        for part in _sentences(claim):
            who = self._wrongly_credited(part, cited, outlets)
            if who:
                yield Flaw(Kind.SPEAKER, who, f"The cited words credit somebody else than {who}.")
        if not speech.find_attributions(claim) and not speech.is_about_speech(claim):
            reported = self._reported_by(claim, self._nearest_sentence(claim, cited))
            if reported:
                yield Flaw(
                    Kind.HEARSAY,
                    reported.text,
                    f"The source does not state this itself (“{reported.text}”); the claim does.",
                )

    def _wrongly_credited(self, claim: str, cited: str, outlets: names.NameList) -> str | None:
        """Who is said to say what the sentence nearest to the claim credits to others."""
        theirs = speech.find_attributions(
            self._nearest_sentence(claim, cited)
        ) or speech.find_attributions(cited)
        if not theirs or not all(attribution.speaker for attribution in theirs):
            return None  # a pronoun may be anybody
        credited = "\n".join(attribution.speaker or "" for attribution in theirs)
        speakers = names.NameList(credited, self._lexicon)
        for attribution in speech.find_attributions(claim):
            named = names.find_names(attribution.speaker or "", self._lexicon)
            if named and not any(
                speakers.has(name) or speakers.has_seat(name, claim) or outlets.has(name)
                for name in named
            ):
                return _listed(name.text for name in named)
        return None

    def _nearest_sentence(self, claim: str, cited: str) -> str:
        wanted = self._lexicon.term_set(claim)
        return max(_sentences(cited), key=lambda text: len(wanted & self._lexicon.term_set(text)))

    def _reported_by(self, claim: str, sentence: str) -> speech.Attribution | None:
        """The attribution under which a sentence says what the claim states, if there is one."""
        wanted = self._lexicon.term_set(claim)
        shared = wanted & self._lexicon.term_set(sentence)
        if not shared:
            return None
        for attribution in speech.find_attributions(sentence):
            if not attribution.is_hedge:
                continue  # who announces, confirms or reveals something stands for it
            before = re.split(r"[;]", sentence[: attribution.start])[-1]
            after = re.split(r"[;]", sentence[attribution.end :])[0]
            if attribution.speaker is None:
                if not self._is_hedged(shared, before, after):
                    continue
                reported = sentence
            elif re.search(r"[,”\"’]\s*(?:\w+\s){0,3}$", before) and len(before) > len(after):
                reported = before
            else:
                reported = after
            if len(shared & self._lexicon.term_set(reported)) >= _REPORTED * len(shared):
                return attribution
        return None

    def _is_hedged(self, shared: AbstractSet[str], before: str, after: str) -> bool:
        """Whether a claim repeats what "reportedly" stands with: the word behind it, or who or what
        stands before it."""
        behind = [stem(word.folded) for word in words(after[:60]) if word.folded not in STOP_WORDS][:1]
        return bool(shared & {*behind, *self._lexicon.terms(before[-60:])})

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


def _sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)] or [text]


def _publishers(citations: Sequence[Citation]) -> Iterator[str]:
    return filter(None, (citation.publisher for citation in citations))


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
