"""The asking pipeline: question -> hits -> claims with citations and verdicts -> answer.

Web page, command line and evaluation all call `Assistant.ask`; not streaming is exhausting it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.embedding import Encoder
from rag.evidence import Evidence, rarity
from rag.extractive import Findings, citation_of, find_claims
from rag.opening import open_citation
from rag.passages import PassageRules
from rag.questions import Name, QuestionReader
from rag.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Draft,
    Event,
    Exchange,
    Filters,
    Hit,
    Nearest,
    Opened,
    Retrieved,
    Skipped,
)
from rag.retrieval import Retriever, Snapshot

# How many near passages a reader is shown when the articles do not answer.
_NEAREST = 3


class Assistant:
    """Answers questions about one corpus."""

    def __init__(
        self,
        corpus_dir: Path,
        retriever: Retriever,
        encoder: Encoder,
        hit_count: int,
        claim_limit: int,
    ) -> None:
        self._corpus_dir = corpus_dir
        self._retriever = retriever
        self._encoder = encoder
        self._hit_count = hit_count
        self._claim_limit = claim_limit

    def ask(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> Iterator[Event]:
        """Retrieved, then a Draft for each claim, then the Answer. Every question stands alone as yet:
        `history` is not read.

        Raises QuestionError, IndexUnusable, SettingsError for dates that are none.
        """
        timings: dict[str, float] = {}
        with _timed(timings, "read"):
            snapshot = self._retriever.snapshot()
            parts = QuestionReader(snapshot.lexicon, snapshot.knows).read(question)
        with _timed(timings, "retrieve"):
            hits = {
                part.text: self._retriever.find(part.text, filters, self._hit_count) for part in parts
            }
        merged = tuple(dict.fromkeys(hit for found in hits.values() for hit in found))
        yield Retrieved(merged)
        with _timed(timings, "judge"):
            evidence = self._evidence(snapshot)
            findings = [
                find_claims(part, evidence.candidates(part, hits[part.text]), self._claim_limit)
                for part in parts
            ]
        claims = tuple(dict.fromkeys(claim for found in findings for claim in found.claims))
        for claim in claims:
            yield Draft(claim)
        kind = _kind(findings)
        yield Answer(
            question,
            kind,
            _message(findings, merged, snapshot),
            claims,
            () if kind is AnswerKind.ANSWERED else _nearest(merged, claims),
            timings,
        )

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
        return open_citation(self._corpus_dir, self._retriever.snapshot(), citation)

    def _evidence(self, snapshot: Snapshot) -> Evidence:
        rules = PassageRules(snapshot.manifest.window_tokens, snapshot.manifest.passage_tokens)
        keywords, size = snapshot.keywords, len(snapshot.passages)
        return Evidence(
            self._encoder,
            snapshot.lexicon,
            rules,
            lambda term: rarity(size, keywords.document_frequency(term)),
        )


def _kind(findings: Sequence[Findings]) -> AnswerKind:
    if not any(found.claims for found in findings):
        return AnswerKind.NOT_FOUND
    whole = all(found.claims and not found.unmentioned for found in findings)
    return AnswerKind.ANSWERED if whole else AnswerKind.PARTIAL


def _message(findings: Sequence[Findings], hits: Sequence[Hit], snapshot: Snapshot) -> str | None:
    """What is missing, in words; and when all is, what the articles have that comes near."""
    answered = [found for found in findings if found.claims]
    said = []
    for found in findings:
        unknown = [name.text for name in found.unmentioned if not _occurs(name, snapshot)]
        if not found.claims:
            said.append(
                f"The articles do not answer: {found.question.text}"
                if answered
                else "The articles do not answer this."
            )
            if unknown:
                said.append(f"They do not mention {_listed(unknown)}.")
        elif found.unmentioned:
            names = _listed([name.text for name in found.unmentioned])
            said.append(f"On this the articles say nothing of {names}.")
    if not answered and hits:
        titles = dict.fromkeys(hit.article.title or hit.article.source for hit in hits[:_NEAREST])
        said.append(f"The nearest they come: {'; '.join(titles)}.")
    elif not answered:
        said.append("No article passes the filters.")
    return " ".join(dict.fromkeys(said)) or None


def _occurs(name: Name, snapshot: Snapshot) -> bool:
    terms = [name.common] if name.common else name.terms
    return all(snapshot.knows(term) for term in terms)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _nearest(hits: Sequence[Hit], claims: Sequence[Claim]) -> tuple[Nearest, ...]:
    """The best passages that no claim stands in."""
    cited = [citation for claim in claims for citation in claim.citations]
    near = [
        Nearest(citation_of(hit.article, hit.passage.start, hit.passage.end), hit.score)
        for hit in hits
        if not any(
            hit.passage.source == citation.source
            and hit.passage.start < citation.end
            and citation.start < hit.passage.end
            for citation in cited
        )
    ]
    return tuple(near[:_NEAREST])


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[stage] = (time.perf_counter() - started) * 1000
