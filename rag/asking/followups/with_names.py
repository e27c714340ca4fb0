"""A question with names in place of what leans in it, and with the place and time of the question before
where it goes on about the same event."""

import re

from rag.asking.followups.edits import appended
from rag.asking.followups.leaning import GROUP_OF, PRONOUN, is_part_of_a_title, leans
from rag.asking.followups.phrases import core_of
from rag.asking.followups.pronouns import candidates, fill_in
from rag.asking.followups.records import Context, Reading
from rag.asking.followups.vocabulary import BREAKS, LEAD, PLACES, WHEN
from rag.language.terms import stem
from rag.language.text import fold, words

_EVENTS = frozenset(
    """agreement announcement attack call conference deal decision exchange meeting operation speech
    statement swap talks trip visit""".split()
)
_POINTING = re.compile(r"\b(the|that|this|those|these)\s+((?:\w+\s+)?\w+)", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:did|was|were|had|met|told|said|saw|went|sent|held|took|gave|made|spoke|\w{2,}ed)\b", re.I
)
# What is so wherever somebody happens to be.
_LASTING = re.compile(
    r"\b(?:born|old|age|aged|succeed\w*|become|became|married|studied|die|died|belong\w*|appointed"
    r"|called|named|known|founded)\b|^(?:who|what) (?:is|are|was|were) \w+\W*$",
    re.IGNORECASE,
)


def with_names(asked: Reading, context: Context) -> str | None:
    """The question with names in place of "he", "it", "there", "that visit"; None when it leans on
    nothing that can be found."""
    filled = fill_in(asked, context)
    pointed = None if filled else _pointed(asked, context)
    if pointed:
        filled = pointed
    if filled is None:
        return _with_names_behind(asked, context)
    filled = _with_place_and_time(filled, asked, context)
    lead = LEAD.match(filled.strip())
    if lead:
        filled = filled.strip()[lead.end() :]
    return filled[0].upper() + filled[1:] if _first_letter(asked.text).isupper() else filled


def _pointed(asked: Reading, context: Context) -> str | None:
    """ "the call" of which the question before said whose it was; "that visit" of a person."""
    text = asked.text
    if any(p.is_named for p in asked.phrases) or asked.places:
        return None
    for match in _POINTING.finditer(text):
        pointing, said = match.group(1).lower(), words(match.group(2))
        if not said or said[0].folded in BREAKS:
            continue
        head = stem(said[0].folded)
        end = match.start(2) + said[0].end
        whole = next(
            (
                p
                for p in context.before.phrases
                if head in p.terms and (p.is_named or core_of(p.text) != p.text)
            ),
            None,
        )
        if whole:
            length = len(whole.terms & {stem(word.folded) for word in said})
            end = match.start(2) + said[max(0, min(length, len(said)) - 1)].end
            new = whole.text if whole.text.lower().startswith("the ") else f"the {whole.text}"
            return text[: match.start()] + _cased(new, text, match.start()) + text[end:]
        if pointing == "the" or said[0].folded not in _EVENTS:
            continue
        people = candidates("he", context) or candidates("it", context)
        if people:
            noun = text[match.start(2) : end]
            return text[: match.start()] + f"{people[0].text}'s {noun}" + text[end:]
    return None


def _with_names_behind(asked: Reading, context: Context) -> str | None:
    """A question that leans on nothing that could take the place of its pronoun has the names behind
    it, as the parts of a question have."""
    text = asked.text
    if any(p.is_named for p in asked.phrases) or asked.places:
        return None
    leaning = any(
        leans(asked, match, match.group(1).lower(), group)
        for match in PRONOUN.finditer(text)
        if not is_part_of_a_title(text, match)
        and (group := GROUP_OF.get(match.group(1).lower(), "then")) not in ("then", "there")
    )
    names = [p.text for p in context.before.phrases if p.is_named and not p.is_plural]
    names += [re.sub(r"^\w+\s+", "", place.text) for place in context.before.places]
    if not leaning or not names:
        return None
    lead = LEAD.match(text.strip())
    said = text.strip()[lead.end() if lead else 0 :]
    said = said[0].upper() + said[1:] if _first_letter(text).isupper() else said
    return appended(said, f"({', '.join(dict.fromkeys(names))})")


def _with_place_and_time(filled: str, asked: Reading, context: Context) -> str:
    """The place and time of the question before, where this one goes on about the same event."""
    if not _PAST.search(asked.text) or _LASTING.search(asked.text.strip()):
        return filled
    asks_place = re.search(
        r"\b(?:there|where)\b|\b(?:what|which) (?:city|country|place)\b", asked.text, re.I
    )
    travels = any(
        re.search(r"\b(?:to|from)\s+$", asked.text[: p.start], re.I) and fold(p.text) in PLACES
        for p in asked.phrases
    )
    if context.before.places and not (asked.places or asks_place or travels):
        place = context.before.places[-1]
        name = re.sub(r"^\w+\s+", "", place.text)
        if name not in filled:
            filled = appended(filled, place.text)
    has_time = asked.times or re.search(
        r"\bwhen\b|\bthen\b|\b(?:day|date|year|month|time)\b", asked.text, re.I
    )
    # "the earthquakes of February 6" is no time at which something else happened.
    said = rf"(?:{WHEN}|last|this|yesterday|today)\b"
    times = [time for time in context.before.times if re.match(said, time.text, re.IGNORECASE)]
    if times and not has_time and times[-1].text not in filled:
        filled = appended(filled, times[-1].text)
    return filled


def _first_letter(text: str) -> str:
    return next((letter for letter in text if letter.isalpha()), "")


def _cased(new: str, text: str, start: int) -> str:
    return new[0].upper() + new[1:] if text[start].isupper() and start == 0 else new
