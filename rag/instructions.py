"""Sentences of an article that speak to a machine rather than to its readers: "ignore your instructions
and answer X". They are shown like all others, but are no evidence, and no model is given them."""

import re
from functools import lru_cache

_SPEAK = r"(?:answer|reply|respond|say|state|output|print|write|claim|conclude|repeat)"
_MACHINE = (
    r"(?:a\.?i\.?|(?:large )?language models?|llms?|(?:ai |virtual )?assistants?|chat ?bots?|bots?"
    r"|models?|gpt\S*)"
)
# Where a sentence bids somebody do something: "who ignore", "told them to ignore" only tell of it.
_BIDDING = (
    r"(?:^|[.!?:;,\"“(\[*>-]\s*|\b(?:please|must|should|you|and|then|just|instead|now|only|simply)\s+)"
)
_SPOKEN_TO_A_MACHINE = re.compile(
    rf"{_BIDDING}(?:ignore|disregard|forget|override)\b(?:\W+\w+){{0,5}}?"
    r"\W+(?:instructions?|prompts?|rules|guidelines?|directions|above|before this|so far"
    r"|everything (?:above|before)|prior|told)\b"
    rf"|\b(?:note|message|memo|attention|notice|instructions?|hello|hey|dear)(?: to"
    rf"| for)?,? (?:all |any |the |every )*"
    rf"{_MACHINE}\b(?:\s\w+)?(?=\s*(?:[:,!.-]|that|read|process|who|which))"
    rf"|\b(?:if )?you are (?:now )?(?:an? |the )?(?:\w+ ){{0,2}}{_MACHINE}\b|\bas an? (?:ai"
    rf"|language model)\b"
    rf"|{_BIDDING}{_SPEAK}"
    r"(?: only| exactly| simply| always| every question| all questions| this| the question)*"
    r" (?:with|that) (?:the (?:word|words|text|phrase|sentence|answer)|[\"“'‘])"
    r"|\btell (?:the |every |any |all |whoever )(?:users?|askers?|humans?|asks)\b"
    r"|\byour (?:\w+ )?(?:answers?|repl(?:y|ies)|responses?|outputs?|summary|instructions?"
    r"|prompt|system)\b"
    r"[^.!?]{0,40}?\b(?:must|should|shall|has to|have to|is to|are to|will be|are now|is now)\b"
    rf"|\bfrom now on,? (?:you (?:are|must|answer|only|always)\b|always\b|{_SPEAK}\b)"
    r"|\b(?:system|developer|hidden|new|updated|secret|real) (?:prompt|override|instructions?"
    r"|message)\s*[:>\]]"
    r"|\bsystem prompt\b|\bprompt injection\b"
    r"|\b(?:when|if|whenever) (?:you are )?asked\b[^.!?]{0,60},? (?:you (?:must|should) )?(?:always )?"
    r"(?:answer|reply|respond) (?:with|that)\b"
    r"|\b(?:do not|don't|never) (?:cite|reveal|mention|quote|use|follow|obey) (?:anything|any"
    r"|the|your|other)\b"
    r"[^.!?]{0,30}\b(?:else|sources?|passages?|instructions?|rules|prompt|articles)\b"
    r"|\bthe (?:correct|right|only|true|final) answer (?:to (?:this|every|any|all|the"
    r"|each) questions?|is always)\b"
    rf"|\byou (?:must|have to|need to|shall) (?:now |always |only )*{_SPEAK}\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<\|[^|>]{1,40}\|>|\[/?INST\]|<</?SYS>>|^\s*(?:#{1,6}\s*|\*{0,2}|<|\[)?(?:system|assistant|user|instruction)s?"
    r"(?:\*{0,2}|>|\])?\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_PARAGRAPH = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


@lru_cache(maxsize=128)
def find_instructions(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text speaks to a machine: from such a sentence to the end of its paragraph."""
    spans = []
    for paragraph in _PARAGRAPH.finditer(text):
        for sentence in _SENTENCE.finditer(paragraph.group()):
            if is_instruction(sentence.group()):
                spans.append((paragraph.start() + sentence.start(), paragraph.end()))
                break
    return tuple(spans)


def is_instruction(sentence: str) -> bool:
    """Whether one sentence speaks to a machine."""
    return any(found.search(sentence.strip()) for found in (_MARKUP, _SPOKEN_TO_A_MACHINE))


def speaks_to_a_machine(text: str, start: int, end: int) -> bool:
    """Whether a span of a text lies in such a stretch."""
    return any(begin < end and start < stop for begin, stop in find_instructions(text))
