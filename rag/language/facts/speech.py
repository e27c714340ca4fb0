"""Who says what: "Kalin said …", "according to Ankara", "reportedly"."""

import re
from dataclasses import dataclass

_SAYS = (
    r"(?:sa(?:id|ys|ying)|t(?:old|ells)|announce[sd]?|state[sd]|add(?:s|ed)|claim(?:s|ed)|den(?:ies|ied)"
    r"|stress(?:es|ed)|note[sd]|warn(?:s|ed)|argue[sd]|report(?:s|ed)|confirm(?:s|ed)"
    r"|believe[sd]|wr(?:ites|ote)"
    r"|explain(?:s|ed)|insist(?:s|ed)|emphasi[sz]e[sd]|declare[sd]|acknowledge[sd]|admit(?:s|ted)"
    r"|suggest(?:s|ed)|accuse[sd]|allege[sd]|assert(?:s|ed)|estimate[sd]|predict(?:s|ed)|underline[sd]"
    r"|underscore[sd]|maintain(?:s|ed)|remark(?:s|ed)|reveal(?:s|ed)|quote[sd]|call(?:s|ed)|described?s?"
    r"|vow(?:s|ed)|pledge[sd]|promise[sd]|think[s]?|thought|conclude[sd]|recall(?:s|ed)|repl(?:y"
    r"|ies|ied)"
    r"|tweet(?:s|ed)|posted|credits?|credited|cited?|cites|considers?|considered|hopes?|hoped"
    r"|expects?|urge[sd])"
)
_VERB = re.compile(rf"\b{_SAYS}\b")
# These report what is so; the others also do other things ("called for", "reported to").
_PLAIN = re.compile(
    r"\b(?:sa(?:id|ys|ying)|told|claim(?:s|ed)|alleg(?:es|ed)|argue[sd]|insist(?:s|ed)"
    r"|assert(?:s|ed)|suggest(?:s|ed)"
    r"|believe[sd]|estimate[sd]|predict(?:s|ed)|warn(?:s|ed)|state[sd]|report(?:s|ed)"
    r"|stress(?:es|ed)|note[sd]|added|explain(?:s|ed)|accuse[sd]|vow(?:s|ed)|pledge[sd]|promise[sd])\b",
    re.IGNORECASE,
)
# A claim with one of these tells what somebody said, or how; it states nothing as fact.
_ABOUT_SPEECH = re.compile(
    r"\b(?:rul(?:ed?|es|ing) out|express|voic(?:ed|es|ing)|critici|demand(?:ed|s that|ing)\b"
    r"|insist|intend|against|oppos|claim|left open|declar|want|call(?:s|ed"
    r"|ing)? (?:for|on)|propos|recommend"
    r"|question(?:s|ed)\b|blam(?:ed|es)|prais(?:ed|es)|hint|signal|reiterat|repeat|indicat"
    r"|point(?:s|ed) out|mention"
    r"|appeal|welcom|condemn|threat|promis|view(?:s|ed)? |comment|remark|statement|describ"
    r"|interview|speech"
    r"|estimat|believed|thought to|said to|reported|reject|accus|alleg|denial|stud(?:y|ies)\b"
    r"|survey|polls?\b|found\b|finds\b|show(?:s|ed|n)\b|convinced|doubt"
    r"|put (?:\w+ ){1,5}at\b|talk(?:s|ed) (?:of|about)|sp(?:oke|eaks) (?:of|about))",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|purportedly|apparently|according to|is said to|are said to"
    r"|was said to|were said to|is believed to|are believed to|is thought to|are thought to"
    r"|is reported to"
    r"|are reported to|was reported to|were reported to|rumou?red|unconfirmed|in the words of"
    r"|in (?:his|her|their)"
    r" (?:words|view|opinion)|sources? say|it is claimed|so-called)\b",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\b(?:according to|in the words of|credited by|quoted by)\s+", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[;.!?“”\"]|,(?!\s(?:who|which)\b)|\b(?:that|but|while|because|when|where)\b", re.IGNORECASE
)
# ", said Kalin": who speaks stands behind the verb.
_NAMES_SPEAKER = re.compile(
    r"(?:sa(?:id|ys)|added|wr(?:ites|ote)|report(?:s|ed)|noted|explained|warned|insisted|claimed|argued"
    r"|stressed|according to)\s+(?:[^\W\d_a-z]|(?:the|a|an|his|her|senior)"
    r"\s(?:\w+\s)?(?:minister|president|officials?|spokes\w+|ministry|agency|government|army"
    r"|group|sources?))"
)
_CAPITAL = re.compile(r"\b[^\W\d_a-zß-ÿ]\w")
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|be|being)(?: not| also| never)? $", re.IGNORECASE)
# Who speaks stands within so many characters of the verb.
_FAR = 300
_INVERTED = re.compile(r"[,”\"’']\s*$")
_PRONOUN = re.compile(r"\s*(?:he|she|they|it|who|which|we|i|you|one)\b", re.IGNORECASE)
# "Mekdad, the minister, backed Assad and said": who speaks stands before the first of the verbs.
_SECOND_VERB = re.compile(r"\b(?:and|then|but)(?:\s(?:also|later|then))?\s*$")
_OTHER_DOING = re.compile(
    r"\s*(?!the\b|an?\b|his\b|her\b|their\b|its\b|al-|el-|bin\b|van\b|de\b)[^\W\d_A-Z]+\b"
)
_FIRST_NAMES = re.compile(r"\s*(?:(?:[A-ZÀ-ÞĞİŞ][\w’'.-]*|al-\w+|of|the|bin|de|van)\s*)+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that say whose a statement is: where they stand, and the words that tell who speaks; empty
    for a pronoun, None for a bare "reportedly"."""

    start: int
    end: int
    text: str
    speaker: str | None
    is_hedge: bool


def find_attributions(text: str) -> tuple[Attribution, ...]:
    found: list[Attribution] = []
    for match in _HEDGE.finditer(text):
        according = _ACCORDING.match(text, match.start())
        speaker = _until_clause(text, according.end()) if according else None
        found.append(Attribution(match.start(), match.end(), match.group(), speaker, True))
    for match in _VERB.finditer(text):
        plain = _PLAIN.fullmatch(match.group()) is not None
        before = _since_sentence(text, match.start())
        if _PASSIVE.search(before):
            if not text.startswith(" by ", match.end()):
                continue
            speaker = _until_clause(text, match.end() + 4)
        elif _INVERTED.search(before) and _NAMES_SPEAKER.match(text, match.start()):
            speaker = _until_clause(text, match.end())
        else:
            speaker = _subject(before)
        if plain or _CAPITAL.search(speaker):
            found.append(Attribution(match.start(), match.end(), match.group(), speaker, plain))
    return tuple(sorted(found, key=lambda attribution: attribution.start))


def is_about_speech(text: str) -> bool:
    """Whether a text tells of something being said, though it names no statement."""
    return _ABOUT_SPEECH.search(text) is not None or _VERB.search(text) is not None


def _subject(before: str) -> str:
    """Who does what the verb says that stands behind these words of a sentence."""
    *earlier, last = _CLAUSE.split(before)
    described = ",".join([clause for clause in earlier if clause.strip()][-2:])
    if not re.search(r"\w", last):
        return described  # "Mekdad, the minister, said"
    if _PRONOUN.match(last):
        return ""
    if _SECOND_VERB.search(last):
        if _OTHER_DOING.match(last):
            return described
        first = _FIRST_NAMES.match(last)
        return first.group() if first else last
    return last


def _since_sentence(text: str, end: int) -> str:
    return re.split(r"[.;!?]\s|\n", text[max(0, end - _FAR) : end])[-1]


def _until_clause(text: str, start: int) -> str:
    match = _CLAUSE.search(text, start, start + _FAR)
    return text[start : match.start() if match else start + _FAR]
