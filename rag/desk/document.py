"""A briefing as a document: its sentences with numbered footnotes, its sources, a line on its verdicts.
And the edit of a sentence, which turns its verdict. It knows no file format and no page."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.core.dates import readable
from rag.core.errors import RagError
from rag.core.records import Answer, Citation, Conflict, Opened, Standing, Verdict
from rag.core.wording import counted, describe_conflict
from rag.desk.briefings import UNTITLED
from rag.desk.entries import Entry, EntryKind, Unreadable, difference, heading, missing, sentence
from rag.judging.verification import Verifier
from rag.loading.decoding import clean

VERDICT_WORDS = {
    Verdict.SUPPORTED: "supported",
    Verdict.PARTLY: "partly supported",
    Verdict.UNSUPPORTED: "unsupported",
    Verdict.CONFLICTING: "conflicting",
}
LABELS = {
    EntryKind.NOTE: "Note by the author",
    EntryKind.MISSING: "Missing",
    EntryKind.DIFFERENCE: "Sources differ",
}
# What an answer said of the articles, which no sentence of theirs says.
FINDINGS = (EntryKind.MISSING, EntryKind.DIFFERENCE)
STANDING_WORDS = {
    Standing.SAME: None,
    Standing.CHANGED: "The file has changed since; the quotes stand here as they were.",
    Standing.GONE: "The file is no longer in the folder; the quotes stand here as they were.",
    None: "Whether the file is still the same could not be checked.",
}
_DAMAGED = "An entry that stood here is damaged and cannot be read."
# Characters that no XML holds, and those that turn the direction of the words behind them.
_UNWANTED = re.compile("[\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A citation under its number, counted from 1. `same_as` is the number of an earlier footnote with
    the same words of the same file, or None."""

    number: int
    quote: str
    title: str | None
    publisher: str | None
    date: str | None
    file: str
    same_as: int | None = None

    @property
    def credits(self) -> str:
        """`Title, Publisher, May 2025, file.md`"""
        return ", ".join(filter(None, (self.title, self.publisher, self.date, self.file)))

    @property
    def words(self) -> str:
        if self.same_as is not None:
            return f"As in note {self.same_as}."
        return f"“{self.quote}” {self.credits}"


@dataclass(frozen=True, slots=True)
class Line:
    """A heading or a paragraph. `label` says what it is where that is not a sentence of an answer;
    `marks` are what the reader must know of a sentence, in words."""

    kind: EntryKind
    text: str
    label: str | None = None
    footnotes: tuple[Footnote, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An article that is cited. `note` is what a reader must know of its text, `standing` what has
    become of its file, in words, or None."""

    title: str | None
    publisher: str | None
    date: str | None
    file: str
    note: str | None
    standing: str | None

    @property
    def credits(self) -> str:
        return ", ".join(filter(None, (self.title, self.publisher, self.date, self.file)))


@dataclass(frozen=True, slots=True)
class Document:
    """A briefing ready for any format: plain words, no control characters. `made` says when and of
    which articles, `verdicts` how many sentences of each verdict there are."""

    title: str
    made: str
    made_on: date
    lines: tuple[Line, ...]
    sources: tuple[Source, ...]
    verdicts: str


def edited(entry: Entry, text: str, open_verifier: Callable[[], Verifier]) -> Entry:
    """An entry in other words, a sentence judged anew against the words that it cites; the verifier is
    opened for that alone.

    What an answer said of the articles becomes a note when somebody rewords it. Raises RagError for an
    entry without words.
    """
    text = clean(text).strip()
    if not text:
        raise RagError("An entry needs words. Remove it if you do not want it.")
    if entry.kind in FINDINGS and text != entry.text:
        return replace(entry, kind=EntryKind.NOTE, text=text)
    if entry.kind is not EntryKind.SENTENCE:
        return replace(entry, text=text)
    if text == entry.text:
        return entry
    judgement = open_verifier().judge(text, entry.citations)
    return replace(entry, text=text, verdict=judgement.verdict, reason=judgement.reason)


def entries_of(answer: Answer) -> tuple[Entry, ...]:
    """What of an answer is kept: its sentences, where it says that the articles differ, and what it
    says that they do not tell."""
    question = answer.question
    return (
        *(sentence(claim, question) for claim in answer.claims),
        *(difference_of(conflict, question) for conflict in answer.conflicts),
        *((missing(answer.message, question),) if answer.message else ()),
    )


def difference_of(conflict: Conflict, question: str) -> Entry:
    """Where the articles differ, as it is kept: in words, with the citations of every side."""
    citations = tuple(citation for side in conflict.sides for citation in side.citations)
    return difference(describe_conflict(conflict), citations, question)


def entries_of_questions(answered: Iterable[tuple[str, Answer | str]]) -> tuple[Entry, ...]:
    """Each question as a heading with what it came to below; words stand in for an answer that could
    not be given."""
    entries: list[Entry] = []
    for question, answer in answered:
        entries.append(heading(question))
        entries += entries_of(answer) if isinstance(answer, Answer) else (missing(answer, question),)
    return tuple(entries)


def make_document(
    title: str,
    entries: Sequence[Entry | Unreadable],
    corpus: str,
    made_on: date,
    open_citation: Callable[[Citation], Opened],
) -> Document:
    """The document of a briefing. What a citation says stands in it whatever became of its file."""
    lines: list[Line] = []
    numbers: dict[tuple[str, str], int] = {}
    count = 0
    for entry in entries:
        if isinstance(entry, Unreadable):
            lines.append(Line(EntryKind.MISSING, _DAMAGED, "Unreadable"))
            continue
        footnotes = []
        for citation in entry.citations:
            count += 1
            first = numbers.setdefault((citation.source, citation.quote), count)
            footnotes.append(_footnote(count, citation, first if first != count else None))
        text = _on_one_line(entry.text) if entry.kind is EntryKind.HEADING else _plain(entry.text)
        if not text.strip() and entry.kind is not EntryKind.SENTENCE:
            continue
        lines.append(Line(entry.kind, text, LABELS.get(entry.kind), tuple(footnotes), _marks(entry)))
    readable_entries = [entry for entry in entries if isinstance(entry, Entry)]
    day = readable(made_on.isoformat())
    return Document(
        _on_one_line(title) or UNTITLED,
        f"Made on {day} from the articles in “{_on_one_line(corpus)}”.",
        made_on,
        tuple(lines),
        _sources(readable_entries, open_citation),
        describe_verdicts(entries),
    )


def _footnote(number: int, citation: Citation, same_as: int | None) -> Footnote:
    return Footnote(number, _plain(citation.quote), *_credits(citation), same_as)


def _credits(citation: Citation) -> tuple[str | None, str | None, str | None, str]:
    """Title, publisher, date and file."""
    day = _on_one_line(readable(citation.published)) if citation.published else None
    title = _on_one_line(citation.title) if citation.title else None
    publisher = _on_one_line(citation.publisher) if citation.publisher else None
    return title, publisher, day, _on_one_line(citation.source)


def _marks(entry: Entry) -> tuple[str, ...]:
    if entry.kind is EntryKind.DIFFERENCE and not entry.citations:
        return ("no source",)
    if entry.kind is not EntryKind.SENTENCE:
        return ()
    marks = []
    verdict = verdict_of(entry)
    if not entry.citations:
        marks.append("no source")
    elif verdict is None:
        marks.append("not judged")
    if verdict not in (None, Verdict.SUPPORTED):
        reason = f": {_on_one_line(entry.reason)}" if entry.reason else ""
        marks.append(VERDICT_WORDS[verdict] + reason)
    if entry.is_edited:
        marks.append("edited")
    return tuple(marks)


def verdict_of(entry: Entry) -> Verdict | None:
    """The verdict that may be shown: a sentence that cites nothing was judged against nothing, whatever
    is stored of it, and can be unsupported alone."""
    is_earned = entry.citations or entry.verdict is Verdict.UNSUPPORTED
    return entry.verdict if is_earned else None


def _sources(
    entries: Iterable[Entry], open_citation: Callable[[Citation], Opened]
) -> tuple[Source, ...]:
    """Each cited article once, in the order of the first citation."""
    cited: dict[str, list[Citation]] = {}
    for entry in entries:
        for citation in entry.citations:
            cited.setdefault(citation.source, []).append(citation)
    return tuple(_source(tuple(dict.fromkeys(citations)), open_citation) for citations in cited.values())


def _source(citations: Sequence[Citation], open_citation: Callable[[Citation], Opened]) -> Source:
    found = []
    for citation in citations:
        try:
            found.append(open_citation(citation))
        except RagError:  # without an index nothing can be compared; the words still stand
            return Source(*_credits(citations[0]), None, STANDING_WORDS[None])
    standing = max((opened.standing for opened in found), key=list(Standing).index)
    note = next((opened.article.note for opened in found if opened.article), None)
    return Source(
        *_credits(citations[0]), _on_one_line(note) if note else None, STANDING_WORDS[standing]
    )


def describe_verdicts(entries: Sequence[Entry | Unreadable]) -> str:
    """`3 sentences: 2 supported, 1 unsupported. 1 was edited … A verdict judges …`"""
    readable_entries = [entry for entry in entries if isinstance(entry, Entry)]
    damaged = len(entries) - len(readable_entries)
    sentences = [entry for entry in readable_entries if entry.kind is EntryKind.SENTENCE]
    if not sentences:
        told = ["No sentence of an answer stands in this briefing."]
    else:
        counts = [
            (sum(verdict_of(entry) is verdict for entry in sentences), word)
            for verdict, word in (*VERDICT_WORDS.items(), (None, "not judged"))
        ]
        told = [
            f"{counted(len(sentences), 'sentence')}: "
            + ", ".join(f"{count:,} {word}" for count, word in counts if count)
            + "."
        ]
        if changed := sum(entry.is_edited for entry in sentences):
            verb = "was" if changed == 1 else "were"
            told.append(f"{changed:,} {verb} edited after being taken from an answer.")
        told.append("A verdict judges a sentence against the words it cites, and nothing else.")
    if damaged:
        told.append(f"{counted(damaged, 'entry', 'entries')} could not be read.")
    return " ".join(told)


def _plain(text: str) -> str:
    return _UNWANTED.sub("", clean(text))


def _on_one_line(text: str) -> str:
    return " ".join(_plain(text).split())
