"""Questions made by rule: of a text, with the words that answer them or with none, and of a question, so
that the words that answered it no longer do. A reader learns from them that a thing may stand in a text
without what is asked of it."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.evidence import DATE, DURATION, NUMBER
from rag.training.altering import NAME, NO_NAMES, altered, names_in

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a sentence; `words` is the answer's span in it, None where it tells none."""

    question: str
    words: Span | None


# Words before which a name at the beginning of a sentence is its subject.
_VERB = (
    r"(?:was|were|is|are|has|had|will|[a-z]{3,}ed|said|told|won|became|took|made|went|met|led|gave|wrote"
    r"|began|left|held|built|found|came|ran|saw|sent|kept|brought|bought|spoke|lost|rose|grew|got|paid)"
)
_BE = r"(?:was|were|is|are|has|have|had|will|can|could|would|should|may|must)"
_MANY = r"\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|dozens"
_SUBJECT_WORD = r"(?:The|A|An|His|Her|Its|Their|This) [\w'’-]+ |It |He |She |They |[A-Z][a-z'’-]{3,} "
_FIRST_OF_SUBJECT = frozenset("The A An His Her Its Their This It He She They".split())
_CLAUSE = r"(?:I|we|that|which|who|when|where|if|as|and|has|have|had|was|were|is|are|there) "
_NOT_PLURAL = frozenset("was has his this its as is us yes plus less does thus always sometimes".split())
_ROLE = re.compile(
    r"\b(?:[a-z-]{3,}(?:[^aeiou\W]er|tor|ssor|nor|ist|ician|rian|dian|tant|[st]man|woman|ident|tary)|chief"
    r"|head|king|queen|coach|judge|ambassador|captain|mayor|prince|princess|bishop|general|author|actor"
    r"|actress|doctor|founder|father|mother|brother|sister|wife|husband|son|daughter)\b"
)
_NO_ROLE = frozenset(
    """after over under other another rather whether number later former never ever center centre
    together however further better matter order water river winter summer september october november
    december member letter paper power tower per quarter latter cover offer enter answer neither either
    factor sector motor important constant instant distant significant human woman resident incident
    accident student president-elect military voluntary primary secondary necessary documentary exist
    list assist consist persist resist minor major interior superior prior exterior counter computer
    newspaper chapter daughter character master corner dinner manner banner border consider remember
    discover deliver clever silver fever lower higher larger smaller older younger longer shorter
    stronger""".split()
)
_EVENT = re.compile(
    r"\b(?:the|a|an|this|its|their|his|her) ((?:[a-z]+ )?(?:visit|meeting|war|trip|talks|conference"
    r"|strike|battle|session|tour|flight|operation|ceremony|trial|siege|show|season|campaign|training"
    r"|race|reign|journey|mission|concert|speech|term|fire|storm|investigation|project))\b"
    r"(?! (?:of|to|in) [A-Z])"
)
_THING = re.compile(
    r"\b(?:the|a|an|this|its|their) ((?:[a-z]+ ){0,2}(?:company|band|team|ship|book|film|movie|song"
    r"|album|school|church|hotel|village|town|city|river|bridge|road|building|hospital|agency|group"
    r"|party|bank|newspaper|magazine|aircraft|plane|missile|weapon|rocket|car|train|station|airport|camp"
    r"|base|prison|club|union|museum|theatre|theater|island|mountain|lake|law|treaty|agreement|program"
    r"|programme|study|report|website|device|drug|disease|species|dog|horse))\b"
)
_OF_THING = re.compile(r"(?: (?:that|which|who|was|were|had|has|is|in|of|to|for|on)\b[^,.;]{0,50})?")
_LENGTH = re.compile(r"\b((?:\w+-)?\w+[- ](?:day|hour|week|month|year|minute)s?(?:-long)?) ([a-z]+)\b")
_AGED = re.compile(r"\baged?\b|years? old|-year-old|born")
_BEFORE_ROLE = re.compile(
    r"^(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|by|of|and|with|to|from|as) )+"
)
_CAUSE = re.compile(
    r"\b(?:because|due|since|so|to|for|as|after|reason\w*|owing|thanks)\b", re.IGNORECASE
)
_PLACE = re.compile(r"\b(?:in|at|near|on|from|outside|inside|where|across)\b", re.IGNORECASE)
_TIMES = re.compile(r"\b(?:once|twice|times)\b", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_MONEY = re.compile(r"[$€£]|\b(?:dollar|euro|pound|cost|price|worth|paid)", re.IGNORECASE)


def questions_of(sentence: str, around: str, chance: random.Random) -> Iterator[Asked]:
    """What can be asked of a sentence of a text `around` it: answered ones, and ones that nothing in
    that text answers."""
    for make in (_of_subject, _of_adjunct, _of_count, _of_role, _of_length, _of_attribute):
        yield from make(sentence, around, chance)


def near_miss(question: str, answering: str, others: str, chance: random.Random) -> str | None:
    """A question made another one, that the text `answering` the first does not answer; None where no
    rule fits. Names and numbers that are put in come from `others`."""
    ways: list[Callable[[], str | None]] = [
        lambda: altered(question, others, chance),
        lambda: _of_another_kind(question, answering, chance),
    ]
    chance.shuffle(ways)
    for way in ways:
        made = way()
        if made and made != question:
            return made
    return None


def joined_wrongly(first: str, second: str) -> str | None:
    """Of two sentences of different subjects, the first one's subject with what the second says."""
    one, other = (_subject(sentence, rf"{NAME}|The (?:[a-z]+ )?[a-z]+") for sentence in (first, second))
    if one is None or other is None or one.group(1) in second or other.group(1) in first:
        return None
    return f"{one.group(1)} {other.group(2)}"


def _subject(sentence: str, kind: str = NAME) -> re.Match[str] | None:
    """What a sentence begins with, a name unless told otherwise, and the rest from the verb on."""
    match = re.match(rf"({kind}) ({_VERB} .{{15,}})$", sentence, re.DOTALL)
    if match is None:
        return None
    first, *others = match.group(1).split()
    return match if first not in NO_NAMES or (first == "The" and others) else None


def _of_subject(sentence: str, around: str, chance: random.Random) -> Iterator[Asked]:
    match = _subject(sentence)
    if match is None:
        return
    rest = _shortened(match.group(2), chance)
    word = chance.choice(["Who", "Who", "What", "Who or what"])
    yield Asked(f"{word} {rest}?", match.span(1))
    if (other := altered(rest, around, chance)) is not None:
        yield Asked(f"{word} {other}?", None)
    inside = [name for name in names_in(rest) if name.group() not in match.group(1)]
    if inside:
        # Who did it to whom, turned round.
        whom = chance.choice(inside)
        turned = rest[: whom.start()] + match.group(1) + rest[whom.end() :]
        yield Asked(f"{word} {turned}?", None)


def _of_adjunct(sentence: str, around: str, chance: random.Random) -> Iterator[Asked]:
    """When and where something was."""
    fronted = re.match(
        rf"((?:{_SUBJECT_WORD})(?:(?!{_CLAUSE})[\w'’-]+ ){{0,4}}?)({_BE}) ([^,;:]{{15,}})", sentence
    )
    if fronted is None:
        return
    subject, be, rest = fronted.groups()
    if subject.split()[0] in NO_NAMES - _FIRST_OF_SUBJECT:
        return
    rest = rest.rstrip(" .")
    asked = f"{be} {_lowered(subject)}"
    begins = fronted.start(3)
    if DATE.search(around) is None:
        yield Asked(f"When {asked}{_shortened(rest, chance)}?", None)
    elif when := re.search(rf" (?:in|on|since|by|until) ((?:the )?{DATE.pattern})", rest, re.IGNORECASE):
        left = rest[: when.start()] + rest[when.end() :]
        yield Asked(f"When {asked}{left}?", (begins + when.start(1), begins + when.end(1)))
    if where := re.search(rf" (?:in|at|near) ((?:the )?{NAME})", rest):
        if _MONTH.match(where.group(1)) is None:
            left = rest[: where.start()] + rest[where.end() :]
            yield Asked(f"Where {asked}{left}?", (begins + where.start(1), begins + where.end(1)))
    elif _PLACE.search(sentence) is None:
        yield Asked(f"Where {asked}{_shortened(rest, chance)}?", None)


def _of_count(sentence: str, around: str, chance: random.Random) -> Iterator[Asked]:
    for many in re.finditer(
        rf"\b((?:more than |about |nearly |over |at least )?(?:{_MANY})) "
        r"((?:[a-z-]+ )?[a-z]{3,}s)\b([^.;]*)",
        sentence,
    ):
        if many.group(2).split()[-1] in _NOT_PLURAL:
            continue
        rest = _shortened(many.group(3).strip(" ,"), chance)
        yield Asked(f"How many {many.group(2)} {rest}".strip() + "?", many.span(1))
        return
    if NUMBER.search(DATE.sub(" ", sentence)) is not None:
        return
    for some in re.finditer(
        r"\b(?:the|its|their|some|many|of) ([a-z]{3,}s) ((?:were|are|have|had|who|that) [^.;,]{8,})",
        sentence,
    ):
        if some.group(1) not in _NOT_PLURAL:
            yield Asked(f"How many {some.group(1)} {_shortened(some.group(2), chance)}?", None)
            return


def _of_role(sentence: str, around: str, chance: random.Random) -> Iterator[Asked]:
    """Who holds an office or does a work, and who somebody is."""
    named = re.search(rf"\b((?:[A-Za-z-]+ ){{0,2}}([a-z-]+)) ({NAME})", sentence)
    if named and _is_role(named.group(2)) and named.group(3) not in NO_NAMES:
        role = _BEFORE_ROLE.sub("", named.group(1))
        asked = chance.choice(["Who is the {}?", "What is the name of the {}?", "Who was {}?"])
        yield Asked(asked.format(role), named.span(3))
        yield Asked(f"Who is {named.group(3)}?", named.span(1))
    said = re.search(rf"({NAME})(?:,| is| was) ((?:the|a|an) [^,.;]{{6,80}})[,.;]", sentence)
    if said and said.group(1).split()[0] not in NO_NAMES:
        yield Asked(f"{chance.choice(['Who', 'What'])} is {said.group(1)}?", said.span(2))
        if said.group(2).startswith("the "):
            yield Asked(f"Who is {said.group(2)}?", said.span(1))
    for found in re.finditer(r"\b(?:the|an?|its|their) ((?:[A-Za-z]+ )?([a-z-]+))\b", sentence):
        if _is_role(found.group(2)) and not _is_named(found.group(2), around):
            ways = ["What is the name of the {}?", "Who is the {}?", "How old is the {}?"]
            asked = chance.choice([*ways, "What is the {}'s name?"])
            if "old" not in asked or _AGED.search(around) is None:
                yield Asked(asked.format(found.group(1)), None)
            return


def _of_length(sentence: str, around: str, chance: random.Random) -> Iterator[Asked]:
    day = _LENGTH.search(sentence)
    if day and DURATION.search(day.group(1).replace("-", " ")) and _EVENT.match(f"the {day.group(2)}"):
        yield Asked(f"How long was the {day.group(2)}?", day.span(1))
    lasted = re.search(
        rf"\b[Tt]he ((?:[a-z]+ )?[a-z]+) (?:lasted|took|ran for) (?:for )?({DURATION.pattern})", sentence
    )
    if lasted:
        yield Asked(f"How long did the {lasted.group(1)} last?", lasted.span(2))
    event = _EVENT.search(sentence)
    if event and DURATION.search(around) is None:
        asked = ["How long was the {}?", "How long did the {} last?", "How many days did the {} take?"]
        yield Asked(chance.choice(asked).format(event.group(1)), None)


def _of_attribute(sentence: str, around: str, chance: random.Random) -> Iterator[Asked]:
    """What a thing is called, costs or consists of."""
    called = re.search(
        r"\b(?:[Tt]he|[Aa]n?) ((?:[a-z]+ ){0,2}[a-z]+),? "
        rf"(?:called|named|known as|titled|entitled) [\"“]?({NAME})",
        sentence,
    )
    if called:
        asked = chance.choice(["What is the name of the {}?", "What is the {} called?"])
        yield Asked(asked.format(called.group(1)), called.span(2))
    thing_told = _THING.search(sentence)
    if thing_told is None:
        return
    thing, noun = thing_told.group(1), thing_told.group(1).split()[-1]
    rest = _OF_THING.match(sentence[thing_told.end() :])
    full = f"{thing}{rest.group() if rest else ''}".strip()
    told = (
        r"(?:called|named|known as|titled)"
        rf"|[A-Z]\w+ (?:[A-Z]\w+ )?{noun}|{noun},? [A-Z\"“]|{noun.title()}"
        rf"|(?:is|was) an? (?:\w+ )?{noun}"
    )
    offered = []
    if re.search(told, around) is None:
        offered += ["What is the name of the {}?", "What was the {} called?", "What type of {n} was it?"]
    if _MONEY.search(around) is None:
        offered += ["How much did the {} cost?"]
    if DATE.search(around) is None:
        offered += ["In what year was the {} founded?", "When was the {} built?"]
    if offered:
        yield Asked(
            chance.choice(offered).format(full if chance.random() < 0.5 else thing, n=noun), None
        )


def _of_another_kind(question: str, answering: str, chance: random.Random) -> str | None:
    """Another word to ask with, for what the answering text does not hold."""
    offered = []
    if match := re.match(
        rf"(?:When|Where|Why|How|In what year|On what date) (?=(?:{_BE}|did|do|does)\b)",
        question,
        re.IGNORECASE,
    ):
        rest = question[match.end() :]
        offered += [
            f"{word} {rest}"
            for word, told in (
                ("When", DATE),
                ("Why", _CAUSE),
                ("Where", _PLACE),
                ("How long", DURATION),
                ("How many times", _TIMES),
                ("In what month", _MONTH),
                ("On which day of the week", _WEEKDAY),
            )
            if not question.lower().startswith(word.lower()) and told.search(answering) is None
        ]
    elif match := re.match(
        r"who (?!is\b|was\b|are\b|were\b|did\b|do\b|does\b)", question, re.IGNORECASE
    ):
        rest = question[match.end() :]
        offered += [
            f"What is the name of the wife of the person who {rest}",
            f"Which party did the person belong to who {rest}",
        ]
        if NUMBER.search(answering) is None:
            offered += [f"How old was the person who {rest}", f"How many people {rest}"]
        if DATE.search(answering) is None:
            offered += [f"When was the person born who {rest}"]
    elif re.match(r"how (?:many|much) ", question, re.IGNORECASE) and (names := names_in(question[1:])):
        name = names[0].group()
        offered += [f"How old is {name}?", f"What is the nickname of {name}?"]
    return chance.choice(offered) if offered else None


def _is_role(word: str) -> bool:
    return word not in _NO_ROLE and _ROLE.fullmatch(word) is not None


def _is_named(role: str, text: str) -> bool:
    """Whether a name stands beside an office in a text."""
    word = re.escape(role)
    beside = (
        rf"\b{word},? (?:named |called )?[A-Z]|[A-Z][\w-]+,? (?:the|an?|is|was)[^.]{{0,40}}\b{word}\b"
    )
    return re.search(beside, text) is not None


def _shortened(rest: str, chance: random.Random) -> str:
    """A predicate, sometimes without what comes after its first words."""
    rest = rest.strip().rstrip('.!?"”')
    cuts = [
        m.start()
        for m in re.finditer(r", | (?=(?:in|on|at|by|for|after|before|with|when|who|which) )", rest)
    ]
    cuts = [cut for cut in cuts if rest[:cut].count(" ") >= 3]
    return rest[: chance.choice(cuts)] if cuts and chance.random() < 0.6 else rest


def _lowered(subject: str) -> str:
    first, space, rest = subject.partition(" ")
    return (
        f"{first.lower()}{space}{rest}"
        if first in ("The", "A", "An", "It", "He", "She", "They", "This")
        else subject
    )
