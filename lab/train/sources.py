"""Examples from the public sets whose licences allow training: SQuAD 2, CLAPNQ, RAMDocs, QACC, SciFact
and WiCE, in their authors' own files."""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import bm25s

from lab.evaluation.readers import read_scifact, read_wice
from lab.train.altering import altered, names_in
from lab.train.examples import Example, Span
from lab.train.statements import as_claim
from rag.core.records import Verdict
from rag.language.sentences import split_sentences
from rag.language.terms import Lexicon

# About as many characters as a passage of the index has.
WINDOW = 900
_NUMBER = re.compile(r"^[\d,.%$ ]+\b|\b\d{4}\b")


def all_examples(folder: Path, seed: int) -> Iterator[Example]:
    """The examples of every set in the folder. The same seed gives the same ones."""
    for read in (_squad, _clapnq, _ramdocs, _qacc, _scifact, _wice):
        yield from read(folder, random.Random(f"{seed} {read.__name__}"))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _lines(path: Path) -> list[Any]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _spans(text: str) -> tuple[Span, ...]:
    return tuple((sentence.start, sentence.end) for sentence in split_sentences(text))


def _around(text: str, spans: Sequence[Span], place: int, chance: random.Random) -> tuple[int, int]:
    """The sentences of a window that holds one of them, from and to: as a passage would."""
    first = last = place
    while True:
        sides = []
        if first > 0 and spans[last][1] - spans[first - 1][0] <= WINDOW:
            sides.append("before")
        if last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= WINDOW:
            sides.append("after")
        if not sides:
            return first, last + 1
        if chance.choice(sides) == "before":
            first -= 1
        else:
            last += 1


def _windowed(
    source: str,
    group: str,
    asked: str,
    title: str,
    text: str,
    words: Sequence[Span],
    near: int,
    chance: random.Random,
) -> Example | None:
    """A question over a window of a longer text around the character `near`; `words` are the answer,
    none when the text has none."""
    spans = _spans(text)
    place = next((n for n, (_, end) in enumerate(spans) if near < end), None)
    if place is None:
        return None
    first, last = _around(text, spans, place, chance)
    base, stop = spans[first][0], spans[last - 1][1]
    held = tuple((start - base, end - base) for start, end in words if base <= start and end <= stop)
    sentences = tuple((start - base, end - base) for start, end in spans[first:last])
    bearing = tuple(
        float(any(start < there[1] and there[0] < end for there in held)) for start, end in sentences
    )
    return Example(
        source,
        group,
        asked,
        text[base:stop],
        title,
        answers=float(bool(held)),
        sentences=sentences,
        bearing=bearing,
        words=held,
    )


def _squad(folder: Path, chance: random.Random) -> Iterator[Example]:
    lexicon = Lexicon()
    for path in sorted(folder.glob("squad2/*.json")):
        for article in _json(path)["data"]:
            title = article["title"].replace("_", " ")
            paragraphs = article["paragraphs"]
            contexts = [paragraph["context"] for paragraph in paragraphs]
            held = [lexicon.term_set(context) for context in contexts]
            for number, paragraph in enumerate(paragraphs):
                for record in paragraph["qas"]:
                    yield from _squad_question(
                        article["title"], title, contexts, held, number, record, chance
                    )


def _squad_question(
    group: str,
    title: str,
    contexts: Sequence[str],
    held: Sequence[frozenset[str]],
    number: int,
    record: Any,
    chance: random.Random,
) -> Iterator[Example]:
    question, text = record["question"].strip(), contexts[number]
    shown = title if chance.random() < 0.5 else ""
    found = record["answers"] or record.get("plausible_answers") or []
    spans = sorted({(a["answer_start"], a["answer_start"] + len(a["text"])) for a in found})
    is_answered = bool(record["answers"])
    near = spans[0][0] if spans else chance.randrange(len(text))
    example = _windowed(
        "squad2", group, question, shown, text, spans if is_answered else (), near, chance
    )
    if example:
        yield example
    if is_answered and chance.random() < 0.35:
        # Another paragraph of the article, the one with most of the question's words.
        wanted = Lexicon().term_set(question)
        answer = found[0]["text"].lower()
        others = [
            place
            for place, context in enumerate(contexts)
            if place != number and answer not in context.lower()
        ]
        if others:
            other = max(others, key=lambda place: (len(wanted & held[place]), -place))
            wrong = _windowed(
                "squad2",
                group,
                question,
                shown,
                contexts[other],
                (),
                chance.randrange(len(contexts[other])),
                chance,
            )
            if wrong:
                yield wrong
    if found and example and chance.random() < 0.6:
        answer = found[0]["text"]
        supported = float(is_answered)
        if is_answered and chance.random() < 0.5:
            wrong_answer = _another_of_its_kind(answer, example.text, chance)
            if wrong_answer:
                answer, supported = wrong_answer, 0.0
        yield Example(
            "squad2",
            group,
            as_claim(question, answer),
            example.text,
            shown,
            supports=supported,
            sentences=example.sentences,
            bearing=example.bearing if supported else None,
            weight=0.7,
        )


def _another_of_its_kind(answer: str, text: str, chance: random.Random) -> str | None:
    """Another number where a number is the answer, another name where a name is."""
    if _NUMBER.search(answer):
        offered = [m for m in re.findall(r"\b\d[\d,.]*\d\b|\b\d\b", text) if m not in answer]
    elif answer[:1].isupper():
        offered = [
            m.group() for m in names_in(text) if m.group() not in answer and answer not in m.group()
        ]
    else:
        return None
    return chance.choice(offered) if offered else None


def _clapnq(folder: Path, chance: random.Random) -> Iterator[Example]:
    records = [r for path in sorted(folder.glob("clapnq/*.jsonl")) for r in _lines(path)]
    for record in records:
        question, passage = record["input"], record["passages"][0]
        text, title = passage["text"], passage["title"]
        sentences = []
        at = 0
        for sentence in passage["sentences"]:
            found = text.find(sentence, at)
            if found >= 0:
                sentences.append((found, found + len(sentence)))
                at = found + len(sentence)
        output = record["output"][0]
        chosen = {s.strip() for s in output.get("selected_sentences") or []}
        bearing = tuple(float(text[start:end].strip() in chosen) for start, end in sentences)
        answer = output["answer"].strip()
        if chosen and not any(bearing):
            continue
        common = {"title": title, "sentences": tuple(sentences), "bearing": bearing}
        yield Example(
            "clapnq", record["id"], question, text, answers=float(bool(answer)), weight=2.0, **common
        )
        if not answer:
            continue
        for start, end in _spans(answer):
            said = answer[start:end]
            yield Example("clapnq", record["id"], said, text, supports=1.0, weight=1.5, **common)
            for _ in range(2):
                if false := altered(said, text, chance):
                    yield Example(
                        "clapnq",
                        record["id"],
                        false,
                        text,
                        title,
                        supports=0.0,
                    )


def _ramdocs(folder: Path, chance: random.Random) -> Iterator[Example]:
    for path in sorted(folder.glob("ramdocs/*.jsonl")):
        for record in _lines(path):
            question = record["question"]
            for document in record["documents"]:
                text, answer = document["text"], document.get("answer") or ""
                is_noise = document["type"] == "noise" or answer.lower() in ("", "unknown")
                words = [] if is_noise else [m.span() for m in re.finditer(re.escape(answer), text)]
                if not is_noise and not words:
                    continue
                spans = _spans(text)
                yield Example(
                    "ramdocs",
                    question,
                    question,
                    text,
                    answers=float(not is_noise),
                    sentences=spans,
                    bearing=tuple(float(any(s <= start < e for start, _ in words)) for s, e in spans),
                    words=tuple(words),
                )


def _qacc(folder: Path, chance: random.Random) -> Iterator[Example]:
    for path in sorted(folder.glob("qacc/*.json")):
        for record in _json(path):
            question = record["question"]
            answers, listed = [], set()
            for order in ("first", "second", "third", "fourth"):
                answer, places = record.get(f"{order}Answer"), record.get(f"{order}Context")
                if isinstance(answer, str) and isinstance(places, str):
                    answers.append(answer.strip())
                    listed |= {ord(letter) - ord("A") for letter in re.findall(r"[A-Z]", places)}
            others = []
            for place, text in enumerate(record["contexts"]):
                text = text.replace("\xa0", " ").strip()
                words = tuple(
                    m.span()
                    for a in answers
                    if a
                    for m in re.finditer(re.escape(a), text, re.IGNORECASE)
                )
                if place in listed and words:
                    spans = _spans(text)
                    bearing = tuple(float(any(s <= at < e for at, _ in words)) for s, e in spans)
                    yield Example(
                        "qacc",
                        question,
                        question,
                        text,
                        answers=1.0,
                        sentences=spans,
                        bearing=bearing,
                        words=words,
                        weight=0.7,
                    )
                elif place in listed:
                    yield Example("qacc", question, question, text, answers=1.0, weight=0.5)
                elif not words:
                    others.append(text)
            for text in chance.sample(others, min(2, len(others))):
                spans = _spans(text)
                yield Example(
                    "qacc",
                    question,
                    question,
                    text,
                    answers=0.0,
                    sentences=spans,
                    bearing=(0.0,) * len(spans),
                    words=(),
                    weight=0.5,
                )


def _scifact(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Claims are learned from the training file alone, whatever abstract they cite."""
    path = folder / "scifact" / "claims_train.jsonl"
    if not path.exists():
        return
    abstracts = {r["_id"]: r for r in _lines(path.with_name("corpus.jsonl.gz"))}
    keys = list(abstracts)
    lexicon = Lexicon()
    searched = bm25s.BM25()
    searched.index(
        [lexicon.terms(f"{r['title']} {r['text']}") for r in abstracts.values()], show_progress=False
    )
    for case in read_scifact(path):
        abstract = abstracts[case.key.rpartition("-")[2]]
        text, spans = _joined(abstract["sentences"])
        bearing_places = {place for way in case.supporting for place in way}
        bears = bool(case.supporting)
        bearing = tuple(float(place in bearing_places) for place in range(len(spans)))
        supported = float(case.verdict is Verdict.SUPPORTED)
        text, spans, bearing = _cut(text, spans, bearing, chance)
        yield Example(
            "scifact",
            case.key,
            case.claim,
            text,
            abstract["title"],
            answers=float(bears),
            supports=supported,
            sentences=spans,
            bearing=bearing,
            weight=1.5,
        )
        if not bears:
            continue
        if supported and (false := altered(case.claim, text, chance)):
            yield Example("scifact", case.key, false, text, abstract["title"], supports=0.0)
        rows, _ = searched.retrieve([lexicon.terms(case.claim)], k=12, show_progress=False)
        cited = {case.key.rpartition("-")[2]}
        offered = [keys[row] for row in rows[0] if keys[row] not in cited]
        for key in chance.sample(offered, 2):
            text, spans = _joined(abstracts[key]["sentences"])
            text, spans, bearing = _cut(text, spans, (0.0,) * len(spans), chance)
            yield Example(
                "scifact",
                case.key,
                case.claim,
                text,
                abstracts[key]["title"],
                answers=0.0,
                supports=0.0,
                sentences=spans,
                bearing=bearing,
            )


def _joined(sentences: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    text, spans = "", []
    for sentence in sentences:
        text += " " if text else ""
        spans.append((len(text), len(text) + len(sentence.strip())))
        text += sentence.strip()
    return text, tuple(spans)


def _cut(
    text: str, spans: tuple[Span, ...], bearing: tuple[float, ...], chance: random.Random
) -> tuple[str, tuple[Span, ...], tuple[float, ...]]:
    """A long text without sentences that bear nothing, until it fits a window."""
    kept = list(range(len(spans)))
    while sum(spans[n][1] - spans[n][0] for n in kept) > WINDOW * 1.25:
        idle = [n for n in kept if not bearing[n]]
        if not idle:
            break
        # From the ends, so that what is left mostly stays together.
        kept.remove(idle[0] if chance.random() < 0.5 else idle[-1])
    made, places = _joined([text[spans[n][0] : spans[n][1]] for n in kept])
    return made, places, tuple(bearing[n] for n in kept)


def _wice(folder: Path, chance: random.Random) -> Iterator[Example]:
    lexicon = Lexicon()
    for path in sorted(folder.glob("wice/claim_*.jsonl")):
        for case in read_wice(path):
            terms = lexicon.term_set(case.claim)
            shares = [len(terms & lexicon.term_set(sentence)) for sentence in case.evidence]
            supported = float(case.verdict is Verdict.SUPPORTED)
            soft = supported if case.verdict is not Verdict.PARTLY else 0.2
            ways = [*dict.fromkeys(frozenset(way) for way in case.supporting)] or [frozenset[int]()]
            for way in ways[:2]:
                order = sorted(range(len(shares)), key=lambda n: (n not in way, -shares[n], n))
                kept: list[int] = []
                size = 0
                for place in order:
                    if size + len(case.evidence[place]) > WINDOW * 1.25 and kept:
                        break
                    kept.append(place)
                    size += len(case.evidence[place])
                kept.sort()
                text, spans = _joined([case.evidence[n] for n in kept])
                bearing = tuple(float(n in way) for n in kept) if way else None
                yield Example(
                    "wice",
                    case.group,
                    case.claim,
                    text,
                    supports=soft,
                    sentences=spans,
                    bearing=bearing,
                    weight=2.0 / len(ways[:2]),
                )
                if supported:
                    for _ in range(2):
                        if false := altered(case.claim, text, chance):
                            yield Example("wice", case.group, false, text, supports=0.0)
                    # Without what supports it, it is not supported.
                    rest = [n for n in kept if not any(n in each for each in ways)]
                    if len(rest) > 1:
                        text, spans = _joined([case.evidence[n] for n in rest])
                        yield Example(
                            "wice",
                            case.group,
                            case.claim,
                            text,
                            supports=0.0,
                            sentences=spans,
                            bearing=(0.0,) * len(rest),
                            weight=0.7,
                        )
