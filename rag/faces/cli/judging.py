"""Claims and drafts of the user's own, held against words."""

import codecs
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.asking.checking import (
    Checked,
    CheckedSentence,
    Draft,
    Outcome,
    Summary,
    check_draft,
    check_lines,
    read_draft,
    source_in,
    sum_up,
    without_itself,
)
from rag.core.errors import RagError
from rag.core.records import Citation
from rag.core.settings import Settings
from rag.core.wording import counted
from rag.faces.cli.console import errors, gather, print_json, print_json_line
from rag.faces.cli.opening import ready
from rag.faces.cli.options import AsJson, Corpus, Earliest, Latest, Publisher, Source, filters_from
from rag.faces.cli.words import numbered, one_line, print_sources
from rag.loading.formats import endings
from rag.wiring import open_verifier


def verify(
    file: Annotated[Path, typer.Argument(help='Lines of {"claim", "quote"}; - for standard input.')],
    as_json: AsJson = False,
) -> None:
    """Judge claims against the words given with them; exit with 1 when a line cannot be read.

    A line may have "title", "publisher" and "published" too. Needs no articles.
    """
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise RagError(f"The claims in {file} cannot be read: {error}") from error
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    failed = False
    for checked in check_lines(lines, open_verifier(Settings.from_environment())):
        judgement = checked.judgement
        failed = failed or judgement is None
        if as_json:
            line = {"schema": "sourceline.verdict/1", "line": checked.line, "claim": checked.claim}
            print_json_line(line | _shown(checked))
        elif judgement is None:
            print(f"line {checked.line}: {checked.error}")
        else:
            reason = f": {judgement.reason}" if judgement.reason else ""
            print(f"{judgement.verdict}  {one_line(checked.claim or '')}{one_line(reason)}")
    if failed:
        raise typer.Exit(1)


def check(
    draft: Annotated[Path, typer.Argument(help=f"A {endings()} file.")],
    corpus: Corpus = None,
    source: Source = None,
    publisher: Publisher = None,
    earliest: Earliest = None,
    latest: Latest = None,
    as_json: AsJson = False,
) -> None:
    """Hold a draft of your own against the articles, sentence by sentence.

    Exits with 0 once it is checked, whatever came of it. Headings and questions are passed over.
    """
    settings = Settings.from_environment(corpus_dir=corpus)
    read = read_draft(draft)
    assistant = ready(settings)
    asked = filters_from(source, publisher, earliest, latest)
    filters = without_itself(read, source_in(settings.corpus_dir, draft), assistant, asked)
    if filters != asked:
        errors.print("The draft is one of the articles; it is held against the others.")
    sentences = check_draft(read, assistant, filters)
    checked = gather(sentences, len(read.claims()), "Checking sentences")
    summary = sum_up(read, checked)
    if as_json:
        print_json(
            {
                "schema": "sourceline.check/1",
                "draft": str(draft),
                "sentences": [asdict(sentence) for sentence in checked],
                "summary": asdict(summary),
                "left_out": [asdict(cut) for cut in read.left_out],
            }
        )
    else:
        _print_checked(read, checked, summary)


def _shown(checked: Checked) -> dict[str, Any]:
    """A verdict as JSON, or why there is none."""
    if checked.judgement is None:
        return {"error": checked.error}
    judgement = checked.judgement
    return {"verdict": judgement.verdict, "reason": judgement.reason, "support": judgement.support}


def _print_checked(draft: Draft, checked: Sequence[CheckedSentence], summary: Summary) -> None:
    sources: list[Citation] = []
    for sentence in checked:
        numbers = numbered(sentence.citations, sources)
        is_told = sentence.outcome is Outcome.OFF
        why = f" ({sentence.verdict}: {sentence.reason})" if is_told else ""
        print(
            f"{sentence.outcome.value.upper():<13}  {one_line(sentence.stated)} {numbers}".rstrip() + why
        )
    print_sources(sources)
    print(
        f"\n{counted(summary.sentences, 'sentence')}: {summary.borne_out} borne out, {summary.off} off, "
        f"{summary.not_spoken_of} that the articles do not speak of."
    )
    if summary.questions or summary.too_short:
        questions, too_short = counted(summary.questions, "question"), summary.too_short
        print(f"Passed over: {questions}, {too_short} too short to state anything.")
    for cut in draft.left_out:
        print(f"Not checked, {cut.reason}: {one_line(cut.text)[:200]}")
