"""What a text speaks of, as records: people, groups and things, places, times."""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a phrase speaks of, as far as its words show it."""

    PERSON = auto()
    UNKNOWN = auto()  # one name that may be a person's or an organisation's
    GROUP = auto()
    THING = auto()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that a question speaks of, without what hangs on it ("Kalin", not "Kalin's")."""

    start: int
    end: int
    text: str
    kind: Kind
    is_plural: bool
    is_named: bool
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: the span of "in Damascus", or of "Damascus" alone where it is visited.
    `text` is how it is said of something else that happens there."""

    start: int
    end: int
    text: str
    preposition: str


@dataclass(frozen=True, slots=True)
class Time:
    """When something is: the span of "on May 14", "since 2023", "last week"."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text speaks of, in its order."""

    text: str
    phrases: tuple[Phrase, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[Time, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The question before, and the beginning of its answer."""

    before: Reading
    answer: Reading
