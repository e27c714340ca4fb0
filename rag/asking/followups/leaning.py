"""The words of a question that can lean ("he", "it", "there", "then"), and whether each does: whether it
speaks of something outside of its question."""

import re

from rag.asking.followups.records import Kind, Phrase, Reading
from rag.asking.followups.vocabulary import ASKING, AUXILIARY, BREAKS
from rag.language.text import words

PRONOUN = re.compile(
    r"\b(he|she|him|his|her|they|them|their|its|it|there|then|that (?:day|time|week|month|year)"
    r"|at that time|on that day)\b(['’](?:re|ve)\b)?",
    re.IGNORECASE,
)
GROUP_OF = {
    **dict.fromkeys(("he", "him", "his"), "he"),
    **dict.fromkeys(("she", "her"), "she"),
    **dict.fromkeys(("they", "them", "their"), "they"),
    **dict.fromkeys(("it", "its"), "it"),
    "there": "there",
}
_ROLES = frozenset(
    """ambassador author chancellor chief commander director envoy general governor head
    journalist king leader man mayor minister official president prince queen secretary senator
    spokesman spokesperson spokeswoman woman writer""".split()
)
_CLAUSE = re.compile(
    r"\b(?:say|says|said|think|thinks|claim\w*|believe\w*|that|when|after|before|because|while"
    r"|if|whether"
    r"|and|but|who|which)\b|[,;?.]",
    re.IGNORECASE,
)
_VERB_NEXT = re.compile(
    rf"\s+(?:{AUXILIARY}|not|ever|really|also|want\w*|say\w*|said|wish\w*|need\w*|became|went"
    rf"|[a-z]+ed)\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    rf"(?:when\s+(?!(?:{AUXILIARY})\b)|(?:after|before|while|as|if|although|because|once|since"
    rf"|during|in"
    r"|at|on|despite)\s)[^,]*,",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(
    r"who\s+(?:said|says|claimed|claims|thought|thinks|believed|believes|denied|denies)\s+(?:that\s+)?"
    r"(?:he|she|they|it)\b",
    re.IGNORECASE,
)
# "Who leads the agency and what did he say?" speaks of nobody from before.
_WHO_AND = re.compile(
    rf"^\W*(?:and\s+|but\s+)?who\s+(?!(?:did|does|do|has|had)\b).*\b(?:and|but)\s+(?:{ASKING})\b",
    re.IGNORECASE,
)
_DUMMY_IT = re.compile(
    r"\bit\s+(?:(?:ever|still|often|always|not|also)\s+)*(?:rain|snow|hail|thunder|freez|drizzl"
    r"|storm)\w*"
    rf"|\b(?:{AUXILIARY})\s+it\s+(?:(?:really|very|so|too)\s+)*(?:(?:hot|cold|warm|dark|late"
    rf"|early|sunny"
    r"|windy|cloudy|time|worth|like|that|who|the \w+ time)\b|(?!happen)\w+\s+(?:to|that|for"
    r"|if)\b|(?-i:[A-Z])\w+)"
    r"|\bit\s+(?:seems?|appears?|turns?|turned|looks?\s+like|(?:takes?|took|costs?)\s.*\bto"
    r"|(?:is|was)\s+\w+\s+(?:to|that|for)|(?:is|was)\s+(?:that|who))\b"
    r"|\b(?:does|did|will)\s+it\s+(?:mean|matter|take|cost|feel)\s.*\bto\b"
    r"|\b(?:makes?|made|finds?|found)\s+it\s+\w+\s+to\b|\b(?:time|day|year|month) (?:is|was) it\b",
    re.IGNORECASE,
)
_IS_THERE = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|exists?|remains?|will|would|can|could|might|may|has|have"
    r"|had|did|does)"
    r"\s+there\s+(?=\w)|\bthere(?:\s+(?:is|are|was|were|be|will|would|has|have|had|exist|remain"
    r"|seem)|['’]s)\b"
    r"|\bhow (?:many|much)\b.*\bthere\b)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'["“«][^"”»]*["”»]')


def leans(asked: Reading, match: re.Match[str], word: str, group: str) -> bool:
    """Whether a pronoun speaks of something outside of its question."""
    text = asked.text
    if group == "then":
        behind, ahead = text[: match.start()], text[match.end() :]
        if word != "then" or re.search(r"\b(?:back|since|until|by|before)\s+$", behind, re.I):
            return True
        # "Who won the cup then?" is impatient; "Where was he then?" asks of that time.
        is_last = not words(ahead) and not re.search(rf"\b(?:{ASKING}|and)\s+$", behind, re.I)
        return is_last and not asked.times and not any(p.is_named for p in asked.phrases)
    if group == "there":
        return not _IS_THERE.search(text) and not any(p.end <= match.start() for p in asked.places)
    if group == "it" and _DUMMY_IT.search(text):
        return False
    said = _WHO_SAID.match(text.strip())
    if (said and said.end() >= match.end()) or _WHO_AND.search(text[: match.start()]):
        return False
    before = [p for p in asked.phrases if p.end <= match.start() and _fits(p, group)]
    if (
        _is_object(text, match, word)
        and before
        and not _CLAUSE.search(text[before[-1].end : match.start()])
    ):
        before.pop()
    inside = _SUBORDINATE.match(text.strip())
    if inside and match.start() < inside.end():
        before += [p for p in asked.phrases if p.start >= inside.end() and _fits(p, group)]
    return not before


def is_part_of_a_title(text: str, match: re.Match[str]) -> bool:
    """ "Who wrote Let It Be?", and what is quoted."""
    behind = text[: match.start()]
    begins = not words(behind) or behind.rstrip().endswith(tuple("?.!"))
    is_capital = match.group()[0].isupper() and not begins and not text.isupper()
    return is_capital or any(
        quoted.start() < match.start() < quoted.end() for quoted in _QUOTED.finditer(text)
    )


def is_possessive(text: str, match: re.Match[str], word: str) -> bool:
    """Whether a pronoun says whose something is: "her visit", not "met her"."""
    if word in ("his", "their", "its"):
        return True
    following = words(text[match.end() : match.end() + 80])[:1]
    return (
        word == "her"
        and bool(following)
        and following[0].folded not in BREAKS
        and not re.match(r"\s*[?.,;!]", text[match.end() :])
    )


def _is_object(text: str, match: re.Match[str], word: str) -> bool:
    if word in ("him", "them"):
        return True
    if word == "her":
        return not is_possessive(text, match, word)
    return word == "it" and not _VERB_NEXT.match(text, match.end())


def _fits(phrase: Phrase, group: str) -> bool:
    if group in ("he", "she"):
        head = words(phrase.text)[-1].folded
        return phrase.kind in (Kind.PERSON, Kind.UNKNOWN) or head in _ROLES
    if group == "they":
        return phrase.is_plural or phrase.is_named
    return not phrase.is_plural and phrase.kind is not Kind.PERSON
