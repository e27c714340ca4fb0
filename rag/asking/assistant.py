"""The asking pipeline: question -> standalone question -> hits -> claims with citations and verdicts
-> answer. The claims are the articles' own sentences, or written by a language model.

Web page, command line and evaluation all call `Assistant.ask`; not streaming is exhausting it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.asking.answers import (
    bears,
    extracted_answer,
    holds_up,
    likely_sentences,
    merge,
    with_trace,
    written_answer,
)
from rag.asking.at_moment import at_its_moment, newest_first, told_when
from rag.asking.comparing import compared
from rag.asking.evidence import ENOUGH, Evidence, rarity
from rag.asking.extractive import find_claims
from rag.asking.followups.rewrites import stand_alone_with
from rag.asking.followups.standalone import stand_alone, transcript
from rag.asking.generative import Writer, Written
from rag.asking.moments import Way, ask_again
from rag.asking.opening import open_citation
from rag.asking.questions import QuestionReader
from rag.asking.sides import ENOUGH_OF_A_SIDE, find_sides
from rag.asking.unanswered import describe_missing
from rag.core.errors import LanguageModelError
from rag.core.records import (
    Article,
    Citation,
    Correction,
    Draft,
    Event,
    Exchange,
    Filters,
    Hit,
    Method,
    Opened,
    Retrieved,
    Skipped,
    Understood,
    Weighed,
)
from rag.index.search import Retriever, Snapshot
from rag.judging.attribution import Attributor
from rag.judging.gate import Gate
from rag.judging.judge import EncoderJudge, Judge
from rag.judging.verification import Verifier
from rag.language.spelling import respelled
from rag.language.terms import Lexicon
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader


@dataclass(frozen=True, slots=True)
class Bench:
    """What judges claims under one lexicon: the names that a corpus knows may change with its index."""

    attributor: Attributor
    verifier: Verifier


MakeJudge = Callable[[EncoderJudge], Judge]
MakeWriter = Callable[[Attributor, Verifier], Writer]


class Assistant:
    """Answers questions about one corpus."""

    def __init__(
        self,
        corpus_dir: Path,
        retriever: Retriever,
        encoder: Encoder,
        pairs: PairReader,
        hit_count: int,
        claim_limit: int,
        make_writer: MakeWriter | None = None,
        make_judge: MakeJudge = lambda bundled: bundled,
        model: str | None = None,
        corrections: Callable[[], Mapping[str, Correction]] = dict,
    ) -> None:
        """Without `make_writer` every answer is extracted; `model` is the name of what writes.
        `corrections` gives what people have put right so far, by source."""
        self._corpus_dir = corpus_dir
        self._retriever = retriever
        self._encoder = encoder
        self._pairs = pairs
        self._hit_count = hit_count
        self._claim_limit = claim_limit
        self._make_writer = make_writer
        self._make_judge = make_judge
        self._corrections = corrections
        self.model = model
        self._held: tuple[Lexicon, Bench] | None = None

    def ask(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        method: Method | None = None,
    ) -> Iterator[Event]:
        """Understood, where the question leans on the history or spells a name as no article does;
        Retrieved; Weighed; a Draft for each claim, and Waited while a model is at work; then the
        Answer.

        By default an answer is written where a language model is set up. What goes wrong with the
        model ends in the extracted answer, with a notice. Raises QuestionError, IndexUnusable,
        SettingsError for dates that are none.
        """
        timings: dict[str, float] = {}
        writer: Writer | None = None
        written: Written | None = None
        notice: str | None = None
        with _timed(timings, "read"):
            snapshot = self._retriever.snapshot()
            bench = self.bench()
            reader = QuestionReader(snapshot.lexicon, snapshot.knows)
            reader.read(question)
            earlier = history[-1].answer.standalone or history[-1].question if history else None
            again = ask_again(question, earlier) if earlier else None
            alone = again or stand_alone(question, history, reader)
            if self._make_writer and method is not Method.EXTRACTED:
                writer = self._make_writer(bench.attributor, bench.verifier)
        # A model is asked only about a question that leans on the history.
        if writer and alone != question and not again:
            with _timed(timings, "understand"):
                try:
                    reply = yield from writer.stand_alone(transcript(history), question)
                    alone = stand_alone_with(reply, question, alone, history)
                except LanguageModelError as error:
                    writer, notice = None, str(error)
        alone = respelled(alone, snapshot.lexicon, snapshot.keywords.nearest_term)
        if alone != question:
            yield Understood(alone)
        with _timed(timings, "retrieve"):
            # Others may have indexed since; from here on one generation is searched and cited.
            snapshot = self._retriever.snapshot()
            articles = tuple(snapshot.articles.values())
            searched, filters, moment, nothing = at_its_moment(alone, filters, articles)
            sides = find_sides(reader.read_whole(searched), articles, filters)
            scopes = sides or tuple((part, filters) for part in reader.read(searched))
            hits = [
                () if nothing else self._retriever.find(part.text, scope, self._hit_count, snapshot)
                for part, scope in scopes
            ]
        merged = merge(hits)
        yield Retrieved(merged)
        # What the articles say themselves comes first: it tells whether there is anything to write
        # about, and stands in where the writing fails.
        with _timed(timings, "judge"):
            evidence = self._evidence(snapshot)
            parts = [part for part, _ in scopes]
            candidates = [
                evidence.candidates(part, found) for part, found in zip(parts, hits, strict=True)
            ]
            enough = ENOUGH_OF_A_SIDE if sides else ENOUGH
            if moment and moment.way is Way.LATEST:
                candidates = [newest_first(found, enough) for found in candidates]
            findings = [
                find_claims(part, found, self._claim_limit, enough)
                for part, found in zip(parts, candidates, strict=True)
            ]
            claims = tuple(
                bench.verifier.rejudged(claim)
                for claim in dict.fromkeys(claim for found in findings for claim in found.claims)
            )
        likely = likely_sentences(candidates)
        yield Weighed(likely)
        asks = writer is not None and any(map(bears, parts, candidates))
        if writer and asks:
            with _timed(timings, "write"):
                try:
                    written = yield from writer.write(alone, merged)
                except LanguageModelError as error:
                    notice = str(error)
            if written and holds_up(written):
                answer = written_answer(question, alone, written, merged, writer.model, timings)
                with _timed(timings, "compare"):
                    answer = compared(answer, parts, candidates, merged, snapshot, filters)
                yield with_trace(told_when(answer, moment, nothing), merged, likely)
                return
            if written:
                notice = f"What {writer.model} wrote is not borne out by the articles."
        if not asks:
            yield from map(Draft, claims)
        missing = describe_missing(findings, merged, snapshot.knows, nothing)
        answer = extracted_answer(question, alone, findings, claims, merged, missing, notice, timings)
        with _timed(timings, "compare"):
            if not nothing:
                answer = compared(answer, parts, candidates, merged, snapshot, filters)
        if not claims:
            yield from map(Draft, answer.claims)
        yield with_trace(told_when(answer, moment, nothing), merged, likely)

    def bench(self) -> Bench:
        """What attributes and judges claims, for the lexicon of now."""
        lexicon = self._retriever.snapshot().lexicon
        if self._held is None or self._held[0] is not lexicon:
            gate, bundled = Gate(lexicon), EncoderJudge(self._encoder, self._pairs, lexicon)
            verifier = Verifier(gate, self._make_judge(bundled))
            self._held = (lexicon, Bench(Attributor(gate, bundled), verifier))
        return self._held[1]

    def search(self, question: str, filters: Filters, count: int) -> tuple[Hit, ...]:
        """The passages that bear on a question, best first."""
        QuestionReader(self._retriever.snapshot().lexicon).read(question)
        return self._retriever.find(question, filters, count)

    def articles(self) -> tuple[Article, ...]:
        """The articles as indexed now, by source."""
        return tuple(self._retriever.snapshot().articles.values())

    def skipped(self) -> tuple[Skipped, ...]:
        return self._retriever.snapshot().skipped

    @property
    def generation(self) -> int:
        """Goes up whenever somebody indexes the corpus anew."""
        return self._retriever.snapshot().manifest.generation

    def open(self, citation: Citation) -> Opened:
        """The cited article as its file is now, and whether the citation still fits it."""
        correction = self._corrections().get(citation.source)
        return open_citation(self._corpus_dir, self._retriever.snapshot(), citation, correction)

    def _evidence(self, snapshot: Snapshot) -> Evidence:
        keywords, size = snapshot.keywords, len(snapshot.passages)
        return Evidence(
            self._encoder,
            self._pairs,
            snapshot.lexicon,
            snapshot.rules,
            lambda term: rarity(size, keywords.document_frequency(term)),
        )


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[stage] = (time.perf_counter() - started) * 1000
