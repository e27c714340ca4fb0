"""Phrases of a text that are more than a name: the noun a name describes, things without a name, people
side by side."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.asking.followups.records import Kind, Phrase
from rag.asking.followups.vocabulary import ADJECTIVE, AFTER_AUXILIARY, AUXILIARY, BREAKS
from rag.language.terms import stem
from rag.language.text import plain, words

_DETERMINED = re.compile(r"\b(the|a|an|which|what)\s+(?=\w)", re.IGNORECASE)
_ABOUT = re.compile(r"\b(about|on|of|with|against|for)\s+(?=\w)", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|between)\s+(?:the\s+)?(?=\w)", re.IGNORECASE)
_AUXILIARY_AT = re.compile(rf"\s+(?:{AUXILIARY})\b", re.IGNORECASE)


def grown_end(text: str, start: int, end: int) -> int:
    """Where a name ends together with the noun that it describes: "Turkish drone", "ISIS camps"."""
    name = text[start:end]
    describes = (
        bool(ADJECTIVE.search(name)) or name.isupper() or re.search(r"\bthe\s+$", text[:start], re.I)
    )
    if not describes or text.isupper():
        return end
    adjective = bool(ADJECTIVE.search(name))
    run = _run(text, end) if text[end : end + 1] == " " else []
    run = [word for word in run if not text[word[0]].isupper()]
    if AFTER_AUXILIARY.search(text[:start]):
        # "did the SDF leave Raqqa", "did Turkish forces leave": the last of these words is the verb.
        run = run[:-1] if adjective else []
    return run[min(len(run), 2) - 1][1] if run else end


def things(text: str) -> Iterator[Phrase]:
    """ "the talks", "the call between Fidan and Blinken", "which officials", "about sanctions"."""
    spans = []
    for match in _DETERMINED.finditer(text):
        run = _run(text, match.end())
        after = AFTER_AUXILIARY.search(text[: match.end()]) is not None
        if after and len(run) > 1:
            run.pop()
        if not run or (match.group(1).lower() == "what" and len(run) < 2):
            continue
        if match.group(1).lower() in ("which", "what"):
            # "Which broadcaster reported": the verb is no part of it.
            run = run[:1] if not _AUXILIARY_AT.match(text, run[-1][1]) else run
        start, end = match.start(), run[-1][1]
        further = _OF.match(text, end)
        if further:
            last = _through_and(text, further.end(), after)
            end = last or end
        spans.append((start, end))
    for match in _ABOUT.finditer(text):
        if (run := _run(text, match.end())) and not any(s <= run[0][0] < e for s, e in spans):
            spans.append((run[0][0], run[-1][1]))
    for start, end in spans:
        said = re.sub(r"^(?:which|what|an?)\s+", "the ", text[start:end], flags=re.IGNORECASE)
        said = re.sub(r"^the\b", "the", said, flags=re.IGNORECASE)
        terms = frozenset(stem(word.folded) for word in words(core_of(said))) - {"the"}
        yield Phrase(start, end, said, Kind.THING, is_plural(core_of(said), Kind.THING), False, terms)


def together(text: str, phrases: Sequence[Phrase]) -> list[Phrase]:
    """People named side by side: they are "they"."""
    pairs = []
    for one, other in pairwise(phrases):
        if (
            re.fullmatch(r",?\s+and\s+(?:the\s+)?", text[one.end : other.start])
            and one.kind is not Kind.THING
        ):
            whole = text[one.start : other.end]
            pairs.append(
                Phrase(one.start, other.end, whole, one.kind, True, True, one.terms | other.terms)
            )
    return pairs


def core_of(text: str) -> str:
    """A phrase without "of ..." and "between ..."."""
    return re.split(r"\s+(?:of|between)\s+", text, maxsplit=1)[0]


def is_plural(text: str, kind: Kind) -> bool:
    """Whether a phrase speaks of several things; a name is one, whatever it ends in."""
    last = words(text)[-1].folded
    return kind is Kind.THING and last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _through_and(text: str, start: int, after_auxiliary: bool) -> int | None:
    run = _run(text, start)
    if not run:
        return None
    joined = re.match(r"\s+and\s+(?:the\s+)?", text[run[-1][1] :])
    if joined and (more := _run(text, run[-1][1] + joined.end())):
        run += more
    if after_auxiliary and len(run) > 1 and text[run[-1][0]].islower():
        run.pop()
    return run[-1][1]


def _run(text: str, start: int) -> list[tuple[int, int]]:
    """The spans of the words from here up to the first that cannot be part of the same phrase."""
    run: list[tuple[int, int]] = []
    place = start
    for word in words(text[start : start + 120]):
        begin, end = start + word.start, start + word.end
        if word.folded in BREAKS or text[place:begin].strip(" -") or len(run) == 5:
            break
        bare = begin + len(plain(text[begin:end]).rstrip())
        run.append((begin, bare))
        place = end
        if bare < end:
            break
    return run
