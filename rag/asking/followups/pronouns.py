"""Pronouns, "there" and "then" filled in with what they can stand for in the exchange before."""

import re

from rag.asking.followups.leaning import GROUP_OF, PRONOUN, is_part_of_a_title, is_possessive, leans
from rag.asking.followups.records import Context, Kind, Phrase, Reading
from rag.asking.followups.vocabulary import AUXILIARY, PLACES, WHEN
from rag.language.text import fold

_GOING = re.compile(r"\b(?:go|goes|going|went|gone|travel\w*|fly|flew|flown|return\w*|sent?)\s+$", re.I)


def fill_in(asked: Reading, context: Context) -> str | None:
    """The question with what its pronouns stand for; None when none leans on anything that fits.

    Each kind of pronoun once: "What did Kalin say about his visit?" leans no more.
    """
    text, seen, edits = asked.text, set[str](), list[tuple[int, int, str]]()
    for match in PRONOUN.finditer(text):
        word = match.group(1).lower()
        group = GROUP_OF.get(word, "then")
        if is_part_of_a_title(text, match) or group in seen:
            continue
        if not leans(asked, match, word, group):
            seen.add(group)
            continue
        new = _leant_on(asked, match, word, group, context)
        if new is not None:
            seen.add(group)
            short = {"re": " are", "ve": " have"}.get((match.group(2) or "")[1:].lower(), "")
            edits.append((match.start(), match.end(), new + short))
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text if edits else None


def candidates(group: str, context: Context) -> list[Phrase]:
    """What a pronoun can stand for, best first."""
    before = context.before.phrases
    single = [p for p in before if not p.is_plural]
    people = [p for kind in (Kind.PERSON, Kind.UNKNOWN) for p in single if p.kind is kind]
    named = {term for p in before for term in p.terms}
    answered = [
        p
        for kind in (Kind.PERSON, Kind.UNKNOWN)
        for p in context.answer.phrases
        if p.kind is kind
        and not p.is_plural
        and not p.terms & named
        and (kind is Kind.PERSON or re.search(r"[^\W\d_]", p.text))
    ]
    if group in ("he", "she"):
        # "Who succeeded Fidan?" - "And what did he say?" is about the one who did.
        who = re.match(rf"who\s+(?!(?:{AUXILIARY})\b)", context.before.text, re.IGNORECASE)
        sure = [p for p in answered if p.kind is Kind.PERSON]
        return [*sure, *people] if who else [*people, *answered]
    groups = [p for p in single if p.kind is Kind.GROUP]
    unknown = [p for p in single if p.kind is Kind.UNKNOWN]
    things = [p for p in single if p.kind is Kind.THING]
    if group == "it":
        # "Which broadcaster reported the call?" is about the call.
        is_asked_for = re.match(r"(?:which|what)\s", context.before.text, re.IGNORECASE)
        things.sort(key=lambda p: bool(is_asked_for) and p.start == 0)
        return [*(p for p in things if p.is_named), *groups, *things, *unknown]
    several = [p for p in before if p.is_plural]
    return [*(p for p in several if p.is_named), *groups, *unknown, *several, *people, *answered]


def _leant_on(
    asked: Reading, match: re.Match[str], word: str, group: str, context: Context
) -> str | None:
    """What is put in place of a pronoun; None when nothing fits."""
    text = asked.text
    if group == "there":
        return _there(text, match, context)
    if group == "then":
        return _then(text, match, word, context)
    own = [phrase.terms for phrase in asked.phrases if phrase.is_named]
    is_several = re.search(r"\b(?:of|between|among|both)\s+$", text[: match.start()], re.I) is not None
    phrase = next(
        (
            p
            for p in candidates(group, context)
            if p.terms not in own and not (is_several and group == "they" and not p.is_plural)
        ),
        None,
    )
    if phrase is None:
        return None
    if not is_possessive(text, match, word):
        new = phrase.text
    else:
        new = phrase.text + ("'" if phrase.is_plural and phrase.text.endswith("s") else "'s")
    return new[0].upper() + new[1:] if match.start() == 0 and text[0].isupper() else new


def _there(text: str, match: re.Match[str], context: Context) -> str | None:
    places = (*context.before.places[-1:], *context.answer.places[:1])
    names = [p.text for p in context.before.phrases if fold(p.text.removeprefix("the ")) in PLACES]
    where = places[0].text if context.before.places else f"in {names[0]}" if names else None
    if where is None and places:
        where = places[0].text
    if where and _GOING.search(text[: match.start()]):
        return re.sub(r"^\w+", "to", where)
    return where


def _then(text: str, match: re.Match[str], word: str, context: Context) -> str | None:
    times = (*context.before.times[-1:], *context.answer.times[:1])
    if not times:
        return None
    behind = re.search(rf"\b(?:{WHEN}|back|on)\s+$", text[: match.start()], re.IGNORECASE)
    if behind and behind.group().strip().lower() != "back":
        return re.sub(rf"^(?:{WHEN})\s+", "", times[0].text, flags=re.IGNORECASE)
    return times[0].text
