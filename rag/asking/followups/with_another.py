"""The question before, asked of something else: "And Fidan?", "What about the PKK?", "In Cairo?"."""

import re

from rag.asking.followups.edits import appended, put
from rag.asking.followups.leaning import PRONOUN
from rag.asking.followups.names import find_names
from rag.asking.followups.pronouns import fill_in
from rag.asking.followups.reading import read
from rag.asking.followups.records import Context, Kind, Phrase
from rag.asking.followups.vocabulary import AFTER_AUXILIARY, ASKING, AUXILIARY, PLACES, TIME
from rag.asking.questions import QuestionReader
from rag.language.text import fold, words

_WHAT_ABOUT = re.compile(r"(?:what|how) about\s+|what of\s+|(?=about\s)", re.IGNORECASE)
# What is longer than this is no fragment of a question.
_FRAGMENT_WORDS = 8
_PREPOSITION = re.compile(
    r"(in|at|near|with|to|from|for|on|by|about|against|before|after|since|during|until)\s+",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1\d|20|21)\d\d")


def with_another(rest: str, has_lead: bool, context: Context, reader: QuestionReader) -> str | None:
    """ "And Fidan?", "What about the PKK?", "In Cairo?": the question before with this in it; None
    when the question is no such one."""
    about = _WHAT_ABOUT.match(rest)
    line = " ".join(rest[about.end() if about else 0 :].split())
    is_marked = line.endswith("?")
    line = line.rstrip("?.!… ")
    preposition = _PREPOSITION.match(line)
    if preposition:
        line = line[0].lower() + line[1:]
    if not line or len(words(line)) > _FRAGMENT_WORDS:
        return None
    if not (has_lead or about or (is_marked and (preposition or _is_name_alone(line, reader)))):
        return None
    if re.search(rf"\b(?:{AUXILIARY}|{ASKING})\b", re.sub(r"\bMay\b", "", line), re.IGNORECASE):
        return None
    leaning = fill_in(read(line, reader), context)
    line = leaning or line
    if PRONOUN.fullmatch(line) or not words(line):
        return None
    if TIME.fullmatch(line) or _YEAR.fullmatch(line):
        return _with_time(f"in {line}" if _YEAR.fullmatch(line) else line, context)
    asked = preposition.group(1).lower() if preposition else ""
    said = line[preposition.end() :] if preposition else line
    if not words(said):
        return None
    named = [p for p in read(f"about {said}", reader).phrases if p.is_named]
    whole = next(
        (p for p in named if re.fullmatch(r"(?:the )?", said[: max(0, p.start - 6)], re.I)), None
    )
    if whole is None or whole.end - 6 < len(re.sub(r"['’]s?$", "", said)):
        if any(p.is_named for p in named) and not (about or asked):
            return None
        if len(words(said)) > (_FRAGMENT_WORDS if about or asked else 3):
            return None
        whole = None
    said = re.sub(r"['’]s?$", "", said) if whole else said
    if asked in ("in", "at", "near"):
        return _with_place(f"{asked} {said}", context)
    if asked:
        return _with_preposition(asked, said, context)
    if whole is None:
        return _with_preposition("about", said, context)
    return _with_name(whole, said, context)


def _is_name_alone(line: str, reader: QuestionReader) -> bool:
    names = list(find_names(line, reader))
    if len(names) != 1 or names[0][:2] != (0, len(line)) or line[0].isdigit():
        return False
    # A single strange word may be a question in another language: "Neden?"
    return names[0][2] is not None or " " in line or fold(line) in PLACES


def _with_time(time: str, context: Context) -> str:
    if context.before.times:
        return put(context.before.text, context.before.times[-1], time)
    return appended(context.before.text, time)


def _with_place(place: str, context: Context) -> str:
    if context.before.places:
        old = context.before.places[-1]
        name = place.split(" ", 1)[1]
        return put(context.before.text, old, place if old.preposition else name)
    return appended(context.before.text, place)


def _with_preposition(preposition: str, said: str, context: Context) -> str:
    for phrase in context.before.phrases:
        if re.search(rf"\b{preposition}\s+$", context.before.text[: phrase.start], re.IGNORECASE):
            return put(context.before.text, phrase, said)
    return appended(context.before.text, f"{preposition} {said}")


def _with_name(new: Phrase, said: str, context: Context) -> str | None:
    text = context.before.text
    named = [phrase for phrase in context.before.phrases if phrase.is_named]
    people = [p for p in named if p.kind in (Kind.PERSON, Kind.UNKNOWN) and not p.is_plural]
    groups = [p for p in named if p.kind in (Kind.GROUP, Kind.THING)]
    if fold(said) in PLACES and context.before.places:
        return _with_place(f"{context.before.places[-1].preposition or 'in'} {said}", context)
    if any(phrase.terms == new.terms for phrase in named):
        if len(people) == 2 and new.kind in (Kind.PERSON, Kind.UNKNOWN):
            one, other = people
            between = text[one.end : other.start]
            return f"{text[: one.start]}{other.text}{between}{one.text}{text[other.end :]}"
        return None
    if new.kind in (Kind.PERSON, Kind.UNKNOWN) and not people:
        groups = [
            group
            for group in groups
            if group.kind is Kind.GROUP and AFTER_AUXILIARY.search(text[: group.start])
        ]
        if not groups:
            return appended(text, f"({said})")
    order = (people, groups) if new.kind in (Kind.PERSON, Kind.UNKNOWN) else (groups, people)
    if new.kind is Kind.GROUP and not groups:
        # "What did Kalin discuss?" - "What about the SDF?" asks for a topic, not for who spoke.
        return _with_preposition("about", said, context)
    old = next((candidates[0] for candidates in order if candidates), None)
    return put(text, old, said) if old else _with_preposition("about", said, context)
