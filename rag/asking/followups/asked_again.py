"""The question before, asked with another question word: "When?", "Who else?", "With whom?"."""

import re

from rag.asking.followups.records import Context, Reading
from rag.asking.followups.vocabulary import ASKING, AUXILIARY
from rag.language.terms import STOP_WORDS, stem
from rag.language.text import words

_BARE = re.compile(
    rf"((?:(?:by|with|to|from|for|in|on|at|since|until|about|against) )?(?:{ASKING})"
    r"(?: (?:long|many|much|often|far|soon))?"
    r"(?: (?:year|month|day|date|city|country|place|time|ones?))?)"
    r"( else)?(?: (?:exactly|precisely|then|again|not|so|come|to|from))?",
    re.IGNORECASE,
)
# "Why is that?" and "When did it happen?" ask no more than "Why?" and "When?".
_HAPPENED = re.compile(
    r"(when|where|why|how) (?:(?:(?:is|was|did|does|has) (?:that|this)|(?:did|does|has|had) it)"
    r"(?: (?:happen|happened|occur|occurred|take place|taken place|so|the case))?"
    r"|(?:did|does|do|has|had|would|will|could|can|should) (?:he|she|they))",
    re.IGNORECASE,
)
_ADVERBIAL = ("when", "where", "why", "how", "how long", "how often")
_ASKED_AFTER = re.compile(rf",? and ((?:\w+ )?(?:{ASKING})(?: (?:long|many|much|often|else))?)$", re.I)


def asked_again(rest: str, asked: Reading, context: Context) -> str | None:
    """ "When?", "Who else?", "With whom?": the question before with another question word; None when
    the question is no such one."""
    line = " ".join(rest.split()).rstrip("?.!… ")
    happened = _HAPPENED.fullmatch(line)
    bare = _BARE.fullmatch(line)
    if happened:
        return _asked_with(happened.group(1), context)
    if bare is None:
        return None if any(p.is_named for p in asked.phrases) else _others(line, context)
    if bare.group(2):
        return _asked_with_else(bare.group(1), context)
    word = bare.group(1)
    return None if word.lower() == "what" else _asked_with(word, context)


def _asked_with(word: str, context: Context) -> str:
    before = _ASKED_AFTER.sub("", context.before.text.rstrip("?.!… "))
    if word.lower() in _ADVERBIAL:
        word = word.capitalize()
        if found := re.fullmatch(
            rf"(?:when|where|why|how(?: long| often)?)\s+((?:{AUXILIARY})\b.*)", before, re.IGNORECASE
        ):
            return f"{word} {found.group(1)}?"
        if re.match(rf"(?:{AUXILIARY})\b", before, re.IGNORECASE):
            return f"{word} {before[0].lower()}{before[1:]}?"
        if found := re.fullmatch(
            r"how (?:many|much)\s+((?:[^\W_][\w'’-]*\s+){1,4}?)(are|were|is|was)\s+(.+)",
            before,
            re.IGNORECASE,
        ):
            return f"{word} {found.group(2)} {found.group(1)}{found.group(3)}?"
    return f"{before}, and {word.lower()}?"


def _asked_with_else(word: str, context: Context) -> str:
    before = _ASKED_AFTER.sub("", context.before.text.rstrip("?.!… "))
    same = "who|whom" if word.lower() in ("who", "whom") else re.escape(word)
    if found := re.match(rf"({same})(?: else)?\s+(?=\w)", before, re.IGNORECASE):
        return f"{found.group(1)} else {before[found.end() :]}?"
    which = re.fullmatch(rf"which\s+(?:[\w'’-]+\s+){{1,3}}?((?:{AUXILIARY})\b.*)", before, re.IGNORECASE)
    if which and word.lower() in ("who", "whom", "what"):
        return f"{word.capitalize()} else {which.group(1)}?"
    return f"{before}, and {word.lower()} else?"


def _others(line: str, context: Context) -> str | None:
    """ "Who else attended?": what the question before says already."""
    found = re.match(rf"({ASKING}) else\s+(?=\w)", line, re.IGNORECASE)
    if not found:
        return None
    told = {stem(word.folded) for word in words(line[found.end() :]) if word.folded not in STOP_WORDS}
    before = {stem(word.folded) for word in words(context.before.text)}
    return _asked_with_else(found.group(1), context) if told and told <= before else None
