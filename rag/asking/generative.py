"""Hits to claims written by a language model, each tied to the words that carry it and judged. What
fails is given back to the model once, to mend or to drop."""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from rag.asking.replies.keys import Said
from rag.asking.replies.reader import ReplyReader, read_repairs
from rag.core.dates import readable
from rag.core.errors import LanguageModelError
from rag.core.records import Claim, Drafted, Hit, Usage, Verdict, Waited
from rag.judging.attribution import NEAR_ENOUGH, Attributor
from rag.judging.verification import Verifier
from rag.language.framing import finds_nothing, stated
from rag.language.instructions import find_instructions, is_instruction
from rag.language.terms import STOP_WORDS
from rag.language.text import words
from rag.models.llm import LanguageModel, Turn
from rag.models.prompts import NOT_IN_ARTICLES, content_keys, fenced, render
from rag.models.tokens import TokenCounter

_LANGUAGE_RULE = "Write in the language of the question."
# Servers add their own marks around a turn.
_SPARE_TOKENS = 64
# Whoever listens is told this often that the model is at work, and may stop.
_BEAT_SECONDS = 0.25
# With less time left than this a second call is not begun.
_LEAST_SECONDS = 2.0
_HELD_BACK = "[A passage that speaks to a machine is held back.]"
_NO_STATEMENT = "This is no whole sentence: it states nothing that the cited words could bear out."
_BEING = frozenset("am are be been did do does had has have is was were will would".split())
_WORTH = {Verdict.SUPPORTED: 2, Verdict.PARTLY: 1, Verdict.UNSUPPORTED: 0, Verdict.CONFLICTING: 0}


@dataclass(frozen=True, slots=True)
class Written:
    """What a model made of the hits. `says_nothing`: it found a part of the question, or all of it,
    unanswered. `left_out` hits did not fit into its window; `dropped` claims did not hold."""

    claims: tuple[Claim, ...]
    says_nothing: bool
    left_out: int
    dropped: int
    usage: Usage


class Writer:
    """Writes one answer. The time allowed and the tokens are those of all its calls together."""

    def __init__(
        self,
        model: LanguageModel,
        counter: TokenCounter,
        attributor: Attributor,
        verifier: Verifier,
        *,
        window_tokens: int,
        reply_tokens: int,
        total_seconds: float,
        show_unsupported: bool,
    ) -> None:
        """Sizes in tokens of the language model; the `total_seconds` begin now."""
        self._model = model
        self._counter = counter
        self._attributor = attributor
        self._verifier = verifier
        self._room = window_tokens - reply_tokens - _SPARE_TOKENS
        self._until = time.monotonic() + total_seconds
        self._show_unsupported = show_unsupported
        self._prompts: list[str] = []
        self._replied: list[str] = []

    @property
    def model(self) -> str:
        return self._model.name

    def stand_alone(self, history: str, question: str) -> Generator[Waited, None, str]:
        """What the model makes of a question that leans on a history; nothing where the two do not
        fit into its window. Raises LanguageModelError."""
        prompt = render("standalone_question", history=history, question=question)
        if self._counter.count(prompt) > self._room:
            return ""
        return (yield from self._whole_reply(prompt))

    def write(self, question: str, hits: Sequence[Hit]) -> Generator[Drafted | Waited, None, Written]:
        """Each claim as it is finished, judged; in the end what was written.

        Raises LanguageModelError, also in the middle of a reply.
        """
        offered = self._offer(question, hits)
        reader = ReplyReader(offered)
        heard: list[tuple[Said, Claim | None]] = []
        for piece in self._reply(_prompt(question, offered)):
            if isinstance(piece, Waited):
                yield piece
                continue
            for said in reader.feed(piece):
                heard.append((said, self._claim(said, offered, hits)))
                yield from map(Drafted, filter(None, [heard[-1][1]]))
        for said in reader.finish():
            heard.append((said, self._claim(said, offered, hits)))
            yield from map(Drafted, filter(None, [heard[-1][1]]))
        # What came before may prove to have been thinking.
        heard = heard[reader.thought :]
        claims = list(dict.fromkeys(claim for _, claim in heard if claim))
        claims = yield from self._mended(question, claims, offered)
        shown = [claim for claim in claims if self._show_unsupported or _WORTH[claim.verdict]]
        count = self._counter.count
        return Written(
            tuple(shown),
            any(_is_nothing(said.text) for said, _ in heard),
            len(hits) - len(offered),
            len(claims) - len(shown),
            Usage(sum(map(count, self._prompts)), count("".join(self._replied))),
        )

    def _offer(self, question: str, hits: Sequence[Hit]) -> Mapping[str, Hit]:
        """The best hits that fit into the window together, by their keys."""
        keys = content_keys([hit.passage.key for hit in hits])
        left = self._room - self._counter.count(_prompt(question, {}))
        offered: dict[str, Hit] = {}
        for key, hit in zip(keys, hits, strict=True):
            left -= self._counter.count(_quoted({key: hit}))
            if left < 0:
                break
            offered[key] = hit
        if not offered:
            raise LanguageModelError(
                "Not one passage fits into the language model's window. Raise "
                "SOURCELINE_LLM_WINDOW_TOKENS to what the model takes, or lower "
                "SOURCELINE_LLM_REPLY_TOKENS."
            )
        return offered

    def _reply(self, prompt: str) -> Iterator[str | Waited]:
        """The pieces of a reply, and a Waited for every moment it takes, so that whoever listens can
        stop while nothing is finished. Raises LanguageModelError."""
        self._prompts.append(prompt)
        told, left = time.monotonic(), self._until - time.monotonic()
        turns = [Turn("user", prompt)]
        with closing(self._model.stream(turns, left, beat_seconds=_BEAT_SECONDS)) as pieces:
            for piece in pieces:
                if not piece or time.monotonic() - told >= _BEAT_SECONDS:
                    told = time.monotonic()
                    yield Waited()
                self._replied.append(piece)
                yield piece

    def _whole_reply(self, prompt: str) -> Generator[Waited, None, str]:
        pieces = list[str]()
        for piece in self._reply(prompt):
            if isinstance(piece, Waited):
                yield piece
            else:
                pieces.append(piece)
        return "".join(pieces)

    def _claim(self, said: Said, offered: Mapping[str, Hit], hits: Sequence[Hit]) -> Claim | None:
        """What was said with the words it rests on. Without a key it is tied to what comes nearest, or
        to nothing; a key that was never given points nowhere."""
        if not stated(said.text) or _is_nothing(said.text):
            return None
        keyed = [offered[key] for key in said.keys]
        if keyed:
            citations = self._attributor.cite(said.text, keyed)
        else:
            citations = self._attributor.cite(said.text, hits, NEAR_ENOUGH)
        if citations and _only_names(said.text):
            return Claim(said.text, citations, Verdict.UNSUPPORTED, _NO_STATEMENT)
        return self._verifier.judged(said.text, citations)

    def _mended(
        self, question: str, claims: list[Claim], offered: Mapping[str, Hit]
    ) -> Generator[Waited, None, list[Claim]]:
        """The claims after the model had one chance to mend or drop those that fail. A new wording
        counts where it holds better; one that states nothing drops the claim."""
        failing = [claim for claim in claims if claim.verdict is not Verdict.SUPPORTED]
        prompt = _mending(question, offered, failing)
        left = self._until - time.monotonic()
        if not failing or left < _LEAST_SECONDS or self._counter.count(prompt) > self._room:
            return claims
        try:
            reply = yield from self._whole_reply(prompt)
        except LanguageModelError:
            return claims  # the verdicts stand
        repairs = read_repairs(reply, offered)
        mended: list[Claim] = []
        for claim in claims:
            number = failing.index(claim) + 1 if claim in failing else 0
            if number not in repairs:
                mended.append(claim)
            elif (said := repairs[number]) and (
                again := self._claim(said, offered, list(offered.values()))
            ):
                mended.append(max(claim, again, key=lambda each: _WORTH[each.verdict]))
        return list(dict.fromkeys(mended))


def _prompt(question: str, offered: Mapping[str, Hit]) -> str:
    return render(
        "write_answer",
        question=question,
        passages=_quoted(offered),
        not_in_articles=NOT_IN_ARTICLES,
        language_rule=_LANGUAGE_RULE,
    )


def _mending(question: str, offered: Mapping[str, Hit], failing: Sequence[Claim]) -> str:
    failures = "\n".join(
        f"{number}: {claim.text}\n   Reason: {claim.reason}" for number, claim in enumerate(failing, 1)
    )
    return render(
        "repair_answer",
        question=question,
        passages=_quoted(offered),
        failures=failures,
        language_rule=_LANGUAGE_RULE,
    )


def _quoted(offered: Mapping[str, Hit]) -> str:
    return fenced([(key, _heading(hit), _words(hit)) for key, hit in offered.items()])


def _heading(hit: Hit) -> str:
    article = hit.article
    date = readable(article.published) if article.published else "no date"
    credits = [each for each in (article.title, article.publisher) if each]
    return " · ".join([*(each for each in credits if not is_instruction(each)), date])


def _words(hit: Hit) -> str:
    """The passage without what speaks to a machine in it."""
    text, at = hit.article.text, hit.passage.start
    kept = []
    for start, end in find_instructions(text):
        if start < hit.passage.end and at < end:
            kept += [text[at : max(start, at)], _HELD_BACK]
            at = min(end, hit.passage.end)
    return "".join([*kept, text[at : hit.passage.end]])


def _only_names(text: str) -> bool:
    """Whether a sentence holds nothing but names, numbers and what they count: "Christopher Landau.",
    "26 people." Such words stand in many a source that does not answer the question."""
    found = words(text)
    if any(word.folded in _BEING for word in found):
        return False
    return not any(
        text[word.start] == text[word.start].lower()
        and not text[word.start].isdigit()
        and len(word.folded) > 2
        and word.folded not in STOP_WORDS
        and not (place and text[found[place - 1].start].isdigit())
        for place, word in enumerate(found)
    )


def _is_nothing(text: str) -> bool:
    """Whether a sentence says that the articles do not say."""
    same = [w.folded for w in words(text)] == [w.folded for w in words(NOT_IN_ARTICLES)]
    return same or finds_nothing(text)
