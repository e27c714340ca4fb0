"""A follow-up question made to stand alone, with the people, places and time of the exchange before.

It knows no grammar: it looks for the words that lean ("he", "there", "And Fidan?") and for what they can
lean on. What it cannot fill in it leaves as it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from rag.errors import QuestionError
from rag.questions import MAX_CHARACTERS, QuestionReader
from rag.records import Answer, Exchange
from rag.terms import STOP_WORDS, is_unusual, stem
from rag.text import fold, plain, words

# A rewritten question is refused beyond these: it would be an answer, or an essay.
_LONGEST_REWRITE = 300
_TIMES_THE_ORIGINAL = 4
_SHORT_REWRITE = 120
# How much of the earlier exchanges a prompt shows.
_QUESTION_SHOWN = 300
_ANSWER_SHOWN = 600


class _Kind(Enum):
    PERSON = auto()
    UNKNOWN = auto()  # one name that may be a person's or an organisation's
    GROUP = auto()
    THING = auto()


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Something that a question speaks of, without what hangs on it ("Kalin", not "Kalin's")."""

    start: int
    end: int
    text: str
    kind: _Kind
    is_plural: bool
    is_named: bool
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something is: the span of "in Damascus", or of "Damascus" alone where it is visited.
    `text` is how it is said of something else that happens there."""

    start: int
    end: int
    text: str
    preposition: str


@dataclass(frozen=True, slots=True)
class _Time:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a text speaks of, in its order."""

    text: str
    phrases: tuple[_Phrase, ...] = ()
    places: tuple[_Place, ...] = ()
    times: tuple[_Time, ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    """The question before, and the beginning of its answer."""

    before: _Reading
    answer: _Reading


_AUXILIARY = "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|shall|may|might|must"
_ASKING = "who|whom|whose|what|when|where|why|how|which"
_BREAKS = STOP_WORDS | frozenset(
    """near across toward towards along among behind beyond despite inside outside
    around regarding concerning without within via upon until""".split()
)
_PLACES = frozenset(
    fold(name)
    for name in """Abu Dhabi,Addis Ababa,Afghanistan,Africa,Albania,Aleppo,Algeria,Algiers,America,Amman,
    Amsterdam,Ankara,Argentina,Armenia,Asia,Astana,Athens,Australia,Austria,Azerbaijan,Baghdad,Bahrain,
    Baku,Bangkok,Bangladesh,Beijing,Beirut,Belarus,Belgium,Belgrade,Benghazi,Berlin,Bosnia,Brasilia,
    Brazil,Britain,Brussels,Bucharest,Budapest,Bulgaria,Cairo,Canada,Chile,China,Colombia,Copenhagen,
    Crimea,Croatia,Cuba,Cyprus,Damascus,Denmark,Doha,Dubai,Dublin,Egypt,England,Erbil,Estonia,Ethiopia,
    Europe,Finland,France,Gaza,Geneva,Georgia,Germany,Greece,Havana,Helsinki,Hungary,Iceland,Idlib,India,
    Indonesia,Iran,Iraq,Ireland,Islamabad,Israel,Istanbul,Italy,Jakarta,Japan,Jeddah,Jerusalem,Jordan,
    Kabul,Karabakh,Kazakhstan,Kenya,Khartoum,Kiev,Kosovo,Kuwait,Kyiv,Latvia,Lebanon,Libya,Lisbon,
    Lithuania,London,Madrid,Malaysia,Manbij,Manila,Mexico,Minsk,Morocco,Moscow,Muscat,Nairobi,Netherlands,
    New Delhi,New York,New Zealand,Nigeria,North Korea,Norway,Oman,Oslo,Pakistan,Palestine,Paris,Peru,
    Philippines,Poland,Portugal,Prague,Pyongyang,Qatar,Ramallah,Riyadh,Romania,Rome,Russia,Sanaa,
    Sarajevo,Saudi Arabia,Scotland,Seoul,Serbia,Singapore,Slovakia,Slovenia,Sofia,Somalia,South Africa,
    South Korea,Spain,Stockholm,Sudan,Sweden,Switzerland,Syria,Taiwan,Tal Rifaat,Tbilisi,Tehran,Tel Aviv,
    Thailand,Tokyo,Tripoli,Tunis,Tunisia,Turkey,Türkiye,UAE,UK,US,USA,Ukraine,United Arab Emirates,
    United Kingdom,United States,Venezuela,Vienna,Vietnam,Warsaw,Washington,
    Yemen,Yerevan,Zagreb""".replace("\n", " ").split(",")
    for name in [" ".join(name.split())]
)
# What no person is called by.
_GROUP_WORDS = frozenset(
    """agency airport army assembly authority bank brigade broadcaster bridge bureau cabinet church club
    committee committees commission company conference corporation corridor council court cup daily
    department district emirates fleet flotilla force forces forum foundation front games government
    group groups guard haber hotel institute journal league mission ministry movement museum nation
    nations network news office organisation organization palace parliament party post province
    regime region river sabah sea security service society state states studies summit team times
    tower treaty tribunal union unit units university vehicle war world accord accords
    agreement""".split()
)
_GROUPS = frozenset("hamas hezbollah taliban daesh isis houthis mossad interpol walla anadolu".split())
_ROLES = frozenset(
    """ambassador author chancellor chief commander director envoy general governor head
    journalist king leader man mayor minister official president prince queen secretary senator
    spokesman spokesperson spokeswoman woman writer""".split()
)
_EVENTS = frozenset(
    """agreement announcement attack call conference deal decision exchange meeting operation speech
    statement swap talks trip visit""".split()
)
_ADJECTIVE = re.compile(
    r"(?:ian|ean|can|man|ish|ese|ench|reek|utch|wiss|aqi|ani|eli|ari|ati|emi|udi|aiti)$", re.I
)

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CALENDAR = (
    rf"{_DAY} (?:of )?{_MONTH}(?:,? \d{{4}})?|{_MONTH}(?: {_DAY}\b)?(?:,? (?:of )?\d{{4}})?"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_WHEN = r"in|on|by|since|before|after|during|until|till"
_TIME = re.compile(
    rf"\b(?:{_WHEN}) (?:(?:early|late|mid)[ -])?(?:{_CALENDAR}|(?:1\d|20|21)\d\d\b)"
    rf"|\b(?-i:{_CALENDAR})\b|\b(?:yesterday|today)\b"
    r"|\b(?:last|this|next) (?:week|month|year|night|summer|winter|spring|autumn|fall)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1\d|20|21)\d\d")
_LOCATED = re.compile(
    r"(?<![\w'’ʼ])(in|at|near|inside|across|outside)\s+(?:the\s+)?"
    r"(?:(?:(?:north|south|east|west|northeast|northwest|southeast|southwest)(?:ern)?|central)\s+)?$",
    re.IGNORECASE,
)
_VISITED = re.compile(
    r"\b(?:visit|visited|visits|visiting|reach|reached|enter|entered)\s+(?:the\s+)?$", re.IGNORECASE
)
_TRAVELLED = re.compile(
    r"\b(?:go|goes|went|gone|travel\w*|fly|flew|flown|trips?|visits?|visited|return\w*|journey"
    r"|came|come)\s+"
    r"(?:to|from)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# "did the talks end", not "what was the theme": there the verb stands before.
_AFTER_AUXILIARY = re.compile(
    rf"(?<!\bwho )(?<!\bwhat )\b(?:{_AUXILIARY})\s+(?:the\s+|a\s+|an\s+)?$"
    r"|\b(?:did|does|do|has|have|had|will|would|can|could|should)\s+(?:the\s+|a\s+|an\s+)?$",
    re.IGNORECASE,
)
_DETERMINED = re.compile(r"\b(the|a|an|which|what)\s+(?=\w)", re.IGNORECASE)
_ABOUT = re.compile(r"\b(about|on|of|with|against|for)\s+(?=\w)", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|between)\s+(?:the\s+)?(?=\w)", re.IGNORECASE)
_LOWER_PLACE = re.compile(r"\b(?:in|at|near|visit(?:ed)?|to)\s+((?:new |tel |abu |saudi )?[^\W\d_]+)")

_LEAD = re.compile(
    rf"(?:(?:and|but|also|ok|okay|so(?! (?:far|that|many|much|long)\b)"
    rf"|then(?=\s+(?:{_ASKING}|{_AUXILIARY})\b))\b[\s,]*)+(?=\S)",
    re.IGNORECASE,
)
_PRONOUN_ALONE = re.compile(
    r"(?:(?:what|how) about )?(?:he|she|him|his|her|they|them|their|it|its|there|then)[?.! ]*",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(r"(?:what|how) about\s+|what of\s+|(?=about\s)", re.IGNORECASE)
# What is longer than this is no fragment of a question.
_FRAGMENT_WORDS = 8
_PREPOSITION = re.compile(
    r"(in|at|near|with|to|from|for|on|by|about|against|before|after|since|during|until)\s+",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"((?:(?:by|with|to|from|for|in|on|at|since|until|about|against) )?(?:{_ASKING})"
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
_ASKED_AFTER = re.compile(rf",? and ((?:\w+ )?(?:{_ASKING})(?: (?:long|many|much|often|else))?)$", re.I)
_PRONOUN = re.compile(
    r"\b(he|she|him|his|her|they|them|their|its|it|there|then|that (?:day|time|week|month|year)"
    r"|at that time|on that day)\b(['’](?:re|ve)\b)?",
    re.IGNORECASE,
)
_GROUP_OF = {
    **dict.fromkeys(("he", "him", "his"), "he"),
    **dict.fromkeys(("she", "her"), "she"),
    **dict.fromkeys(("they", "them", "their"), "they"),
    **dict.fromkeys(("it", "its"), "it"),
    "there": "there",
}
_CLAUSE = re.compile(
    r"\b(?:say|says|said|think|thinks|claim\w*|believe\w*|that|when|after|before|because|while"
    r"|if|whether"
    r"|and|but|who|which)\b|[,;?.]",
    re.IGNORECASE,
)
_VERB_NEXT = re.compile(
    rf"\s+(?:{_AUXILIARY}|not|ever|really|also|want\w*|say\w*|said|wish\w*|need\w*|became|went"
    rf"|[a-z]+ed)\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    rf"(?:when\s+(?!(?:{_AUXILIARY})\b)|(?:after|before|while|as|if|although|because|once|since"
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
    rf"^\W*(?:and\s+|but\s+)?who\s+(?!(?:did|does|do|has|had)\b).*\b(?:and|but)\s+(?:{_ASKING})\b",
    re.IGNORECASE,
)
_DUMMY_IT = re.compile(
    r"\bit\s+(?:(?:ever|still|often|always|not|also)\s+)*(?:rain|snow|hail|thunder|freez|drizzl"
    r"|storm)\w*"
    rf"|\b(?:{_AUXILIARY})\s+it\s+(?:(?:really|very|so|too)\s+)*(?:(?:hot|cold|warm|dark|late"
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
_GOING = re.compile(r"\b(?:go|goes|going|went|gone|travel\w*|fly|flew|flown|return\w*|sent?)\s+$", re.I)
_PAST = re.compile(
    r"\b(?:did|was|were|had|met|told|said|saw|went|sent|held|took|gave|made|spoke|\w{2,}ed)\b", re.I
)
# What is so wherever somebody happens to be.
_LASTING = re.compile(
    r"\b(?:born|old|age|aged|succeed\w*|become|became|married|studied|die|died|belong\w*|appointed"
    r"|called|named|known|founded)\b|^(?:who|what) (?:is|are|was|were) \w+\W*$",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\b(the|that|this|those|these)\s+((?:\w+\s+)?\w+)", re.IGNORECASE)


def stand_alone(question: str, history: Sequence[Exchange], reader: QuestionReader) -> str:
    """The question with what it leans on filled in from the last exchange; the same string when it
    leans on nothing, or on nothing that can be found.

    Raises QuestionError as the reader does, where there is a history to lean on.
    """
    if not history:
        return question
    asked = _read(question, reader)
    context = _context(history[-1], reader)
    if context is None:
        return question
    lead = _LEAD.match(question.strip())
    rest = question.strip()[lead.end() if lead else 0 :]
    filled = (
        _asked_again(rest, asked, context)
        or _with_another(rest, lead is not None, context, reader)
        or _with_names(asked, context)
    )
    if not filled or len(filled) > MAX_CHARACTERS or _PRONOUN_ALONE.fullmatch(rest):
        return question
    return filled


def transcript(history: Sequence[Exchange], limit: int = 3) -> str:
    """The last exchanges as text, two lines for each, shortened; empty without any."""
    lines = []
    for exchange in history[-limit:] if limit > 0 else ():
        said = " ".join(claim.text for claim in exchange.answer.claims)
        lines.append(f"Question: {_shortened(_question_of(exchange), _QUESTION_SHOWN)}")
        lines.append(f"Answer: {_shortened(said, _ANSWER_SHOWN) or 'Nothing was found.'}")
    return "\n".join(lines)


_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|\A.*</think(?:ing)?>", re.S | re.I)
_LABEL = re.compile(
    r"[*_#\s]*(?:(?:the )?(?:new |rewritten |stand-?\s?alone |standalone )*question(?: is)?"
    r"|rewritten|rewrite)[*_]*\s*:[*_\s]*",
    re.IGNORECASE,
)
_QUOTES = "\"'“”‘’«»`* \t\r\n"
_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    million billion dozen""".split()
)
# Of the words already said, so many may be in no English dictionary for them to be English.
_FOREIGN = 0.4


def stand_alone_with(
    model_reply: str, question: str, fallback: str, history: Sequence[Exchange] = ()
) -> str:
    """A language model's rewrite of a question where it can be trusted, else the fallback.

    It must be one question on one line, not much longer than the original, keep the names and numbers
    of the original, and bring in none that neither the question nor the history has.
    """
    said = _THOUGHT.sub("", _THOUGHT.sub("", model_reply)).strip()
    rewrite = _LABEL.sub("", said, count=1) if _LABEL.match(said) else said
    rewrite = rewrite.strip(_QUOTES)
    longest = min(_LONGEST_REWRITE, max(_SHORT_REWRITE, _TIMES_THE_ORIGINAL * len(question)))
    marks = sum(rewrite.count(mark) for mark in "?؟？")
    is_one_question = (
        bool(words(rewrite))
        and len(rewrite) <= longest
        and len(rewrite.splitlines()) == 1
        and not re.search(r"[<>\[\]{}|]|://|[.!?؟？]\s+[A-Z]", rewrite)
        and marks <= max(1, question.count("?"))
        and (rewrite[-1] in "?؟？" or (marks == 0 and question.rstrip()[-1:] not in ("?", "؟", "？")))
        and not any("\ud800" <= letter <= "\udfff" for letter in rewrite)
    )
    if not is_one_question:
        return fallback
    material = [question, fallback]
    for exchange in history:
        material += [exchange.question, exchange.answer.standalone or ""]
        material += [claim.text for claim in exchange.answer.claims]
    known = {word.folded for text in material for word in words(text)}
    is_english = sum(map(is_unusual, known)) <= _FOREIGN * len(known)
    kept = {word for word, first in _telling(question, False) if not first}
    new = {word for word, _ in _telling(rewrite, is_english)} - known
    return fallback if new or kept - {word.folded for word in words(rewrite)} else rewrite


def _telling(text: str, with_unusual: bool) -> Iterator[tuple[str, bool]]:
    """The words of a text that are names or numbers, each with whether it is the first word, where a
    capital tells nothing."""
    for place, word in enumerate(words(text)):
        letter = text[word.start]
        if word.folded in STOP_WORDS:
            continue
        is_name = letter.isupper() and (place > 0 or is_unusual(word.folded) or word.folded in _PLACES)
        is_strange = with_unusual and is_unusual(word.folded)
        if letter.isdigit() or word.folded in _NUMBERS or is_name or is_strange:
            yield word.folded, place == 0


def _question_of(exchange: Exchange) -> str:
    return exchange.answer.standalone or exchange.question


def _shortened(text: str, characters: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= characters else line[:characters].rsplit(" ", 1)[0] + " …"


# ---- what the exchange before speaks of


def _context(exchange: Exchange, reader: QuestionReader) -> _Context | None:
    """None when the question before cannot be read."""
    try:
        before = _read(" ".join(_question_of(exchange).split()), reader)
    except QuestionError:
        return None
    return _Context(before, _read_answer(exchange.answer, reader))


def _read_answer(answer: Answer, reader: QuestionReader) -> _Reading:
    """What the first claim speaks of."""
    for claim in answer.claims[:1]:
        try:
            return _read(" ".join(claim.text.split())[:MAX_CHARACTERS], reader)
        except QuestionError:
            break
    return _Reading("")


def _read(text: str, reader: QuestionReader) -> _Reading:
    """Raises QuestionError as the reader does."""
    times = tuple(_Time(found.start(), found.end(), found.group()) for found in _TIME.finditer(text))
    phrases: list[_Phrase] = []
    places: list[_Place] = []
    for start, end, common in _names(text, reader):
        if text[start].isdigit() or any(t.start < end and start < t.end for t in times):
            continue
        before = text[:start]
        grown = _grown(text, start, end)
        located, visited = _LOCATED.search(before), _VISITED.search(before)
        is_place = fold(text[start:end]) in _PLACES
        if located:
            whole = text[located.start() : grown]
            places.append(_Place(located.start(), grown, whole, located.group(1).lower()))
        elif visited or _TRAVELLED.search(before):
            the = "the " if re.search(r"\bthe\s+$", before, re.I) else ""
            places.append(_Place(start, grown, f"in {the}{text[start:grown]}", ""))
        kind = _kind(text, start, end, common)
        if located or visited or is_place:
            kind = _Kind.GROUP
        the_start = re.search(r"\bthe\s+$", before, re.I)
        if the_start and kind is not _Kind.PERSON:
            start = the_start.start()
        words_inside = frozenset(stem(word.folded) for word in words(text[start:grown]))
        terms = frozenset({common}) if common and grown == end else words_inside - {"the"}
        if located or _TRAVELLED.search(before):
            continue
        if grown > end:
            kind = _Kind.THING
        phrases.append(
            _Phrase(
                start, grown, text[start:grown], kind, _is_plural(text[start:grown], kind), True, terms
            )
        )
    phrases += _together(text, phrases)
    taken = [(p.start, p.end) for p in phrases if not p.is_plural] + [(p.start, p.end) for p in places]
    phrases += [thing for thing in _things(text) if not _overlaps(thing, taken)]
    return _Reading(text, tuple(sorted(phrases, key=lambda p: p.start)), tuple(places), times)


def _overlaps(phrase: _Phrase, spans: Iterable[tuple[int, int]]) -> bool:
    core = phrase.start + len(_core(phrase.text))
    return any(start < core and phrase.start < end for start, end in spans)


def _core(text: str) -> str:
    """A phrase without "of ..." and "between ..."."""
    return re.split(r"\s+(?:of|between)\s+", text, maxsplit=1)[0]


def _names(text: str, reader: QuestionReader) -> Iterator[tuple[int, int, str | None]]:
    """Where names stand, without their suffixes, and the term of each that is known by several."""
    # Read as one question: the reader would take "..., and what ...?" apart and lose the places.
    masked = re.sub(r"\b(?:and|but)\b", "for", re.sub(r"\?(?=\s)", ",", text), flags=re.IGNORECASE)
    offset = len(text) - len(text.lstrip())
    found = []
    for name in reader.read(masked)[0].names:
        start = name.start + offset
        end = start + len(plain(text[start : name.end + offset]).rstrip())
        found.append((start, end, name.common))
    if text.islower():
        for match in _LOWER_PLACE.finditer(text):
            start, end = match.span(1)
            if match.group(1) in _PLACES and not any(s < end and start < e for s, e, _ in found):
                found.append((start, end, None))
    yield from sorted(found, key=lambda span: span[0])


def _kind(text: str, start: int, end: int, common: str | None) -> _Kind:
    name = text[start:end]
    folded = [word.folded for word in words(name)]
    last = (common or "").removeprefix("@").split("-")
    if (
        folded[-1] in _GROUP_WORDS
        or last[-1] in _GROUP_WORDS
        or any(word in _GROUPS for word in folded)
        or fold(name) in _PLACES
        or fold(" ".join(last)) in _PLACES
        or (name.isupper() and len(name) <= 6 and not text.isupper())
        or (_ADJECTIVE.search(name) and common is not None and len(last) == 1)
        or re.search(r"\bthe\s+$", text[:start], re.IGNORECASE)
    ):
        return _Kind.GROUP
    return _Kind.PERSON if len(folded) > 1 or len(last) > 1 else _Kind.UNKNOWN


def _grown(text: str, start: int, end: int) -> int:
    """Where a name ends together with the noun that it describes: "Turkish drone", "ISIS camps"."""
    name = text[start:end]
    describes = (
        bool(_ADJECTIVE.search(name)) or name.isupper() or re.search(r"\bthe\s+$", text[:start], re.I)
    )
    if not describes or text.isupper():
        return end
    adjective = bool(_ADJECTIVE.search(name))
    run = _run(text, end) if text[end : end + 1] == " " else []
    run = [word for word in run if not text[word[0]].isupper()]
    if _AFTER_AUXILIARY.search(text[:start]):
        # "did the SDF leave Raqqa", "did Turkish forces leave": the last of these words is the verb.
        run = run[:-1] if adjective else []
    return run[min(len(run), 2) - 1][1] if run else end


def _run(text: str, start: int) -> list[tuple[int, int]]:
    """The spans of the words from here up to the first that cannot be part of the same phrase."""
    run: list[tuple[int, int]] = []
    place = start
    for word in words(text[start : start + 120]):
        begin, end = start + word.start, start + word.end
        if word.folded in _BREAKS or text[place:begin].strip(" -") or len(run) == 5:
            break
        bare = begin + len(plain(text[begin:end]).rstrip())
        run.append((begin, bare))
        place = end
        if bare < end:
            break
    return run


def _things(text: str) -> Iterator[_Phrase]:
    """ "the talks", "the call between Fidan and Blinken", "which officials", "about sanctions"."""
    spans = []
    for match in _DETERMINED.finditer(text):
        run = _run(text, match.end())
        after = _AFTER_AUXILIARY.search(text[: match.end()]) is not None
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
        terms = frozenset(stem(word.folded) for word in words(_core(said))) - {"the"}
        yield _Phrase(start, end, said, _Kind.THING, _is_plural(_core(said), _Kind.THING), False, terms)


_AUXILIARY_AT = re.compile(rf"\s+(?:{_AUXILIARY})\b", re.IGNORECASE)


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


def _is_plural(text: str, kind: _Kind) -> bool:
    last = words(text)[-1].folded
    return kind is _Kind.THING and last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _together(text: str, phrases: Sequence[_Phrase]) -> list[_Phrase]:
    """People named side by side: they are "they"."""
    pairs = []
    for one, other in pairwise(phrases):
        if (
            re.fullmatch(r",?\s+and\s+(?:the\s+)?", text[one.end : other.start])
            and one.kind is not _Kind.THING
        ):
            whole = text[one.start : other.end]
            pairs.append(
                _Phrase(one.start, other.end, whole, one.kind, True, True, one.terms | other.terms)
            )
    return pairs


# ---- the question before, asked in another way


def _asked_again(rest: str, asked: _Reading, context: _Context) -> str | None:
    """ "When?", "Who else?", "With whom?": the question before with another question word."""
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


def _asked_with(word: str, context: _Context) -> str:
    before = _ASKED_AFTER.sub("", context.before.text.rstrip("?.!… "))
    if word.lower() in _ADVERBIAL:
        word = word.capitalize()
        if found := re.fullmatch(
            rf"(?:when|where|why|how(?: long| often)?)\s+((?:{_AUXILIARY})\b.*)", before, re.IGNORECASE
        ):
            return f"{word} {found.group(1)}?"
        if re.match(rf"(?:{_AUXILIARY})\b", before, re.IGNORECASE):
            return f"{word} {before[0].lower()}{before[1:]}?"
        if found := re.fullmatch(
            r"how (?:many|much)\s+((?:[^\W_][\w'’-]*\s+){1,4}?)(are|were|is|was)\s+(.+)",
            before,
            re.IGNORECASE,
        ):
            return f"{word} {found.group(2)} {found.group(1)}{found.group(3)}?"
    return f"{before}, and {word.lower()}?"


def _asked_with_else(word: str, context: _Context) -> str:
    before = _ASKED_AFTER.sub("", context.before.text.rstrip("?.!… "))
    same = "who|whom" if word.lower() in ("who", "whom") else re.escape(word)
    if found := re.match(rf"({same})(?: else)?\s+(?=\w)", before, re.IGNORECASE):
        return f"{found.group(1)} else {before[found.end() :]}?"
    which = re.fullmatch(
        rf"which\s+(?:[\w'’-]+\s+){{1,3}}?((?:{_AUXILIARY})\b.*)", before, re.IGNORECASE
    )
    if which and word.lower() in ("who", "whom", "what"):
        return f"{word.capitalize()} else {which.group(1)}?"
    return f"{before}, and {word.lower()} else?"


def _others(line: str, context: _Context) -> str | None:
    """ "Who else attended?": what the question before says already."""
    found = re.match(rf"({_ASKING}) else\s+(?=\w)", line, re.IGNORECASE)
    if not found:
        return None
    told = {stem(word.folded) for word in words(line[found.end() :]) if word.folded not in STOP_WORDS}
    before = {stem(word.folded) for word in words(context.before.text)}
    return _asked_with_else(found.group(1), context) if told and told <= before else None


# ---- the question before, asked of something else


def _with_another(rest: str, has_lead: bool, context: _Context, reader: QuestionReader) -> str | None:
    """ "And Fidan?", "What about the PKK?", "In Cairo?": the question before with this in it."""
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
    if re.search(rf"\b(?:{_AUXILIARY}|{_ASKING})\b", re.sub(r"\bMay\b", "", line), re.IGNORECASE):
        return None
    leaning = _filled(_read(line, reader), context)
    line = leaning or line
    if _PRONOUN.fullmatch(line) or not words(line):
        return None
    if _TIME.fullmatch(line) or _YEAR.fullmatch(line):
        return _with_time(f"in {line}" if _YEAR.fullmatch(line) else line, context)
    asked = preposition.group(1).lower() if preposition else ""
    said = line[preposition.end() :] if preposition else line
    if not words(said):
        return None
    named = [p for p in _read(f"about {said}", reader).phrases if p.is_named]
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
    names = list(_names(line, reader))
    if len(names) != 1 or names[0][:2] != (0, len(line)) or line[0].isdigit():
        return False
    # A single strange word may be a question in another language: "Neden?"
    return names[0][2] is not None or " " in line or fold(line) in _PLACES


def _with_time(time: str, context: _Context) -> str:
    if context.before.times:
        return _put(context.before.text, context.before.times[-1], time)
    return _appended(context.before.text, time)


def _with_place(place: str, context: _Context) -> str:
    if context.before.places:
        old = context.before.places[-1]
        name = place.split(" ", 1)[1]
        return _put(context.before.text, old, place if old.preposition else name)
    return _appended(context.before.text, place)


def _with_preposition(preposition: str, said: str, context: _Context) -> str:
    for phrase in context.before.phrases:
        if re.search(rf"\b{preposition}\s+$", context.before.text[: phrase.start], re.IGNORECASE):
            return _put(context.before.text, phrase, said)
    return _appended(context.before.text, f"{preposition} {said}")


def _with_name(new: _Phrase, said: str, context: _Context) -> str | None:
    text = context.before.text
    named = [phrase for phrase in context.before.phrases if phrase.is_named]
    people = [p for p in named if p.kind in (_Kind.PERSON, _Kind.UNKNOWN) and not p.is_plural]
    groups = [p for p in named if p.kind in (_Kind.GROUP, _Kind.THING)]
    if fold(said) in _PLACES and context.before.places:
        return _with_place(f"{context.before.places[-1].preposition or 'in'} {said}", context)
    if any(phrase.terms == new.terms for phrase in named):
        if len(people) == 2 and new.kind in (_Kind.PERSON, _Kind.UNKNOWN):
            one, other = people
            between = text[one.end : other.start]
            return f"{text[: one.start]}{other.text}{between}{one.text}{text[other.end :]}"
        return None
    if new.kind in (_Kind.PERSON, _Kind.UNKNOWN) and not people:
        groups = [
            group
            for group in groups
            if group.kind is _Kind.GROUP and _AFTER_AUXILIARY.search(text[: group.start])
        ]
        if not groups:
            return _appended(text, f"({said})")
    order = (people, groups) if new.kind in (_Kind.PERSON, _Kind.UNKNOWN) else (groups, people)
    if new.kind is _Kind.GROUP and not groups:
        # "What did Kalin discuss?" - "What about the SDF?" asks for a topic, not for who spoke.
        return _with_preposition("about", said, context)
    old = next((candidates[0] for candidates in order if candidates), None)
    return _put(text, old, said) if old else _with_preposition("about", said, context)


def _put(text: str, old: _Phrase | _Place | _Time, new: str) -> str:
    filled = text[: old.start] + new + text[old.end :]
    return _as_question(filled[0].upper() + filled[1:] if old.start == 0 else filled)


def _as_question(text: str) -> str:
    return text.rstrip("?.!… ") + "?"


def _appended(text: str, more: str) -> str:
    """The text with more at its end, before its mark."""
    bare = text.rstrip().rstrip("?.!… ")
    return f"{bare} {more}{text.rstrip()[len(bare) :].strip()}"


# ---- the words that lean on the question before


def _with_names(asked: _Reading, context: _Context) -> str | None:
    """The question with names in place of "he", "it", "there", "that visit"."""
    filled = _filled(asked, context)
    pointed = None if filled else _pointed(asked, context)
    if pointed:
        filled = pointed
    if filled is None:
        return _with_names_behind(asked, context)
    filled = _with_place_and_time(filled, asked, context)
    lead = _LEAD.match(filled.strip())
    if lead:
        filled = filled.strip()[lead.end() :]
    return filled[0].upper() + filled[1:] if _first_letter(asked.text).isupper() else filled


def _first_letter(text: str) -> str:
    return next((letter for letter in text if letter.isalpha()), "")


def _filled(asked: _Reading, context: _Context) -> str | None:
    """Each kind of pronoun once: "What did Kalin say about his visit?" leans no more."""
    text, seen, edits = asked.text, set[str](), list[tuple[int, int, str]]()
    for match in _PRONOUN.finditer(text):
        word = match.group(1).lower()
        group = _GROUP_OF.get(word, "then")
        if _is_part_of_a_title(text, match) or group in seen:
            continue
        if not _leans(asked, match, word, group):
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


def _is_part_of_a_title(text: str, match: re.Match[str]) -> bool:
    """ "Who wrote Let It Be?", and what is quoted."""
    behind = text[: match.start()]
    begins = not words(behind) or behind.rstrip().endswith(tuple("?.!"))
    is_capital = match.group()[0].isupper() and not begins and not text.isupper()
    return is_capital or any(
        quoted.start() < match.start() < quoted.end() for quoted in _QUOTED.finditer(text)
    )


def _leans(asked: _Reading, match: re.Match[str], word: str, group: str) -> bool:
    """Whether a pronoun speaks of something outside of its question."""
    text = asked.text
    if group == "then":
        behind, ahead = text[: match.start()], text[match.end() :]
        if word != "then" or re.search(r"\b(?:back|since|until|by|before)\s+$", behind):
            return True
        # "Who won the cup then?" is impatient; "Where was he then?" asks of that time.
        is_last = not words(ahead) and not re.search(rf"\b(?:{_ASKING}|and)\s+$", behind, re.I)
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


def _fits(phrase: _Phrase, group: str) -> bool:
    if group in ("he", "she"):
        head = words(phrase.text)[-1].folded
        return phrase.kind in (_Kind.PERSON, _Kind.UNKNOWN) or head in _ROLES
    if group == "they":
        return phrase.is_plural or phrase.is_named
    return not phrase.is_plural and phrase.kind is not _Kind.PERSON


def _is_possessive(text: str, match: re.Match[str], word: str) -> bool:
    if word in ("his", "their", "its"):
        return True
    following = words(text[match.end() : match.end() + 80])[:1]
    return (
        word == "her"
        and bool(following)
        and following[0].folded not in _BREAKS
        and not re.match(r"\s*[?.,;!]", text[match.end() :])
    )


def _is_object(text: str, match: re.Match[str], word: str) -> bool:
    if word in ("him", "them"):
        return True
    if word == "her":
        return not _is_possessive(text, match, word)
    return word == "it" and not _VERB_NEXT.match(text, match.end())


def _leant_on(
    asked: _Reading, match: re.Match[str], word: str, group: str, context: _Context
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
            for p in _candidates(group, context)
            if p.terms not in own and not (is_several and group == "they" and not p.is_plural)
        ),
        None,
    )
    if phrase is None:
        return None
    if not _is_possessive(text, match, word):
        new = phrase.text
    else:
        new = phrase.text + ("'" if phrase.is_plural and phrase.text.endswith("s") else "'s")
    return new[0].upper() + new[1:] if match.start() == 0 and text[0].isupper() else new


def _candidates(group: str, context: _Context) -> list[_Phrase]:
    """What a pronoun can stand for, best first."""
    before = context.before.phrases
    single = [p for p in before if not p.is_plural]
    people = [p for kind in (_Kind.PERSON, _Kind.UNKNOWN) for p in single if p.kind is kind]
    named = {term for p in before for term in p.terms}
    answered = [
        p
        for kind in (_Kind.PERSON, _Kind.UNKNOWN)
        for p in context.answer.phrases
        if p.kind is kind
        and not p.is_plural
        and not p.terms & named
        and (kind is _Kind.PERSON or re.search(r"[^\W\d_]", p.text))
    ]
    if group in ("he", "she"):
        # "Who succeeded Fidan?" - "And what did he say?" is about the one who did.
        who = re.match(rf"who\s+(?!(?:{_AUXILIARY})\b)", context.before.text, re.IGNORECASE)
        sure = [p for p in answered if p.kind is _Kind.PERSON]
        return [*sure, *people] if who else [*people, *answered]
    groups = [p for p in single if p.kind is _Kind.GROUP]
    unknown = [p for p in single if p.kind is _Kind.UNKNOWN]
    things = [p for p in single if p.kind is _Kind.THING]
    if group == "it":
        # "Which broadcaster reported the call?" is about the call.
        is_asked_for = re.match(r"(?:which|what)\s", context.before.text, re.IGNORECASE)
        things.sort(key=lambda p: bool(is_asked_for) and p.start == 0)
        return [*(p for p in things if p.is_named), *groups, *things, *unknown]
    several = [p for p in before if p.is_plural]
    return [*(p for p in several if p.is_named), *groups, *unknown, *several, *people, *answered]


def _there(text: str, match: re.Match[str], context: _Context) -> str | None:
    places = (*context.before.places[-1:], *context.answer.places[:1])
    names = [p.text for p in context.before.phrases if fold(p.text.removeprefix("the ")) in _PLACES]
    where = places[0].text if context.before.places else f"in {names[0]}" if names else None
    if where is None and places:
        where = places[0].text
    if where and _GOING.search(text[: match.start()]):
        return re.sub(r"^\w+", "to", where)
    return where


def _then(text: str, match: re.Match[str], word: str, context: _Context) -> str | None:
    times = (*context.before.times[-1:], *context.answer.times[:1])
    if not times:
        return None
    behind = re.search(rf"\b(?:{_WHEN}|back|on)\s+$", text[: match.start()], re.IGNORECASE)
    if behind and behind.group().strip().lower() != "back":
        return re.sub(rf"^(?:{_WHEN})\s+", "", times[0].text, flags=re.IGNORECASE)
    return times[0].text


def _pointed(asked: _Reading, context: _Context) -> str | None:
    """ "the call" of which the question before said whose it was; "that visit" of a person."""
    text = asked.text
    if any(p.is_named for p in asked.phrases) or asked.places:
        return None
    for match in _POINTING.finditer(text):
        pointing, said = match.group(1).lower(), words(match.group(2))
        if not said or said[0].folded in _BREAKS:
            continue
        head = stem(said[0].folded)
        end = match.start(2) + said[0].end
        whole = next(
            (
                p
                for p in context.before.phrases
                if head in p.terms and (p.is_named or _core(p.text) != p.text)
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
        people = _candidates("he", context) or _candidates("it", context)
        if people:
            noun = text[match.start(2) : end]
            return text[: match.start()] + f"{people[0].text}'s {noun}" + text[end:]
    return None


def _cased(new: str, text: str, start: int) -> str:
    return new[0].upper() + new[1:] if text[start].isupper() and start == 0 else new


def _with_names_behind(asked: _Reading, context: _Context) -> str | None:
    """A question that leans on nothing that could take the place of its pronoun has the names behind
    it, as the parts of a question have."""
    text = asked.text
    if any(p.is_named for p in asked.phrases) or asked.places:
        return None
    leaning = any(
        _leans(asked, match, match.group(1).lower(), group)
        for match in _PRONOUN.finditer(text)
        if not _is_part_of_a_title(text, match)
        and (group := _GROUP_OF.get(match.group(1).lower(), "then")) not in ("then", "there")
    )
    names = [p.text for p in context.before.phrases if p.is_named and not p.is_plural]
    names += [re.sub(r"^\w+\s+", "", place.text) for place in context.before.places]
    if not leaning or not names:
        return None
    lead = _LEAD.match(text.strip())
    said = text.strip()[lead.end() if lead else 0 :]
    said = said[0].upper() + said[1:] if _first_letter(text).isupper() else said
    return _appended(said, f"({', '.join(dict.fromkeys(names))})")


def _with_place_and_time(filled: str, asked: _Reading, context: _Context) -> str:
    """The place and time of the question before, where this one goes on about the same event."""
    if not _PAST.search(asked.text) or _LASTING.search(asked.text.strip()):
        return filled
    asks_place = re.search(
        r"\b(?:there|where)\b|\b(?:what|which) (?:city|country|place)\b", asked.text, re.I
    )
    travels = any(
        re.search(r"\b(?:to|from)\s+$", asked.text[: p.start], re.I) and fold(p.text) in _PLACES
        for p in asked.phrases
    )
    if context.before.places and not (asked.places or asks_place or travels):
        place = context.before.places[-1]
        name = re.sub(r"^\w+\s+", "", place.text)
        if name not in filled:
            filled = _appended(filled, place.text)
    has_time = asked.times or re.search(
        r"\bwhen\b|\bthen\b|\b(?:day|date|year|month|time)\b", asked.text, re.I
    )
    # "the earthquakes of February 6" is no time at which something else happened.
    said = rf"(?:{_WHEN}|last|this|yesterday|today)\b"
    times = [time for time in context.before.times if re.match(said, time.text, re.IGNORECASE)]
    if times and not has_time and times[-1].text not in filled:
        filled = _appended(filled, times[-1].text)
    return filled
