"""The command line. Results go to standard output, progress and troubles to standard error.

Exit codes: 0 done; 1 it could not be done, and the message says why; 2 the command was not understood;
3 the articles do not answer the question."""

import codecs
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from rag.assistant import Assistant
from rag.checking import (
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
from rag.corpus import reason_to_skip
from rag.dates import readable
from rag.errors import IndexBusy, RagError
from rag.fetching import fetch_page
from rag.gathering import Added, add_file, add_page, keep
from rag.loading.decoding import clean
from rag.naming import safe_name
from rag.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Conflict,
    ConflictKind,
    Correction,
    Filters,
    Method,
    Waited,
)
from rag.records import Draft as Drafted
from rag.schema import answer_to_json, hit_to_json
from rag.settings import Settings
from rag.wiring import build_index, open_assistant, open_verifier

if TYPE_CHECKING:  # the libraries behind it take seconds to load
    from rag.evaluation.measured import Measured
    from rag.evaluation.verification import Row

NOT_FOUND = 3

app = typer.Typer(
    name="sourceline",
    help=(__doc__ or "").partition("\n\n")[2].replace("\n", " "),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

Corpus = Annotated[
    Path | None,
    typer.Option("--corpus", help="The folder of articles [default: SOURCELINE_CORPUS, else corpus/]."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Source = Annotated[list[str] | None, typer.Option("--source", help="Only this file; may be repeated.")]
Publisher = Annotated[
    list[str] | None, typer.Option("--publisher", help="Only this publisher; may be repeated.")
]
Earliest = Annotated[
    str | None, typer.Option("--from", help="Published on or after: 2023, 2023-05 or 2023-05-17.")
]
Latest = Annotated[str | None, typer.Option("--to", help="Published on or before.")]


@app.command()
def index(
    corpus: Corpus = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Forget the index first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to the folder of articles."""
    settings = Settings.from_environment(corpus_dir=corpus)
    with _progress() as progress:
        report = build_index(settings, rebuild, progress)
    if as_json:
        _print_json({"schema": "sourceline.index/1", **asdict(report)})
        return
    for reason in report.reasons:
        print(f"Built anew: {reason}.")
    print(
        f"{report.articles} articles in {report.passages} passages: {report.added} new, "
        f"{report.changed} changed, {report.removed} gone, {report.unchanged} unchanged; "
        f"{report.embedded} passages embedded."
    )
    for skipped in report.skipped:
        print(f"Left out {skipped.source}: {skipped.reason}")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="A question in quotes.")] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="A file with a question on each line.")
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
    filters = _filters(source, publisher, earliest, latest)
    settings = Settings.from_environment(corpus_dir=corpus)
    if briefing is not None:
        from rag.exports.writing import format_of

        format_of(briefing)  # before anything is asked
    if is_extracted is False and not settings.has_language_model:
        raise RagError(
            "No language model is set up to write an answer. Set SOURCELINE_LLM_BASE_URL and "
            "SOURCELINE_LLM_MODEL, or leave out --write."
        )
    assistant = _ready(settings)
    method = None if is_extracted is None else Method.EXTRACTED if is_extracted else Method.WRITTEN
    if questions is not None:
        answered = _ask_each(assistant, questions, filters, method, as_json)
        _write_briefing(briefing, answered, assistant, settings)
        return
    answer = _answer(assistant, question or "", filters, method)
    _write_briefing(briefing, [(answer.question, answer)], assistant, settings)
    _print_json(answer_to_json(answer)) if as_json else _print_answer(answer)
    if answer.kind is AnswerKind.NOT_FOUND:
        raise typer.Exit(NOT_FOUND)


@app.command()
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
    assistant = _ready(Settings.from_environment(corpus_dir=corpus))
    hits = assistant.search(query, _filters(source, publisher, earliest, latest), count)
    if as_json:
        found = [hit_to_json(hit) for hit in hits]
        _print_json({"schema": "sourceline.hits/1", "query": query, "hits": found})
        return
    for hit in hits:
        passage = hit.passage
        print(
            f"{hit.score:.3f}  {passage.source} [{passage.start}:{passage.end}]\n{_indented(hit.text)}\n"
        )


@app.command()
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
            shown = asdict(judgement) if judgement else {"error": checked.error}
            line = {"schema": "sourceline.verdict/1", "line": checked.line, "claim": checked.claim}
            print(json.dumps({**line, **shown}, ensure_ascii=False), flush=True)
        elif judgement is None:
            print(f"line {checked.line}: {checked.error}")
        else:
            reason = f": {judgement.reason}" if judgement.reason else ""
            print(f"{judgement.verdict}  {_one_line(checked.claim or '')}{_one_line(reason)}")
    if failed:
        raise typer.Exit(1)


@app.command()
def check(
    draft: Annotated[Path, typer.Argument(help="A .md, .txt, .docx, .html or .pdf file.")],
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
    assistant = _ready(settings)
    asked = _filters(source, publisher, earliest, latest)
    filters = without_itself(read, source_in(settings.corpus_dir, draft), assistant, asked)
    if filters != asked:
        _errors.print("The draft is one of the articles; it is held against the others.")
    total = len(read.claims())
    checked: list[CheckedSentence] = []
    with _progress() as progress:
        for sentence in check_draft(read, assistant, filters):
            checked.append(sentence)
            progress(len(checked), total, "Checking sentences")
    summary = sum_up(read, checked)
    if as_json:
        _print_json(
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


evaluate = typer.Typer(help="Measure the pipeline, on our own questions and on public benchmarks.")
app.add_typer(evaluate, name="evaluate")

Only = Annotated[
    list[str] | None, typer.Option("--only", help="Only this stage, by name; may be repeated.")
]
Sample = Annotated[int | None, typer.Option("--sample", min=1, help="Records of each set.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Measure again what was measured before.")]
Out = Annotated[Path | None, typer.Option("--out", help="Also write the scoreboard into this folder.")]


@evaluate.callback(invoke_without_command=True)
def evaluate_all(
    context: typer.Context,
    only: Only = None,
    sample: Sample = None,
    fresh: Fresh = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Measure every stage of the pipeline on the benchmarks that SOURCELINE_BENCHMARKS holds.

    What was measured before of the same files by the same program is not measured again. --out DIR
    also writes scoreboard.json, scoreboard.md and plots.
    """
    if context.invoked_subcommand is None:
        _evaluate(only or (), sample, fresh, out, as_json)


@evaluate.command("questions")
def evaluate_questions(
    only: Only = None,
    sample: Sample = None,
    fresh: Fresh = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Only the stages that ask questions: all but the verdicts."""
    _evaluate(only or (), sample, fresh, out, as_json, asks=True)


def _evaluate(
    only: Sequence[str],
    sample: int | None,
    fresh: bool,
    out: Path | None,
    as_json: bool,
    asks: bool = False,
) -> None:
    from rag.evaluation import scoreboard, stages, verdicts
    from rag.evaluation.measured import to_json
    from rag.evaluation.stage import Context

    named = os.environ.get("SOURCELINE_BENCHMARKS")
    folder = Path(named).expanduser() if named else None
    if folder is None or not folder.is_dir():
        _errors.print(
            f"There is no folder {named}." if named else "SOURCELINE_BENCHMARKS is not set.",
            "The public benchmarks are passed over.",
        )
        folder = None
    found = stages.stages_in(folder)
    chosen = [
        stage
        for stage in found
        if not (asks and stage.name == verdicts.NAME)
        and (not only or any(stage.name == name or stage.name.startswith(f"{name}_") for name in only))
    ]
    if not chosen:
        known = ", ".join(stage.name for stage in found)
        raise typer.BadParameter(f"there is no stage {', '.join(only)}; these are: {known}")
    if out is not None and not out.is_dir():
        raise RagError(f"There is no folder {out} for --out. Make it, or name another.")
    measured = []
    with _progress() as progress:
        run = Context(Settings.from_environment(), sample, progress)
        for each in scoreboard.run_stages(chosen, run, fresh, _errors.print):
            measured.append(each)
            if not as_json:
                _print_scores(each)
    if as_json:
        _print_json(to_json(measured))
    else:
        kept = scoreboard.kept_in(run.settings)
        print(f"What came out wrong can be read in {kept}, in the files *.failures.jsonl.")
    if out is not None:
        scoreboard.write_scoreboard(out, measured, _errors.print)


@evaluate.command("verification")
def evaluate_verdicts(
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="Cases of each set.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Also write the JSON here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Judge the claims of WiCE, AttributionBench, RAGTruth, QAGS and SciFact.

    Thresholds are chosen on one half of each set and figures taken on the other.
    """
    from rag.evaluation.verification import evaluate_verification, rows_to_json

    folder = _benchmarks()
    if out is not None and not out.parent.is_dir():
        raise RagError(f"There is no folder {out.parent} for --out. Make it, or name another.")
    verifier = open_verifier(Settings.from_environment())
    with _progress() as progress:
        rows = evaluate_verification(
            folder,
            lambda pairs: [verifier.support(claim, texts) for claim, texts in pairs],
            sample,
            lambda name, done, total: progress(done, total, name),
        )
    report = {"schema": "sourceline.verification/1", "rows": rows_to_json(rows)}
    _print_json(report) if as_json else _print_rows(rows)
    if out is not None:
        try:
            out.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise RagError(f"The figures cannot be written to {out}: {error}") from error


@evaluate.command("cases")
def evaluate_cases(corpus: Corpus = None, as_json: AsJson = False) -> None:
    """Ask again the questions whose answers readers found wrong and saved as cases."""
    from rag.evaluation.cases import ask_again
    from rag.memory.conversations import Conversations
    from rag.memory.feedback import FAULT_WORDS, Feedbacks

    settings = Settings.from_environment(corpus_dir=corpus)
    cases = Feedbacks(settings.memory_path).cases()
    if not cases:
        print("No case is saved. On the page, say what is wrong with an answer and save it as one.")
        return
    outcomes = []
    with _progress() as progress:
        for again in ask_again(_ready(settings), Conversations(settings.memory_path), cases):
            outcomes.append(again)
            progress(len(outcomes), len(cases), "Asking again")
    if as_json:
        lines = [
            {
                "question": again.question,
                **asdict(again.case.feedback),
                "is_as_before": again.is_as_before,
                "before": answer_to_json(again.before),
                "now": answer_to_json(again.now) if again.now else None,
                "error": again.error,
            }
            for again in outcomes
        ]
        _print_json({"schema": "sourceline.cases/1", "cases": lines})
        return
    for again in outcomes:
        came = again.error or ("as before" if again.is_as_before else "otherwise now")
        fault = again.case.feedback.fault
        print(f"{came}: {_one_line(again.question)} ({FAULT_WORDS[fault] if fault else 'wrong'})")
    print(f"{sum(not again.is_as_before for again in outcomes)} of {len(outcomes)} come otherwise now.")


def _benchmarks() -> Path:
    """The folder of the benchmarks. Raises RagError, which says where they can be had."""
    from rag.evaluation.benchmarks import BENCHMARKS

    named = os.environ.get("SOURCELINE_BENCHMARKS")
    if named and Path(named).expanduser().is_dir():
        return Path(named).expanduser()
    lacking = f"There is no folder {named}. " if named else ""
    origins = "\n".join(f"  {benchmark.name}: {benchmark.origin}" for benchmark in BENCHMARKS)
    raise RagError(
        f"{lacking}Set SOURCELINE_BENCHMARKS to a folder with some of these benchmarks:\n{origins}"
    )


@app.command("corpus")
def list_corpus(
    source: Annotated[str | None, typer.Argument(help="Print this article as indexed.")] = None,
    corpus: Corpus = None,
    as_json: AsJson = False,
) -> None:
    """List the articles and what was cut from them, or print the text of one exactly as indexed."""
    assistant = _ready(Settings.from_environment(corpus_dir=corpus))
    articles = {article.source: article for article in assistant.articles()}
    if source is not None:
        if source not in articles:
            why = {skipped.source: skipped.reason for skipped in assistant.skipped()}
            reason = f"It was left out: {why[source]}" if source in why else "See `sourceline corpus`."
            raise RagError(f"There is no article {source!r}. {reason}")
        article = articles[source]
        _print_json(_article_json(article)) if as_json else sys.stdout.write(article.text)
        return
    if as_json:
        _print_json(
            {
                "schema": "sourceline.corpus/1",
                "articles": [_article_json(article) for article in articles.values()],
                "skipped": [asdict(skipped) for skipped in assistant.skipped()],
            }
        )
        return
    for article in articles.values():
        print(f"{article.source}  {len(article.text):,} characters\n    {_credits(article)}")
        if article.note:
            print(f"    {article.note}")
        for cut in article.cuts:
            first, *more = cut.text.strip().splitlines() or [""]
            rest = f" … and {len(more)} more lines" if more else ""
            print(f"    cut, {cut.reason}: {first[:80]}{rest}")
    for skipped in assistant.skipped():
        print(f"{skipped.source}\n    left out: {skipped.reason}")


@app.command()
def add(
    what: Annotated[list[str], typer.Argument(help="Files, and addresses of web pages.")],
    corpus: Corpus = None,
    as_json: AsJson = False,
) -> None:
    """Put files and web pages into the folder of articles and index them; exit with 1 when one of them
    cannot be added."""
    settings = Settings.from_environment(corpus_dir=corpus)
    results = []
    for each in what:
        try:
            added = _add(settings, each)
        except RagError as error:
            results.append({"what": each, "source": None, "is_new": False, "error": str(error)})
            _errors.print(f"{_one_line(each)}: {error}")
            continue
        results.append({"what": each, **asdict(added), "error": None})
        if not as_json:
            print(f"{added.source}{' added' if added.is_new else ' is there already'}", flush=True)
    if any(result["source"] for result in results):
        _bring_up_to_date(settings)
    if as_json:
        _print_json({"schema": "sourceline.added/1", "added": results})
    if any(result["error"] for result in results):
        raise typer.Exit(1)


def _add(settings: Settings, what: str) -> Added:
    if what.lower().startswith(("http://", "https://")):
        fetched = fetch_page(what, settings.fetch_private)
        added = add_page(settings.corpus_dir, fetched)
        keep(settings, added, Correction(), fetched.url)
        return added
    path = Path(what)
    try:
        if reason := reason_to_skip(safe_name(path.name), path.stat().st_size):
            raise RagError(f"It is not added: {reason}.")
        content = path.read_bytes()
    except OSError as error:
        raise RagError(f"It cannot be read: {error.strerror or error}.") from error
    added = add_file(settings.corpus_dir, path.name, content)
    keep(settings, added, Correction())
    return added


@app.command()
def doctor(
    corpus: Corpus = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Only what is needed without a network.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what this machine lacks, and how to get it."""
    from rag.doctor import examine

    findings = examine(Settings.from_environment(corpus_dir=corpus), offline)
    if as_json:
        _print_json({"schema": "sourceline.doctor/1", "findings": [asdict(f) for f in findings]})
    else:
        for finding in findings:
            print(f"{'ok     ' if finding.is_well else 'MISSING'}  {finding.what}: {finding.detail}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def chat(
    corpus: Corpus = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8501,
) -> None:
    """Index the articles, serve the chat, and open it in a browser."""
    from rag.web.serve import serve

    settings = Settings.from_environment(corpus_dir=corpus)
    _bring_up_to_date(settings)
    raise typer.Exit(serve(settings, port))


@app.command("mcp")
def serve_tools(corpus: Corpus = None) -> None:
    """Serve an assistant that speaks MCP, on standard input and output: search, ask, open_citation."""
    from rag.mcp_server import serve

    serve(Settings.from_environment(corpus_dir=corpus))


def main() -> None:
    """The `sourceline` command. Errors that are meant for the user are printed, not traced."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except RagError as error:
        _errors.print(f"sourceline: {error}")
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _ready(settings: Settings) -> Assistant:
    _bring_up_to_date(settings)
    return open_assistant(settings)


def _bring_up_to_date(settings: Settings) -> None:
    """Indexes what has changed; while another process does so, the index is used as it is."""
    with _progress() as progress:
        try:
            build_index(settings, progress=progress)
        except IndexBusy as error:
            _errors.print(f"{error} Going on with the index as it is.")


def _answer(assistant: Assistant, question: str, filters: Filters, method: Method | None) -> Answer:
    answer = None
    with _progress() as progress:
        written = 0
        for event in assistant.ask(question, filters=filters, method=method):
            if isinstance(event, Drafted | Waited) and method is not Method.EXTRACTED:
                written += isinstance(event, Drafted)
                progress(written, 0, "Writing sentences")
            answer = event
    assert isinstance(answer, Answer)
    return answer


def _ask_each(
    assistant: Assistant, path: Path, filters: Filters, method: Method | None, as_json: bool
) -> list[tuple[str, Answer | str]]:
    """Each question with its answer, or why it has none."""
    answered: list[tuple[str, Answer | str]] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RagError(f"The questions in {path} cannot be read: {error}") from error
    for question in filter(None, map(str.strip, lines)):
        try:
            answer = _answer(assistant, question, filters, method)
        except RagError as error:
            answered.append((question, str(error)))
            if as_json:
                print(json.dumps({"question": question, "error": str(error)}, ensure_ascii=False))
            else:
                print(f"{question}\n    {error}\n")
            continue
        answered.append((question, answer))
        if as_json:
            print(json.dumps(answer_to_json(answer), ensure_ascii=False), flush=True)
        else:
            print(question)
            _print_answer(answer)
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
    from rag.briefing import entries_of_questions, make_document
    from rag.exports.writing import write

    entries, corpus = entries_of_questions(answered), settings.corpus_dir.resolve().name
    write(path, make_document(path.stem, entries, corpus, date.today(), assistant.open))
    _errors.print(f"The briefing is in {path}.")


def _print_answer(answer: Answer) -> None:
    if answer.standalone:
        print(f"Understood as: {answer.standalone}")
    if answer.notice:
        print(f"{answer.notice}\n")
    sources: list[Citation] = []
    for claim in answer.claims:
        numbers = _numbered(claim.citations, sources)
        verdict = "" if claim.verdict == "supported" else f" ({claim.verdict}: {claim.reason})"
        print(f"{claim.text} {numbers}{verdict}")
    if answer.message:
        print(answer.message if not answer.claims else f"\n{answer.message}")
    _print_sources(sources)
    if answer.reports:
        print(f"\n{_independence(answer.reports)}")
    for conflict in answer.conflicts:
        _print_conflict(conflict)
    if not answer.claims:
        for near in answer.nearest:
            print(f"\nNearest: {_credits(near.citation)}, {near.citation.source}")
            print(_indented(near.citation.quote))
    if answer.model:
        print(f"\nWritten by {answer.model}.")


def _independence(reports: Sequence[Sequence[str]]) -> str:
    """How many articles are cited, and how many of them are no copy of another: "3 articles, 2
    independent"."""
    articles = sum(map(len, reports))
    told = _count(articles, "article")
    return told if articles < 2 else f"{told}, {len(reports)} independent"


def _print_conflict(conflict: Conflict) -> None:
    is_change = conflict.kind is ConflictKind.CHANGE
    how = "changed between the articles' dates" if is_change else "the articles disagree"
    print(f"\n{_one_line(conflict.about)}: {how}")
    for side in conflict.sides:
        when = readable(side.when) if side.when else "undated"
        outlets = dict.fromkeys(_one_line(_credits(citation)) for citation in side.citations)
        print(f"  {when}: {_one_line(side.value)} ({'; '.join(outlets)})")


def _numbered(citations: Sequence[Citation], sources: list[Citation]) -> str:
    """The numbers of citations in the list of sources, to which they are added."""
    first = len(sources) + 1
    sources += citations
    return "".join(f"[{number}]" for number in range(first, len(sources) + 1))


def _print_sources(sources: Sequence[Citation]) -> None:
    if sources:
        print()
    for number, citation in enumerate(sources, start=1):
        place = f"{citation.source} [{citation.start}:{citation.end}]"
        print(f"[{number}] {_credits(citation)}, {place}\n{_indented(citation.quote)}")


def _print_checked(draft: Draft, checked: Sequence[CheckedSentence], summary: Summary) -> None:
    sources: list[Citation] = []
    for sentence in checked:
        numbers = _numbered(sentence.citations, sources)
        is_told = sentence.outcome is Outcome.OFF
        why = f" ({sentence.verdict}: {sentence.reason})" if is_told else ""
        print(
            f"{sentence.outcome.value.upper():<13}  {_one_line(sentence.stated)} {numbers}".rstrip()
            + why
        )
    _print_sources(sources)
    print(
        f"\n{_count(summary.sentences, 'sentence')}: {summary.borne_out} borne out, {summary.off} off, "
        f"{summary.not_spoken_of} that the articles do not speak of."
    )
    if summary.questions or summary.too_short:
        questions, too_short = _count(summary.questions, "question"), summary.too_short
        print(f"Passed over: {questions}, {too_short} too short to state anything.")
    for cut in draft.left_out:
        print(f"Not checked, {cut.reason}: {_one_line(cut.text)[:200]}")


def _print_scores(measured: "Measured") -> None:
    """A line for each figure, as soon as it is there."""
    from rag.evaluation.tables import rows

    for what, count, ours, goal, reached, plain, published, note in rows([measured]):
        told = f"; goal {goal}: {reached}" if goal else ""
        print(f"{what} ({count}): {ours}{told}", flush=True)
        for line in (plain, published and f"published: {published}", note):
            if line:
                print(f"    {line}", flush=True)
    for score in measured.result.scores:
        if score.is_skipped:
            print(f"{score.benchmark}: {score.note}", flush=True)


def _print_rows(rows: "Sequence[Row]") -> None:
    """A table on a terminal, a line for each figure elsewhere."""
    table = Table("benchmark", "metric", "part", "n", "floor", "ours", "95 %", "published by others")
    for row in rows:
        ours = "–" if row.ours is None else f"{row.ours:.1f}"
        floor = "–" if row.floor is None else f"{row.floor:.1f}"
        within = f"{row.low:.1f}–{row.high:.1f}" if None not in (row.low, row.high) else ""
        told = "; ".join(filter(None, (row.published, row.note)))
        table.add_row(row.benchmark, row.metric, row.part, f"{row.count:,}", floor, ours, within, told)
        if not sys.stdout.isatty():
            figures = f"{ours} ({within})" if within else ours
            print(f"{row.benchmark}, {row.metric}, {row.part} ({row.count}): {figures}; floor {floor}")
            if told:
                print(f"    {told}")
    if sys.stdout.isatty():
        Console(highlight=False, markup=False).print(table)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _one_line(text: str) -> str:
    """Somebody's text for a terminal: on one line, and nothing that would steer the terminal."""
    return clean(text).replace("\n", " ")


def _credits(cited: Article | Citation) -> str:
    date = readable(cited.published) if cited.published else None
    author = cited.author if isinstance(cited, Article) else None
    return " · ".join(filter(None, (cited.title, author, cited.publisher, date))) or "untitled"


def _article_json(article: Article) -> dict[str, Any]:
    return {**asdict(article), "characters": len(article.text)}


def _filters(
    source: list[str] | None, publisher: list[str] | None, earliest: str | None, latest: str | None
) -> Filters:
    return Filters(frozenset(source or ()), frozenset(publisher or ()), earliest, latest)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on standard error for each stage, where that is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_errors, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(done: int, total: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield show


if __name__ == "__main__":
    main()
