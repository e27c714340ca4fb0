"""Hits to claims written by a language model, each tied to the words that carry it and judged. What
fails is given back to the model once, to mend or to drop."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.attribution import NEAR_ENOUGH, Attributor
from rag.dates import readable
from rag.errors import LanguageModelError
from rag.framing import finds_nothing, stated
from rag.instructions import find_instructions
from rag.llm import LanguageModel, Turn
from rag.prompts import NOT_IN_ARTICLES, content_keys, fenced, render
from rag.records import Claim, Hit, Usage, Verdict, Waited
from rag.replies import ReplyReader, Said, read_repairs
from rag.text import words
from rag.tokens import TokenCounter
from rag.verification import Verifier

_LANGUAGE_RULE = "Write in the language of the question."
# Servers add their own marks around a turn.
_SPARE_TOKENS = 64
# While the model is silent, whoever listens is told this often, and may stop.
_BEAT_SECONDS = 0.25
# With less time left than this a second call is not begun.
_LEAST_SECONDS = 2.0
_HELD_BACK = "[A passage that speaks to a machine is held back.]"
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
        """Sizes in tokens of the language model; `total_seconds` for all calls of one answer."""
        self._model = model
        self._counter = counter
        self._attributor = attributor
        self._verifier = verifier
        self._room = window_tokens - reply_tokens - _SPARE_TOKENS
        self._total_seconds = total_seconds
        self._show_unsupported = show_unsupported

    @property
    def model(self) -> str:
        return self._model.name

    def write(self, question: str, hits: Sequence[Hit]) -> Iterator[Claim | Waited | Written]:
        """Each claim as it is finished, judged; then what was written in the end.

        Raises LanguageModelError, also in the middle of a reply.
        """
        until = time.monotonic() + self._total_seconds
        offered = self._offer(question, hits)
        prompt = _prompt(question, offered)
        reader, replied = ReplyReader(offered), list[str]()
        heard: list[tuple[Said, Claim | None]] = []
        for piece in self._reply(prompt, until):
            if not piece:
                yield Waited()
            replied.append(piece)
            for said in reader.feed(piece):
                heard.append((said, self._claim(said, offered, hits)))
                yield from filter(None, [heard[-1][1]])
        for said in reader.finish():
            heard.append((said, self._claim(said, offered, hits)))
            yield from filter(None, [heard[-1][1]])
        # What came before may prove to have been thinking.
        heard = heard[reader.thought :]
        claims = list(dict.fromkeys(claim for _, claim in heard if claim))
        prompts = [prompt]
        failing = [claim for claim in claims if claim.verdict is not Verdict.SUPPORTED]
        mending = _mending(question, offered, failing)
        if (
            failing
            and until - time.monotonic() > _LEAST_SECONDS
            and self._counter.count(mending) <= self._room
        ):
            prompts.append(mending)
            try:
                mended = list[str]()
                for piece in self._reply(mending, until):
                    if not piece:
                        yield Waited()
                    mended.append(piece)
                replied += mended
                claims = self._mended(claims, failing, "".join(mended), offered)
            except LanguageModelError:
                pass  # the verdicts stand
        shown = [claim for claim in claims if self._show_unsupported or _WORTH[claim.verdict]]
        yield Written(
            tuple(shown),
            any(_is_nothing(said.text) for said, _ in heard),
            len(hits) - len(offered),
            len(claims) - len(shown),
            Usage(sum(map(self._counter.count, prompts)), self._counter.count("".join(replied))),
        )

    def stand_alone(self, history: str, question: str) -> str:
        """The model's reply to being asked for a question that stands alone. Raises "
        "LanguageModelError."""
        turn = Turn("user", render("standalone_question", history=history, question=question))
        return "".join(self._model.stream([turn]))

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

    def _reply(self, prompt: str, until: float) -> Iterator[str]:
        """The pieces of a reply, empty ones while the model is silent. Raises LanguageModelError."""
        left = until - time.monotonic()
        return self._model.stream([Turn("user", prompt)], left, beat_seconds=_BEAT_SECONDS)

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
        return self._verifier.judged(said.text, citations)

    def _mended(
        self, claims: Sequence[Claim], failing: Sequence[Claim], reply: str, offered: Mapping[str, Hit]
    ) -> list[Claim]:
        """The claims after the model had one chance: a new wording counts where it holds better."""
        repairs = read_repairs(reply, offered)
        mended: list[Claim] = []
        for claim in claims:
            number = failing.index(claim) + 1 if claim in failing else 0
            if number not in repairs:
                mended.append(claim)
            elif said := repairs[number]:
                again = self._claim(said, offered, list(offered.values()))
                better = again and _WORTH[again.verdict] > _WORTH[claim.verdict]
                mended.append(again if again and better else claim)
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
    return " · ".join(filter(None, (article.title, article.publisher, date)))


def _words(hit: Hit) -> str:
    """The passage without what speaks to a machine in it."""
    text, at = hit.article.text, hit.passage.start
    kept = []
    for start, end in find_instructions(text):
        if start < hit.passage.end and at < end:
            kept += [text[at : max(start, at)], _HELD_BACK]
            at = min(end, hit.passage.end)
    return "".join([*kept, text[at : hit.passage.end]])


def _is_nothing(text: str) -> bool:
    """Whether a sentence says that the articles do not say."""
    same = [w.folded for w in words(text)] == [w.folded for w in words(NOT_IN_ARTICLES)]
    return same or finds_nothing(text)
