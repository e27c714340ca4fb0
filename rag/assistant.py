"""The asking pipeline: question -> standalone question -> hits -> claims with citations and verdicts
-> answer. The claims are the articles' own sentences, or written by a language model.

Web page, command line and evaluation all call `Assistant.ask`; not streaming is exhausting it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rag.at_moment import (
    describe_moment,
    describe_nothing,
    narrowed,
    newest_first,
    newest_published,
)
from rag.attribution import Attributor
from rag.conflicts.find import find_conflicts, reads_of, terms_to_look_up
from rag.embedding import Encoder
from rag.errors import LanguageModelError, SettingsError
from rag.evidence import ENOUGH, Candidate, Evidence, rarity
from rag.extractive import Findings, find_claims
from rag.followups import stand_alone, stand_alone_with, transcript
from rag.gate import Gate
from rag.generative import Writer, Written
from rag.judge import EncoderJudge, Judge
from rag.moments import Moment, Way, ask_again, find_moment
from rag.opening import open_citation
from rag.pairs import PairReader
from rag.questions import Name, Question, QuestionReader
from rag.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Conflict,
    Considered,
    Correction,
    Draft,
    Event,
    Exchange,
    Filters,
    Hit,
    Likely,
    Method,
    Nearest,
    Opened,
    Retrieved,
    Skipped,
    Understood,
    Verdict,
    Weighed,
)
from rag.reports import group_reports
from rag.retrieval import Retriever, Snapshot, allowed_sources
from rag.sides import ENOUGH_OF_A_SIDE, find_sides
from rag.spelling import respelled
from rag.terms import Lexicon
from rag.verification import Verifier

_OWN_SENTENCES = "These are the articles' own sentences."
# A sentence that is less likely to answer has nothing to do with the question.
_BEARING = 0.1
# How many near passages a reader is shown when the articles do not answer, and how many sentences that
# were read and not chosen.
_NEAREST = 3
_PASSED_OVER = 8
# How many passages are looked up by their words where the articles may differ on who holds an office.
_LOOKED_UP = 24


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
            searched, filters, moment, nothing = _at_its_moment(alone, filters, snapshot)
            sides = find_sides(reader.read_whole(searched), snapshot.articles.values(), filters)
            scopes = sides or tuple((part, filters) for part in reader.read(searched))
            hits = [
                () if nothing else self._retriever.find(part.text, scope, self._hit_count)
                for part, scope in scopes
            ]
        merged = _merged(hits)
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
        likely = _likely(candidates)
        yield Weighed(likely)
        asks = writer is not None and any(map(_bears, parts, candidates))
        if writer and asks:
            with _timed(timings, "write"):
                try:
                    written = yield from writer.write(alone, merged)
                except LanguageModelError as error:
                    notice = str(error)
            if written and _holds(written):
                answer = _written_answer(question, alone, written, merged, writer.model, timings)
                answer = _compared(answer, parts, candidates, snapshot, filters)
                yield _with_trace(_told_when(answer, moment, nothing), merged, likely)
                return
            if written:
                notice = f"What {writer.model} wrote is not borne out by the articles."
        if not asks:
            yield from map(Draft, claims)
        kind = _kind(findings)
        answer = Answer(
            question,
            kind,
            _message(findings, merged, snapshot, nothing),
            claims,
            () if kind is AnswerKind.ANSWERED else _nearest(merged, claims),
            timings,
            standalone=alone if alone != question else None,
            notice=f"{notice} {_OWN_SENTENCES}" if notice and claims else notice,
        )
        answer = _compared(answer, parts, candidates, snapshot, filters)
        if not claims:
            yield from map(Draft, answer.claims)
        yield _with_trace(_told_when(answer, moment, nothing), merged, likely)

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


def _at_its_moment(
    question: str, filters: Filters, snapshot: Snapshot
) -> tuple[str, Filters, Moment | None, str | None]:
    """The question without the words for the moment that it asks about, the filters with it, the
    moment, and, where no article counts for it, that in words."""
    articles = tuple(snapshot.articles.values())
    moment = find_moment(question, newest_published(articles))
    if moment is None or moment.way is Way.LATEST:
        return moment.question if moment else question, filters, moment, None
    own = allowed_sources(articles, filters)
    dated = {a.source for a in articles if a.published and (own is None or a.source in own)}
    at_moment = narrowed(filters, moment)
    try:
        passing = allowed_sources(articles, at_moment) or set()
    except SettingsError:
        # The reader's own dates begin after the moment, or end before it.
        at_moment, passing = filters, set()
    if not moment.is_certain and (not passing or passing >= dated):
        return question, filters, None, None
    if moment.way is Way.SINCE and dated and passing >= dated:
        return question, filters, None, None
    return moment.question, at_moment, moment, None if passing else describe_nothing(moment)


def _told_when(answer: Answer, moment: Moment | None, nothing: str | None) -> Answer:
    """An answer with the moment that it was asked for, and what that did to it."""
    if moment is None:
        return answer
    told = (None if nothing else describe_moment(moment), answer.notice)
    as_of = moment.when if moment.way is Way.UNTIL else None
    return replace(answer, as_of=as_of, notice=" ".join(filter(None, told)) or None)


def _merged(hits: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The hits of all parts of a question, a passage once."""
    merged: dict[str, Hit] = {}
    for found in hits:
        for hit in found:
            merged.setdefault(hit.passage.key, hit)
    return tuple(merged.values())


def _compared(
    answer: Answer,
    parts: Sequence[Question],
    candidates: Sequence[Sequence[Candidate]],
    snapshot: Snapshot,
    filters: Filters,
) -> Answer:
    """An answer with where the articles differ on what is asked, and with the reports that the sources
    its claims cite go back to. Where no sentence alone answers, the accounts that differ do."""
    timings = dict(answer.timings_ms)
    with _timed(timings, "compare"):
        cited = [citation for claim in answer.claims for citation in claim.citations]
        found: dict[Conflict, None] = {}
        # The sides of a question that sets years against each other are one question here.
        together: dict[str, list[Candidate]] = {}
        for part, some in zip(parts, candidates, strict=True):
            together.setdefault(part.text, []).extend(some)
        questions = {part.text: part for part in parts}
        for text, some in together.items():
            reads, lexicon = reads_of(some, cited), snapshot.lexicon
            terms = terms_to_look_up(questions[text], lexicon)
            rows = snapshot.keywords.search(terms, _LOOKED_UP, snapshot.mask(filters)) if terms else ()
            beside = [snapshot.article_of(row) for row, _ in rows]
            found |= dict.fromkeys(find_conflicts(questions[text], reads, lexicon, beside))
        if found and not answer.claims:
            answer = _answered_by(tuple(found), answer)
        sources = dict.fromkeys(c.source for claim in answer.claims for c in claim.citations)
        reports = group_reports([snapshot.articles[source] for source in sources])
    return replace(answer, conflicts=tuple(found), reports=reports, timings_ms=timings)


def _answered_by(conflicts: Sequence[Conflict], answer: Answer) -> Answer:
    """An answer of the first words of every side."""
    firsts = dict.fromkeys(side.citations[0] for conflict in conflicts for side in conflict.sides)
    claims = tuple(Claim(cited.quote, (cited,), Verdict.SUPPORTED) for cited in firsts)
    return replace(
        answer,
        kind=AnswerKind.ANSWERED,
        message=None,
        claims=claims,
        nearest=(),
        method=Method.EXTRACTED,
    )


def _with_trace(answer: Answer, hits: Sequence[Hit], likely: Sequence[Likely]) -> Answer:
    """An answer with what it came about from: the passages, and the sentences that it leaves out."""
    cited = [citation for claim in answer.claims for citation in claim.citations]
    passed_over = [each for each in likely if not any(_meet(each.citation, c) for c in cited)]
    return replace(
        answer,
        considered=tuple(map(Considered.of, hits)),
        passed_over=tuple(passed_over[:_PASSED_OVER]),
    )


def _meet(one: Citation, other: Citation) -> bool:
    """Whether two citations share words of an article."""
    return one.source == other.source and one.start < other.end and other.start < one.end


def _likely(candidates: Sequence[Sequence[Candidate]]) -> tuple[Likely, ...]:
    """The candidates of all parts of a question, best first."""
    every = [candidate for found in candidates for candidate in found]
    every.sort(key=lambda candidate: -candidate.score)
    return tuple(
        Likely(Citation.of(candidate.article, candidate.start, candidate.end), candidate.score)
        for candidate in every
    )


def _bears(part: Question, candidates: Sequence[Candidate]) -> bool:
    """Whether any sentence has to do with a question, and its article with the names of it."""
    return any(
        candidate.score >= _BEARING and part.is_met(candidate.missing) for candidate in candidates
    )


def _holds(written: Written) -> bool:
    """Whether something written is borne out, or the model says that the articles do not say."""
    borne_out = any(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY) for claim in written.claims)
    return borne_out or written.says_nothing


def _written_answer(
    question: str,
    alone: str,
    written: Written,
    hits: Sequence[Hit],
    model: str,
    timings: dict[str, float],
) -> Answer:
    borne_out = any(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY) for claim in written.claims)
    claims = written.claims if borne_out else ()
    kind = AnswerKind.ANSWERED
    message = None
    if not claims:
        kind, message = AnswerKind.NOT_FOUND, f"The articles do not answer this. {_nearest_titles(hits)}"
    elif written.says_nothing:
        kind, message = AnswerKind.PARTIAL, "The articles leave a part of this unanswered."
    notices = []
    if written.left_out:
        notices.append(
            f"{written.left_out} of {len(hits)} passages did not fit into the language model's window."
        )
    if written.dropped:
        notices.append(f"Sentences that the articles do not bear out were left out: {written.dropped}.")
    return Answer(
        question,
        kind,
        message,
        claims,
        () if kind is AnswerKind.ANSWERED else _nearest(hits, claims),
        timings,
        standalone=alone if alone != question else None,
        method=Method.WRITTEN,
        model=model,
        notice=" ".join(notices) or None,
        usage=written.usage,
    )


def _kind(findings: Sequence[Findings]) -> AnswerKind:
    if not any(found.claims for found in findings):
        return AnswerKind.NOT_FOUND
    whole = all(found.claims and not found.unmentioned for found in findings)
    return AnswerKind.ANSWERED if whole else AnswerKind.PARTIAL


def _message(
    findings: Sequence[Findings], hits: Sequence[Hit], snapshot: Snapshot, nothing: str | None
) -> str | None:
    """What is missing, in words; and when all is, what the articles have that comes near. `nothing`
    says why no article may be read."""
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
        said.append(_nearest_titles(hits))
    elif not answered:
        said.append(nothing or "No article passes the filters.")
    return " ".join(dict.fromkeys(said)) or None


def _nearest_titles(hits: Sequence[Hit]) -> str:
    titles = dict.fromkeys(hit.article.title or hit.article.source for hit in hits[:_NEAREST])
    return f"The nearest they come: {'; '.join(titles)}."


def _occurs(name: Name, snapshot: Snapshot) -> bool:
    terms = [name.common] if name.common else name.terms
    return all(snapshot.knows(term) for term in terms)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _nearest(hits: Sequence[Hit], claims: Sequence[Claim]) -> tuple[Nearest, ...]:
    """The best passages that no claim stands in."""
    cited = [citation for claim in claims for citation in claim.citations]
    passages = [
        Nearest(Citation.of(hit.article, hit.passage.start, hit.passage.end), hit.score) for hit in hits
    ]
    near = [each for each in passages if not any(_meet(each.citation, other) for other in cited)]
    return tuple(near[:_NEAREST])


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[stage] = (time.perf_counter() - started) * 1000
