"""The prompts: files with $variables, filled in, and passages quoted so that they stay quotes.

One file is one call, all of it said in one turn of the user: some models know no other role.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import count
from string import Template

from rag.core.settings import shipped

# What a model is asked to reply, and what is recognised, when the passages hold no answer.
NOT_IN_ARTICLES = "The articles do not say."

# No vowel, so no key is a word; no 0, 1 or l, which models and people take for one another.
_LETTERS = "bcdfghjkmnpqrstvwxz"
_DIGITS = "23456789"
_MANY_KEYS = 10_000

# Servers that read a turn as text take these for their own marks, and end the turn there.
_TURN_MARKS = re.compile(r"<(?=\||/?s>|/?think|(?:start|end)_of_turn>)|\[(?=/?INST\])")
_RULES = re.compile(r"={3,}")


def render(name: str, **values: str) -> str:
    """The prompt in `prompts/<name>.txt` with its variables filled.

    Raises ValueError when a variable is missing or is none of the prompt's.
    """
    template = _template(name)
    wanted = set(template.get_identifiers())
    if wrong := wanted ^ values.keys():
        unfilled, unknown = sorted(wrong & wanted), sorted(wrong - wanted)
        raise ValueError(f"prompt {name}: not filled {unfilled}, not asked for {unknown}")
    return template.substitute(values)


@cache
def _template(name: str) -> Template:
    return Template((shipped("prompts") / f"{name}.txt").read_text(encoding="utf-8").strip())


def content_keys(identities: Sequence[str]) -> tuple[str, ...]:
    """A short key for each passage, made of what it is, not of where it stands in a list: the model
    cannot count its way to one. Letter, digit, letter, letter; each once within a call."""
    if len(identities) > _MANY_KEYS:
        raise ValueError(f"{len(identities)} passages are too many for keys of four characters")
    taken: dict[str, None] = {}
    for identity in identities:
        key = next(key for key in _keys(identity) if key not in taken)
        taken[key] = None
    return tuple(taken)


def _keys(identity: str) -> Iterator[str]:
    """The keys an identity may have, the first choice first; without end."""
    for attempt in count():
        digest = hashlib.sha256(f"{attempt}\0{identity}".encode(errors="surrogatepass")).digest()
        number = int.from_bytes(digest)
        key = ""
        for characters in (_LETTERS, _DIGITS, _LETTERS, _LETTERS):
            number, place = divmod(number, len(characters))
            key += characters[place]
        yield key


def fenced(passages: Sequence[tuple[str, str, str]]) -> str:
    """Passages (key, heading, text) as a block for a prompt, each between two lines of a fence.

    No text between can end its fence: the mark in it occurs in none of them. What imitates a fence,
    a key or the end of a turn is made harmless; nothing else is changed.
    """
    keys = [key for key, _, _ in passages]
    quoted = [
        (key, " ".join(_harmless(heading, keys).split()), _harmless(text, keys).strip())
        for key, heading, text in passages
    ]
    mark = _absent_mark([part for passage in quoted for part in passage])
    return "\n\n".join(
        f"=== {mark} passage [{key}] {heading}".rstrip() + f"\n{text}\n=== {mark} end [{key}]"
        for key, heading, text in quoted
    )


def _absent_mark(texts: Sequence[str]) -> str:
    """Eight hexadecimal digits that occur in no text; the same for the same texts."""
    digest = hashlib.sha256("\0".join(texts).encode(errors="surrogatepass"))
    while any(digest.hexdigest()[:8] in text.lower() for text in texts):
        digest.update(b"again")
    return digest.hexdigest()[:8]


def _harmless(text: str, keys: Iterable[str]) -> str:
    text = _TURN_MARKS.sub(lambda mark: f"{mark.group()} ", _RULES.sub("==", text))
    if either := "|".join(map(re.escape, keys)):
        text = re.sub(rf"(?<!\w)(?:{either})(?!\w)", "…", text, flags=re.IGNORECASE)
    return text
