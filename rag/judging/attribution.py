"""From a passage to the words in it that carry a claim: which sentences to cite."""

from collections.abc import Iterable, Sequence

from rag.core.records import Citation, Hit, Span
from rag.judging.gate import Gate, Kind
from rag.judging.support import ReaderJudge
from rag.language.instructions import speaks_to_a_machine
from rag.language.sentences import split_sentences

# A claim rests on so many sentences at most; more would cite the passage at large.
SENTENCES = 3
# A further sentence is cited when it brings this share of the claim's words that were lacking.
_BRINGS = 0.2
# Without a key from whoever wrote it, a claim is only tied to a sentence that comes this near.
NEAR_ENOUGH = 0.45

_MEANT = frozenset({Kind.NUMBER, Kind.DATE, Kind.NAME, Kind.QUOTATION})


class Attributor:
    """Finds the sentences of passages that say what a claim says."""

    def __init__(self, gate: Gate, judge: ReaderJudge) -> None:
        self._gate = gate
        self._judge = judge

    def cite(self, claim: str, hits: Sequence[Hit], least: float = 0.0) -> tuple[Citation, ...]:
        """The sentences of the hits that carry a claim, those that touch as one citation, the best
        first; none when the best comes no nearer than `least`, 0..1."""
        sentences = list(dict.fromkeys(_sentences(hits)))
        if not sentences:
            return ()
        near = self._judge.rank(claim, [sentence.text for sentence in sentences])
        order = sorted(range(len(sentences)), key=lambda place: -near[place])
        if near[order[0]] < least:
            return ()
        chosen = [sentences[order[0]]]
        for place in order[1:]:
            if len(chosen) == SENTENCES:
                break
            more = [*chosen, sentences[place]]
            if self._is_better(claim, chosen, more):
                chosen = more
        return tuple(_joined(chosen))

    def _is_better(self, claim: str, chosen: Sequence[Span], more: Sequence[Span]) -> bool:
        """Whether one more sentence brings a name, number or date that was lacking, or many words."""
        lacking, left = self._lacks(claim, chosen), self._lacks(claim, more)
        if left != lacking:
            return left < lacking
        return (
            self._judge.share(claim, _texts(more)) - self._judge.share(claim, _texts(chosen)) >= _BRINGS
        )

    def _lacks(self, claim: str, sentences: Sequence[Span]) -> int:
        flaws = self._gate.check(claim, tuple(_joined(sentences)))
        return sum(flaw.kind in _MEANT for flaw in flaws)


def _sentences(hits: Sequence[Hit]) -> Iterable[Span]:
    for hit in hits:
        for sentence in split_sentences(hit.article.text, hit.article.title):
            inside = hit.passage.start < sentence.end and sentence.start < hit.passage.end
            spoken = speaks_to_a_machine(hit.article.text, sentence.start, sentence.end)
            if inside and not sentence.is_heading and not spoken:
                yield Span(hit.article, sentence.start, sentence.end)


def _joined(sentences: Sequence[Span]) -> Iterable[Citation]:
    """One citation for each run of sentences with nothing but white space between; the run with the
    first of the sentences comes first."""
    runs: list[list[Span]] = []
    for sentence in sorted(sentences, key=lambda s: (s.article.source, s.start)):
        last = runs[-1][-1] if runs else None
        if (
            last
            and last.article is sentence.article
            and not sentence.article.text[last.end : sentence.start].strip()
        ):
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    runs.sort(key=lambda run: min(sentences.index(sentence) for sentence in run))
    for run in runs:
        yield Span(run[0].article, run[0].start, run[-1].end).citation


def _texts(sentences: Sequence[Span]) -> list[str]:
    return [sentence.text for sentence in sentences]
