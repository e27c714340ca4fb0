"""Persons whose office the articles tell differently, and offices with different holders."""

import operator
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.asking.conflicts.accounts import Account, Read, arrange
from rag.asking.conflicts.asked import left_over
from rag.asking.conflicts.offices import (
    SINGLE,
    Holding,
    Office,
    find_holdings,
    find_regimes,
    office_named,
    person_term,
)
from rag.asking.questions import Question
from rag.core.records import Article, Conflict
from rag.language.facts.names import Named, find_names, governments
from rag.language.instructions import speaks_to_a_machine
from rag.language.sentences import split_sentences
from rag.language.terms import Lexicon, stem

# What may stand in a question that asks for an office or for its holder, and for nothing else.
_ASKS_OFFICE = frozenset(
    stem(word)
    for word in """office officer post position role job title rank function portfolio duty occupation
    profession hold serve work act occupy government cabinet ministry minister department lead head run
    direct chief president premier prime foreign interior defense defence justice finance intelligence
    spy agency service organization organisation adviser advisor spokesman spokesperson secretary state
    leader ruler name person man woman charge responsible appoint official politician become career do
    king emir director mayor governor ambassador chancellor""".split()
)
_ASKS_HOLDER = _ASKS_OFFICE | frozenset(
    stem(word) for word in "rule govern power command control regime administration country".split()
)
_RULES = re.compile(
    r"\b(?:rul(?:e[sd]?|ing|ers?)|govern(?:s|ed|ing|ment)?|regime|in power|leaders?|leads?|led|"
    r"(?:is|was) in (?:charge|control)|runs?|ran|administration|heads? (?:of state|of government)?)\b",
    re.IGNORECASE,
)
# A question that asks what somebody is.
_ASKS_ROLE = re.compile(
    r"\b(?:offices?|posts?|positions?|roles?|jobs?|titles?|ranks?|functions?|portfolio|ministry|minister"
    r"|occupation|profession)\b|\bwho(?:'s| is| was) (?!the\b)"
    r"|\bwhat (?:is|was|does|did) (?:[\w'’-]+ ){1,3}(?:do|now|today|then)?$",
    re.IGNORECASE,
)
_TELLING = "president minister head chief adviser regime government"
_ASKS_WHO = re.compile(
    r"\bwho(?:se|m)?\b|\bwhat(?:'s| is| was) the name\b|\bwhich\b|\bname the\b", re.IGNORECASE
)
# Whose regime it is rules, whatever the title.
_REGIME = "ruler"


@dataclass(frozen=True, slots=True)
class _Held:
    read: Read
    holding: Holding


def find_role_conflicts(
    question: Question, reads: Sequence[Read], lexicon: Lexicon, beside: Sequence[Article] = ()
) -> Iterator[Conflict]:
    """Of each person whose office is asked for, the offices; of the office whose holder is asked for,
    the holders. A question about something else has none. `beside` are further articles that may
    tell."""
    if not asks_of_roles(question, lexicon):
        return
    names = find_names(question.text, lexicon)
    reads = _whole_articles(reads, beside)
    held = [_Held(read, holding) for read in reads for holding in _holdings(read.text, lexicon)]
    countries = _countries(names, lexicon)
    spelled = [name.text for name in names]
    asks_role = _ASKS_ROLE.search(_bare_question(question, spelled)) and not left_over(
        question, _ASKS_OFFICE, spelled
    )
    for name in names:
        own = [each for each in held if _is_person(each.holding, name)]
        if own and asks_role and (conflict := _offices_of(name, own)):
            yield conflict
    wanted = _office_asked(question.text, countries)
    if wanted and (conflict := _holders_of(wanted, held, reads, lexicon, names)):
        yield conflict


def asks_of_roles(question: Question, lexicon: Lexicon) -> bool:
    """Whether a question may ask for somebody's office or for an office's holder, and nothing else."""
    names = [name.text for name in find_names(question.text, lexicon)]
    if not names or left_over(question, _ASKS_HOLDER, names):
        return False
    asked = _bare_question(question, names)
    return any(asks.search(asked) for asks in (_ASKS_ROLE, _ASKS_WHO))


def terms_to_look_up(question: Question, lexicon: Lexicon) -> list[str]:
    """What to search for, to find the articles that tell who holds an office; nothing for a question
    about something else."""
    if not asks_of_roles(question, lexicon):
        return []
    names = find_names(question.text, lexicon)
    countries = " ".join(
        governments().get(_bare(name.text).replace(" ", "-"), _bare(name.text)) for name in names
    )
    return lexicon.terms(f"{countries} {_TELLING}")


def _bare_question(question: Question, names: Sequence[str]) -> str:
    """A question with a letter for each name: the Jerusalem Post is no post."""
    text = question.text.strip().rstrip("?").strip()
    for name in names:
        text = text.replace(name, "N")
    return text


def _whole_articles(reads: Sequence[Read], beside: Sequence[Article]) -> list[Read]:
    """Every sentence of the articles that were read. Who somebody is stands where the name comes first,
    seldom where the question's other words are."""
    known = {(read.article.sha256, read.start): read for read in reads}
    articles = {article.sha256: article for article in (*(read.article for read in reads), *beside)}
    return [
        known.get((sha256, sentence.start), Read(article, sentence.start, sentence.end, 0.0))
        for sha256, article in articles.items()
        for sentence in split_sentences(article.text, article.title)
        if not sentence.is_heading
        and not speaks_to_a_machine(article.text, sentence.start, sentence.end)
    ]


def _offices_of(name: Named, held: Sequence[_Held]) -> Conflict | None:
    accounts = [Account(each.read, each.holding.words, each.holding.office) for each in held]
    excluded = any(
        one.holding.office.excludes(other.holding.office)
        for place, one in enumerate(held)
        for other in held[place + 1 :]
    )
    return arrange(
        f"the office of {_bare(name.text)}",
        accounts,
        Office.is_same,
        can_disagree=excluded,
    )


def _holders_of(
    wanted: Office,
    held: Sequence[_Held],
    reads: Sequence[Read],
    lexicon: Lexicon,
    names: Sequence[Named],
) -> Conflict | None:
    accounts: list[Account[str]] = []
    known = _countries_of_persons(held)
    for each in held:
        office = each.holding.office
        # "President Sharaa" is of the country that another sentence gives him.
        if office.of is None:
            office = replace(office, of=known.get(each.holding.person))
        if office.of is not None and office.is_same(wanted):
            accounts.append(Account(each.read, each.holding.name, each.holding.person))
    if wanted.kind == _REGIME:
        for read in reads:
            for name, words in find_regimes(read.text, lexicon):
                person = person_term(name)
                if _rules(person, wanted.of or "", read.article, known, lexicon):
                    accounts.append(Account(read, words, person))
    return arrange(_about(wanted, names, held), accounts, operator.eq)


def _about(wanted: Office, names: Sequence[Named], held: Sequence[_Held]) -> str:
    where = next((_bare(name.text) for name in names), "")
    where = governments().get(where.replace(" ", "-"), where)
    what = {
        "ruler": "who rules",
        "spies": "who heads the intelligence of",
        "premier": "the prime minister of",
        "minister": f"the {wanted.subject} minister of",
    }.get(wanted.kind)
    if what is None:
        what = next(
            (
                f"the {each.holding.words.lower()} of"
                for each in held
                if each.holding.office.is_same(wanted)
            ),
            "the office of",
        )
    return f"{what} {where}".rstrip()


def _rules(
    person: str, country: str, article: Article, known: Mapping[str, str], lexicon: Lexicon
) -> bool:
    """Whether a regime named after a person is a country's: the one that the person is said to be of,
    or, where nobody says so, the one that the article names most beside the person and gives no other
    ruler."""
    if person in known:
        return known[person] == country
    if person in _country_terms(lexicon):
        return False
    return _likeliest_country(person, article.text, article.title, lexicon) == country


@lru_cache(maxsize=256)
def _likeliest_country(person: str, text: str, title: str | None, lexicon: Lexicon) -> str | None:
    countries = _country_terms(lexicon)
    beside: Counter[str] = Counter()
    ruled: set[str] = set()
    for sentence in split_sentences(text, title):
        words = text[sentence.start : sentence.end]
        terms = {person_term(name) for name in find_names(words, lexicon)}
        if person in terms:
            beside.update(terms & countries)
        ruled |= {
            holding.office.of
            for holding in _holdings(words, lexicon)
            if holding.office.kind in ("ruler", "premier", "chancellor")
            and holding.office.of
            and holding.person != person
        }
    left = [(count, country) for country, count in beside.items() if country not in ruled]
    return max(left)[1] if left else None


def _countries_of_persons(held: Sequence[_Held]) -> dict[str, str]:
    return {
        each.holding.person: each.holding.office.of
        for each in held
        if each.holding.office.of and each.holding.office.kind in SINGLE
    }


def _office_asked(text: str, countries: AbstractSet[str]) -> Office | None:
    """The office whose holder a question asks for, of one country."""
    if len(countries) != 1 or not re.search(
        r"\bwho(?:se|m)?\b|\bwhat(?:'s| is| was) the name\b|\bwhich\b", text, re.I
    ):
        return None
    (country,) = countries
    office = office_named(text)
    if office is not None:
        return replace(office, of=country) if office.kind in SINGLE else None
    return Office(_REGIME, of=country) if _RULES.search(text) else None


def _countries(names: Sequence[Named], lexicon: Lexicon) -> frozenset[str]:
    """The countries that names stand for; where a government sits stands for its country."""
    found = set()
    for name in names:
        seat = governments().get(_bare(name.text).replace(" ", "-"))
        term = person_term(name)
        if seat:
            found |= {person_term(each) for each in find_names(f"In {seat}", lexicon)}
        else:
            found.add(term)
    return frozenset(found)


@lru_cache(maxsize=8)
def _country_terms(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(
        person_term(name)
        for country in set(governments().values())
        for name in find_names(f"In {country}", lexicon)
    )


def _is_person(holding: Holding, name: Named) -> bool:
    term = person_term(name)
    if holding.person != term:
        return False
    mine, theirs = _bare(name.text).split(), _bare(holding.name).split()
    return len(mine) < 2 or len(theirs) < 2 or name.common is not None or mine[0] == theirs[0]


def _bare(text: str) -> str:
    return re.sub(r"['’]s?$", "", text)


@lru_cache(maxsize=4096)
def _holdings(text: str, lexicon: Lexicon) -> tuple[Holding, ...]:
    return find_holdings(text, lexicon)
