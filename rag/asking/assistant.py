"""The asking pipeline: a question is understood, evidence is gathered, claims are extracted from it or
written by a language model, compared, and make the answer.

Web page, command line and evaluation all call `Assistant.ask`; not streaming is exhausting it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.asking.answer import extracted_answer, finished, write
from rag.asking.compare import compare
from rag.asking.evidence import Evidence
from rag.asking.extract import extract
from rag.asking.gather import gather
from rag.asking.generative import Writer
from rag.asking.questions import QuestionReader
from rag.asking.standing import open_citation
from rag.asking.understand import understand
from rag.core.records import (
    Article,
    Citation,
    Correction,
    Drafted,
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
from rag.core.turns import Turns
from rag.index.search import Retriever, Snapshot
from rag.judging.attribution import Attributor
from rag.judging.gate import Gate
from rag.judging.support import Judge, ReaderJudge
from rag.judging.verification import Verifier
from rag.language.terms import Lexicon
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader


@dataclass(frozen=True, slots=True)
class Bench:
    """What judges claims under one lexicon: the names that a corpus knows may change with its index."""

    attributor: Attributor
    verifier: Verifier


# So many questions are read at once: one keeps the processor busy while another looks things up.
_AT_ONCE = 2

MakeJudge = Callable[[ReaderJudge], Judge]
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
        self._turns = Turns(_AT_ONCE)

    def ask(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        method: Method | None = None,
    ) -> Iterator[Event]:
        """Understood, where the question stands alone in other words; Retrieved; Weighed; a Drafted for
        each claim, and Waited while a model is at work; then the Answer. Without a `method` it is
        written where a language model is set up; what goes wrong with that ends in the extracted answer
        and a notice. Raises QuestionError, IndexUnusable, SettingsError for dates that are none.
        """
        timings: dict[str, float] = {}
        with _timed(timings, "read"):
            snapshot = self._retriever.snapshot()
            bench = self._bench(snapshot.lexicon)
        writer = self._writer(bench, method)
        with _timed(timings, "understand"):
            asked = yield from understand(question, history, filters, snapshot, writer)
        if asked.alone != question:
            yield Understood(asked.alone)
        ticket = self._turns.ticket()
        with self._turns.held(ticket), _timed(timings, "retrieve"):
            gathered = gather(asked, self._retriever, self._hit_count, snapshot)
        yield Retrieved(gathered.hits)
        with self._turns.held(ticket), _timed(timings, "judge"):
            evidence = self._evidence(snapshot)
            extracted = extract(asked, gathered, evidence, self._claim_limit, bench.verifier)
        yield Weighed(extracted.likely)
        # What the articles say themselves tells whether there is anything to write about, and stands in
        # where the writing fails.
        answer = extracted_answer(asked, extracted, gathered, snapshot.knows)
        writer = writer if asked.fault is None and extracted.bears else None
        if writer:
            with _timed(timings, "write"):
                answer = yield from write(writer, asked, gathered, answer)
        with self._turns.held(ticket), _timed(timings, "compare"):
            answer = compare(answer, asked, gathered, extracted, snapshot)
        if not writer:
            yield from map(Drafted, answer.claims)
        yield finished(answer, asked, gathered, extracted, timings)

    def bench(self) -> Bench:
        """What attributes and judges claims, for the lexicon of now."""
        return self._bench(self._retriever.snapshot().lexicon)

    def _bench(self, lexicon: Lexicon) -> Bench:
        if self._held is None or self._held[0] is not lexicon:
            gate, bundled = Gate(lexicon), ReaderJudge(self._encoder, self._pairs, lexicon)
            verifier = Verifier(gate, self._make_judge(bundled))
            self._held = (lexicon, Bench(Attributor(gate, bundled), verifier))
        return self._held[1]

    def _writer(self, bench: Bench, method: Method | None) -> Writer | None:
        if self._make_writer is None or method is Method.EXTRACTED:
            return None
        return self._make_writer(bench.attributor, bench.verifier)

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
        count = self._encoder.count_tokens
        return Evidence(self._pairs, snapshot.lexicon, snapshot.rules, count)


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[stage] = (time.perf_counter() - started) * 1000
