"""Questions and searches."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rag.asking.assistant import Assistant
from rag.core.errors import RagError
from rag.core.records import Answer, AnswerKind, Drafted, Exchange, Filters, Method, Waited
from rag.core.schema import answer_to_json, hit_to_json
from rag.core.settings import Settings
from rag.faces.cli.console import errors, print_json, print_json_line, progress
from rag.faces.cli.opening import ready
from rag.faces.cli.options import AsJson, Corpus, Earliest, Latest, Publisher, Source, filters_from
from rag.faces.cli.printing import print_answer
from rag.faces.cli.questions import parse, read_lines
from rag.faces.cli.words import indented

NOT_FOUND = 3


def ask(
    question: Annotated[str | None, typer.Argument(help="A question in quotes.")] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            help="A file with a question on each line, in words or as JSON: "
            '{"question": "…", "history": ["asked before", …]}.',
        ),
    ] = None,
    corpus: Corpus = None,
    source: Source = None,
    publisher: Publisher = None,
    earliest: Earliest = None,
    latest: Latest = None,
    is_extracted: Annotated[
        bool | None,
        typer.Option(
            "--extract/--write",
            help="In the articles' own sentences, or written by the language model "
            "[default: written where one is set up].",
            show_default=False,
        ),
    ] = None,
    briefing: Annotated[
        Path | None,
        typer.Option("--briefing", help="Also write a briefing here: .docx, .pdf, .html or .md."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the articles; exit with 3 when they do not answer it."""
    if (question is None) == (questions is None):
        raise typer.BadParameter("give either a question or --questions FILE")
    filters = filters_from(source, publisher, earliest, latest)
    settings = Settings.from_environment(corpus_dir=corpus)
    if briefing is not None:
        from rag.desk.exports.writing import format_of

        format_of(briefing)  # before anything is asked
    if is_extracted is False and not settings.has_language_model:
        raise RagError(
            "No language model is set up to write an answer. Set SOURCELINE_LLM_BASE_URL and "
            "SOURCELINE_LLM_MODEL, or leave out --write."
        )
    assistant = ready(settings)
    method = None if is_extracted is None else Method.EXTRACTED if is_extracted else Method.WRITTEN
    if questions is not None:
        answered = _ask_each(assistant, questions, filters, method, as_json)
        _write_briefing(briefing, answered, assistant, settings)
        return
    answer = _answer(assistant, question or "", filters, method)
    _write_briefing(briefing, [(answer.question, answer)], assistant, settings)
    print_json(answer_to_json(answer)) if as_json else print_answer(answer)
    if answer.kind is AnswerKind.NOT_FOUND:
        raise typer.Exit(NOT_FOUND)


def search(
    query: str,
    corpus: Corpus = None,
    count: Annotated[int, typer.Option("--count", min=1, max=100, help="How many hits.")] = 10,
    source: Source = None,
    publisher: Publisher = None,
    earliest: Earliest = None,
    latest: Latest = None,
    as_json: AsJson = False,
) -> None:
    """Print the passages that bear on a question, best first."""
    assistant = ready(Settings.from_environment(corpus_dir=corpus))
    hits = assistant.search(query, filters_from(source, publisher, earliest, latest), count)
    if as_json:
        found = [hit_to_json(hit) for hit in hits]
        print_json({"schema": "sourceline.hits/1", "query": query, "hits": found})
        return
    for hit in hits:
        passage = hit.passage
        print(
            f"{hit.score:.3f}  {passage.source} [{passage.start}:{passage.end}]\n{indented(hit.text)}\n"
        )


def _answer(
    assistant: Assistant,
    question: str,
    filters: Filters,
    method: Method | None,
    history: Sequence[Exchange] = (),
) -> Answer:
    answer = None
    with progress() as show:
        written = 0
        for event in assistant.ask(question, history, filters, method):
            if isinstance(event, Drafted | Waited) and method is not Method.EXTRACTED:
                written += isinstance(event, Drafted)
                show(written, 0, "Writing sentences")
            answer = event
    assert isinstance(answer, Answer)
    return answer


def _ask_each(
    assistant: Assistant, path: Path, filters: Filters, method: Method | None, as_json: bool
) -> list[tuple[str, Answer | str]]:
    """Each question with its answer, or why it has none."""
    answered: list[tuple[str, Answer | str]] = []
    for written in read_lines(path):
        question = written
        try:
            line = parse(written)
            question, history = line.question, list[Exchange]()
            for earlier in line.history:
                answer = _answer(assistant, earlier, filters, method, history)
                history.append(Exchange(earlier, answer))
            answer = _answer(assistant, question, filters, method, history)
        except RagError as error:
            answered.append((question, str(error)))
            if as_json:
                print_json_line({"question": question, "error": str(error)})
            else:
                print(f"{question}\n    {error}\n")
            continue
        answered.append((question, answer))
        if as_json:
            print_json_line(answer_to_json(answer))
        else:
            print(question)
            print_answer(answer)
            print()
    return answered


def _write_briefing(
    path: Path | None,
    answered: Sequence[tuple[str, Answer | str]],
    assistant: Assistant,
    settings: Settings,
) -> None:
    """Each question as a heading with its answer below, where a file is named for them."""
    if path is None:
        return
    from rag.desk.document import entries_of_questions, make_document
    from rag.desk.exports.writing import write

    entries, corpus = entries_of_questions(answered), settings.corpus_dir.resolve().name
    write(path, make_document(path.stem, entries, corpus, date.today(), assistant.open))
    errors.print(f"The briefing is in {path}.")
