"""What of a sentence states something about the world, and what only frames it: "Based on the passages,
…", a place in a list, a footnote, an offer of help. Frames stand in no source and are not judged."""

import re

from rag.language.text import words

_GIVEN = r"(?:given|provided|supplied|retrieved|cited|above)"
_THE = r"(?:the|this|these|those|your|all|each|some|of)"
# "Sources", "documents" and "information" may be what an article itself goes by; passages never are.
_MATERIAL = (
    rf"(?:(?:{_THE} )*(?:{_GIVEN} )?passages?|(?:{_THE} )+(?:articles?|excerpts?|context|texts?)"
    rf"|(?:{_THE} )*{_GIVEN} (?:articles?|sources?|excerpts?|documents?|texts?|context|information)"
    rf"|(?:{_THE} )+(?:sources?|documents?|information) {_GIVEN})(?: {_GIVEN})?"
    r"(?: #?\d{1,2}(?:(?:,| and|-|–| to) ?#?\d{1,2})*)?"
)
_SAID_IN = (
    r"(?:described|discussed|explained|found|indicated|mentioned|noted|reported|shown|stated|suggested)"
)
_LEADS = re.compile(
    r"^(?:(?:[-*•·–—▪◦‣]|\(?\d{1,3}[.)])\s+"
    r"|(?:in summary|to summari[sz]e|in short|overall|in conclusion),\s+"
    r"|(?:sure|(?:yes, )?certainly|of course|absolutely|(?:great|good) question)(?:[,!.]\s+|\W*$)"
    rf"|(?:based (?:up)?on|according to|from|in|per|as {_SAID_IN} in) {_MATERIAL},\s*"
    r"(?:it (?:appears|seems)(?: that)? )?"
    rf"|{_MATERIAL} (?:also )?(?:explains?|indicates?|mentions?|notes?|reports?|says?|shows?|states?"
    r"|suggests?) that\s+"
    r"|(?:(?:please )?note|it (?:is|['’]s) (?:important|worth) (?:to note|noting|to mention)) that\s+)",
    re.IGNORECASE,
)
_ASIDES = re.compile(
    rf"\s*\[\^?\d{{1,3}}\]|\s*\((?:see |source: |from |(?:as )?{_SAID_IN} in )?{_MATERIAL}(?::\d+)?\)"
    rf"|,? (?:as(?: is| it is)? {_SAID_IN} in|according to|based on) {_MATERIAL}(?=[.!?]*$)",
    re.IGNORECASE,
)
_NOTHING_FOUND = re.compile(
    rf"^(?:\w+,? ){{0,3}}?{_MATERIAL}(?: \w+)? (?:do(?:es)?|did)(?: not|n['’]t) (?!\w+ed\b)"
    r"|^(?:\w+, )?[^,;]{0,160}?\b(?:no|not|unable|difficult|impossible)\b[^,;]{0,100}? "
    rf"(?:in|from|on|by) {_MATERIAL}"
    r"|^(?:without (?:more|further|additional) \w+, )?(?:\w+,? ){0,2}?"
    r"(?:i (?:am )?|i['’]m |it(?: i|['’])s )?(?:cannot|can['’]t|do not|don['’]t"
    r"|(?:unable|not able|not possible|impossible|difficult) to) "
    r"(?:answer|know|tell|determine|(?:provide|give) (?:an|any|the) answer)\b",
    re.IGNORECASE,
)
_ONLY_FRAMES = re.compile(
    r"^(?:here (?:is|are)|here['’]s|below (?:is|are)|the (?:answer|following)\b).*:$"
    r"|(?:as follows|the following|here (?:is|are)|here['’]s|is|are|includes?)\s*:$"
    r"|^(?:i hope (?:this|that|it)\b|(?:please )?(?:let me know|feel free)\b|you['’]re welcome"
    r"|if you (?:have|need) (?:any|more|further)\b|passages? \d{1,2}\s*:?$)"
    rf"|^{_MATERIAL} (?:provides?|contains?|gives?) (?:\w+ ){{0,4}}information\b",
    re.IGNORECASE,
)


def stated(sentence: str) -> str:
    """The sentence without what only frames it; empty when nothing else is in it."""
    bare, before = _ASIDES.sub("", sentence.strip()).strip(), ""
    while bare != before:
        before, bare = bare, _LEADS.sub("", bare).strip()
    if _ONLY_FRAMES.search(bare) or finds_nothing(bare) or not words(bare):
        return ""
    return bare


def finds_nothing(sentence: str) -> bool:
    """Whether a sentence says that the articles do not say something."""
    return _NOTHING_FOUND.search(sentence.strip()) is not None
