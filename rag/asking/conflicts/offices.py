"""Who holds which office, as sentences say it: "Fidan, head of Turkey's Ministry of Interior"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.language.facts.names import Named, find_names
from rag.language.terms import Lexicon

_SUBJECT = (
    r"foreign|interior|defen[cs]e|justice|finance|energy|health|education|trade|economy|agriculture"
    r"|transport|culture|tourism|labou?r|environment|home"
)
_HEAD = r"(?:head|chief|director|leader|boss)"
_LEADS = r"(?:heads|leads|runs|directs|headed|led|chairs)"
_SPIES = r"(?:intelligence|spy|secret service)"
_OFFICE = re.compile(
    rf"""\b(?P<former>(?:former|ex|late|then|onetime|one-time|outgoing|incoming|future)[\s-](?:[A-Z]\w+\s)?)?
    (?P<deputy>(?:deputy|vice|assistant|under)[\s-])?
    (?:
      (?P<minister>(?:{_SUBJECT})(?:\saffairs)?\s(?:minister|secretary)
        |(?:minister|secretary)\s(?:of|for)\s(?:the\s)?(?:{_SUBJECT})
        |(?:{_HEAD}\sof|{_LEADS})\s(?:the\s)?(?:(?P<owner>[A-Z][\w.]*(?:['’]s)?)\s)?
          (?:ministry\s(?:of|for)\s(?:the\s)?(?:{_SUBJECT})|(?:{_SUBJECT})\s(?:affairs\s)?ministry))
      |(?P<secretary>secretary\sof\sstate)
      |(?P<premier>prime\sminister|premier)
      |(?P<spies>{_SPIES}\s(?:agency\s|service\s)?{_HEAD}|spymaster
        |(?:{_HEAD}\sof|{_LEADS})\s(?:the\s)?(?:[A-Z][\w.]*(?:['’]s)?\s){{0,2}}
          (?:national\s)?{_SPIES}(?:\s(?:organi[sz]ation|agency|services?|directorate))?
        |(?:{_HEAD}\sof|{_LEADS})\s(?:the\s)?(?:MIT|CIA|Mossad|MI6|FSB|SVR|BND|GIS)\b)
      |(?P<adviser>(?:(?:senior|chief|top|close|special|presidential)\s){{0,2}}(?:foreign\spolicy\s)?advis[eo]r)
      |(?P<spokes>(?:chief\s)?(?:presidential\s)?spokes(?:man|woman|person))
      |(?P<ambassador>ambassador)
      |(?P<mayor>mayor)|(?P<governor>governor)|(?P<chancellor>chancellor)
      |(?P<crown>crown\sprince)
      |(?P<ruler>president|king|queen|emir|sultan|head\sof\sstate)
      |(?P<executive>chief\sexecutive(?:\sofficer)?|CEO)
      |(?P<chair>chair(?:man|woman|person))
      |(?P<coach>(?:head\s)?coach)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_KINDS = (
    "minister secretary premier spies adviser spokes ambassador mayor governor chancellor crown ruler"
    " executive chair coach"
).split()
# Offices that nobody holds together with another of these in one country.
_EXCLUSIVE = frozenset("minister secretary premier spies chancellor ruler crown".split())
# One at a time holds each of these; advisers there are many.
SINGLE = _EXCLUSIVE | {"mayor", "governor", "executive", "chair"}
_REGIME = re.compile(r"(?:['’]s?)?\s(?:regime|government|administration)\b")
_LINK = re.compile(
    r"(?:,?\s(?:who\s)?(?:(?:is|was|became|becomes|serves as|served as|has been|was (?:re-?)?"
    r"(?:named|elected|appointed)(?: as)?|works as|worked as|acts as|remains)\s)?|,\s)"
    r"(?:now\s|currently\s|also\s|now serves as\s)?(?:as\s)?(?:an?\s|the\s|its\s)?"
    r"(?:[a-z]+(?:['’]s)?\s)?",
)
_BY_VERB = re.compile(r",?\s(?:who\s)?(?:now\s|currently\s)?")
_OF = re.compile(r"\s(?:\([^)]*\)\s)?(?:of|for|to)\s(?:the\s)?")
_OF_PERSON = re.compile(r"\sof\s(?:the\s)?")
_AND_ANOTHER = re.compile(r",\s(?:and\s)?|\sand\s")


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its kind, the subject of a ministry, whether a deputy's, and the term of the country or
    body that it is of, or None where that is not said."""

    kind: str
    subject: str = ""
    is_deputy: bool = False
    of: str | None = None

    def is_same(self, other: "Office") -> bool:
        """Whether both may be one office; where one does not say of what, it may be of the other's."""
        mine, theirs = replace(self, of=None), replace(other, of=None)
        return mine == theirs and (None in (self.of, other.of) or self.of == other.of)

    def excludes(self, other: "Office") -> bool:
        """Whether nobody holds both at one time."""
        differ = (self.kind, self.subject) != (other.kind, other.subject)
        both = self.kind in _EXCLUSIVE and other.kind in _EXCLUSIVE
        return both and differ and not (self.is_deputy or other.is_deputy)


@dataclass(frozen=True, slots=True)
class Holding:
    """A person with an office, in a text from `start` to `end`; `person` is the term of the name."""

    person: str
    name: str
    office: Office
    words: str
    start: int
    end: int


def person_term(name: Named) -> str:
    """What stands for a person under each of the names: the known one's term, or the surname."""
    return name.common or (name.folded[-1] if name.folded else name.text)


def find_holdings(text: str, lexicon: Lexicon) -> tuple[Holding, ...]:
    """The offices of persons in a text, in order; not those that somebody once held."""
    names = find_names(text, lexicon)
    found: list[tuple[Holding, re.Match[str]]] = []
    for match in _OFFICE.finditer(text):
        if match["former"]:
            continue
        kind = next(each for each in _KINDS if match[each])
        by_verb = re.match(_LEADS, match[kind], re.IGNORECASE) is not None
        start, of = _owner_before(text, match, names)
        person = _person(text, match, start, names, by_verb)
        if person is None:
            continue
        of = of or _owner_inside(match, names) or _owner_after(text, match, person, names)
        if of is None and found:
            of = _shared_owner(text, found[-1], start)
        if of == person_term(person):
            of = None
        office = Office(kind, _subject(match[kind]), bool(match["deputy"]), of)
        said = _words(text, match, start, names, kind)
        first, last = min(start, person.start), max(match.end(), person.end)
        found.append((Holding(person_term(person), person.text, office, said, first, last), match))
    return tuple(holding for holding, _ in found)


def office_named(text: str) -> Office | None:
    """The first office that a text names, whoever holds it, without what it is of."""
    for match in _OFFICE.finditer(text):
        kind = next(each for each in _KINDS if match[each])
        return Office(kind, _subject(match[kind]), bool(match["deputy"]))
    return None


def find_regimes(text: str, lexicon: Lexicon) -> Iterator[tuple[Named, str]]:
    """The names whose regime, government or administration a text speaks of, with those words."""
    for name in find_names(text, lexicon):
        if match := _REGIME.match(text, name.end):
            yield name, text[name.start : match.end()]


def _subject(words: str) -> str:
    found = re.search(_SUBJECT, words, re.IGNORECASE)
    return found.group().lower().replace("c", "s") if found else ""


def _owner_before(text: str, match: re.Match[str], names: Sequence[Named]) -> tuple[int, str | None]:
    """Where an office with what it is of begins, and what that is: "Turkey's spy chief"."""
    for name in names:
        if name.end <= match.start() and re.fullmatch(r"(?:['’]s?)?\s", text[name.end : match.start()]):
            is_person_before = " " in name.text and not name.text.endswith(("'s", "’s"))
            if not is_person_before or name.common:
                return name.start, person_term(name)
    return match.start(), None


def _owner_inside(match: re.Match[str], names: Sequence[Named]) -> str | None:
    if match["owner"]:
        for name in names:
            if name.start == match.start("owner"):
                return person_term(name)
    return None


def _owner_after(text: str, match: re.Match[str], person: Named, names: Sequence[Named]) -> str | None:
    """What stands behind the office or behind its holder: "President Ahmed al-Sharaa of Syria"."""
    links = [_OF.match(text, match.end())]
    if person.start >= match.end():
        links.append(_OF_PERSON.match(text, person.end))
    for link in links:
        if link:
            for name in names:
                if name.start == link.end() and name is not person:
                    return person_term(name)
    return None


def _shared_owner(text: str, before: tuple[Holding, re.Match[str]], start: int) -> str | None:
    """ "President A of Syria, intelligence chief B and Foreign Minister C": all three are of Syria."""
    holding, _ = before
    gap = text[holding.end : start]
    gap = re.sub(r"^\sof\s[A-Z][\w'’-]*", "", gap)
    return holding.office.of if _AND_ANOTHER.fullmatch(gap) else None


def _person(
    text: str, match: re.Match[str], start: int, names: Sequence[Named], by_verb: bool
) -> Named | None:
    if not by_verb:
        for name in names:
            if name.start >= match.end() and re.fullmatch(r",?\s", text[match.end() : name.start]):
                return name
        after = _OF.match(text, match.end())
        for owner in names:
            # "The foreign minister of Syria, Faisal Mekdad"
            if after and owner.start == after.end():
                for name in names:
                    gap = text[owner.end : name.start]
                    if name.start > owner.end and gap == ", " and not _starts_clause(text, name):
                        return name
    for name in reversed(names):
        if name.end <= start:
            gap = text[name.end : start]
            if (_BY_VERB if by_verb else _LINK).fullmatch(gap) and gap.strip():
                return name
            if by_verb and gap == " ":
                return name
            return None
    return None


def _starts_clause(text: str, name: Named) -> bool:
    return text[name.end : name.end + 1] not in (",", "", ".") and not text.startswith(" ", name.end)


def _words(text: str, match: re.Match[str], start: int, names: Sequence[Named], kind: str) -> str:
    """An office as it is written, with what it is of."""
    end = match.end()
    if link := _OF.match(text, end):
        for name in names:
            if name.start == link.end():
                end = name.end
    return text[start:end]
