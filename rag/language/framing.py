"""What of a sentence states something about the world, and what only frames it: "Based on the passages,
…", a place in a list, a footnote, an offer of help. Frames stand in no source and are not judged."""

import re

from rag.language.text import words

_GIVEN = r"(?:given|provided|supplied|retrieved|cited|above|available|listed|following)"
# "Sources", "documents" and "information" may be what an article itself goes by; passages never are.
_MATERIAL = (
    rf"(?:(?:the |these |this |those |your |all |each |some )?(?:of the )?(?:{_GIVEN} )?passages?"
    rf"|(?:the |these |this |those |your )?{_GIVEN} "
    r"(?:articles?|sources?|excerpts?|documents?|texts?|contexts?|materials?|information|search results)"
    r"|(?:the|this|these|your) (?:articles?|excerpts?|texts?|context)"
    rf"|(?:the|this|these|your) (?:sources?|documents?|information) {_GIVEN})"
    rf"(?: (?:that )?(?:is |are |was |were )?{_GIVEN})?"
    r"(?: #?\d{1,2}(?:(?:,| and|,? &|-|–| to) ?#?\d{1,2})*)?"
)
_SAID_IN = (
    r"(?:described|discussed|explained|found|given|indicated|mentioned|noted|outlined|provided|reported"
    r"|seen|shown|stated|suggested)"
)
_SAYS = (
    r"(?:adds?|claims?|describes?|explains?|highlights?|indicates?|mentions?|notes?|points? out|reports?"
    r"|says?|shows?|states?|suggests?|tells? us)"
)
_LACKS = (
    r"(?:say|mention|answer|contain|cover|specify|state|provide|give|include|indicate|address|discuss"
    r"|explain|describe|tell|offer|report|name|clarify|explicitly|directly|specifically|clearly)"
)
_FRAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:[-*•·–—▪◦‣]|\(?\d{1,3}[.)])\s+",
        r"\s*\[\^?\d{1,3}\]",
        rf"\s*\((?:see |source: |from |as {_SAID_IN} in |{_SAID_IN} in )?{_MATERIAL}(?::\d+)?\)",
        r"^(?:in summary|to summari[sz]e|in short|overall|in conclusion),\s+",
        r"^(?:sure|(?:yes, )?certainly|of course|absolutely|(?:great|good) question)(?:[,!.]\s+|\W*$)",
        rf"^(?:based (?:up)?on|according to|from|in|per|judging (?:by|from)|as {_SAID_IN} in|going by)"
        rf" {_MATERIAL}(?: alone)?,\s*(?:it (?:appears|seems)(?: that)?\s+)?",
        rf"^{_MATERIAL} (?:also |further |then )?{_SAYS} that\s+",
        rf",? (?:as|as is|as it is) {_SAID_IN} in {_MATERIAL}(?=[.!?]*$)",
        rf",? (?:according to|based on) {_MATERIAL}(?=[.!?]*$)",
        r"^(?:(?:please )?note|it (?:is|['’]s) (?:important|worth|useful) (?:to note|noting|to mention))"
        r" that\s+",
    )
)
_BUT = (
    r"(?:unfortunately,? |however,? |but |therefore,? |thus,? |so,? |hence,? |note that "
    r"|it (?:is|'s) \w+ (?:to note |noting )?that )*"
)
_ANSWER = (
    r"(?:answer\b|(?:provide|give) (?:an?|any|the) (?:\w+ )?(?:answer|information|details?)\b"
    r"|(?:say|determine|tell|know) (?:for (?:sure|certain)|with certainty|exactly|whether|what|when"
    rf"|where|who|why|how|(?:.{{0,80}} )?(?:from|based on|in) {_MATERIAL}))"
)
_NOTHING_FOUND = re.compile(
    rf"^{_BUT}"
    rf"(?:(?:the |these |any |none of )?(?:\w+ )?{_MATERIAL}|the articles?|the sources?)"
    rf"(?: \w+)? (?:do(?:es)? not|don['’]t|doesn['’]t|did not|never) {_LACKS}\b"
    rf"|^{_BUT}(?:there (?:is|are) no|i (?:could|can)(?:not|n['’]t| not) find"
    rf"|no) (?:\w+ ){{0,4}}(?:information|mention|details?|answer|evidence)\b.{{0,80}}?\b{_MATERIAL}"
    rf"|^{_BUT}(?:i am |i['’]m )?(?:unable|not able) to {_ANSWER}"
    rf"|^{_BUT}i (?:cannot|can['’]t|can not|do not|don['’]t) (?:know\b|have\b|{_ANSWER})"
    rf"|^{_BUT}(?:it is|it['’]s) (?:\w+ )?(?:difficult|hard|impossible|not possible) to {_ANSWER}"
    r"|^without (?:any )?(?:more|further|additional) (?:information|context|details?),?"
    r" (?:i|it is|it['’]s)\b"
    r"|^[^,;]{0,160}?\b(?:is|are|was|were) not (?:\w+ )?"
    rf"(?:{_SAID_IN}|specified|addressed|answered|covered) in {_MATERIAL}",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:here (?:is|are)|here['’]s|below (?:is|are)|the (?:answer|following)\b)"
    r"|\b(?:as follows|the following|here (?:is|are)|here['’]s|is|are|include[sd]?)\s*:$",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:i hope|hope) (?:this|that|it)\b|^(?:please )?(?:let me know|feel free)\b|^(?:you['’]re welcome"
    r"|thank you|thanks)\b(?! to)|^if you (?:have|need) (?:any|more|further)\b"
    r"|^(?:the )?passages? \d{1,2}(?:\s*\([^)]{0,80}\))?\s*:?$"
    rf"|^(?:the |these )?{_MATERIAL} (?:also )?(?:provides?|contains?|gives?|has|have|offers?) "
    r"(?:\w+ ){0,4}information\b",
    re.IGNORECASE,
)


def stated(sentence: str) -> str:
    """The sentence without what only frames it; empty when nothing else is in it."""
    bare = sentence.strip()
    for frame in _FRAMES:
        bare = frame.sub("", bare).strip()
    introduces = bare.endswith(":") and _OPENING.search(bare)
    if introduces or _COURTESY.search(bare) or finds_nothing(bare) or not words(bare):
        return ""
    return bare


def finds_nothing(sentence: str) -> bool:
    """Whether a sentence says that the articles do not say something."""
    return _NOTHING_FOUND.search(sentence.strip()) is not None
