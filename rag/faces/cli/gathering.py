"""The folder of articles: its index, what is put into it, what it holds."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.core.errors import RagError
from rag.core.records import Article, Correction
from rag.core.settings import Settings
from rag.desk.fetching import fetch_page
from rag.desk.gathering import Added, add_file, add_page, keep
from rag.desk.naming import safe_name
from rag.faces.cli.console import errors, print_json, progress
from rag.faces.cli.opening import bring_up_to_date, ready
from rag.faces.cli.options import AsJson, Corpus
from rag.faces.cli.words import credits, one_line
from rag.loading.corpus import reason_to_skip
from rag.loading.formats import endings
from rag.wiring import build_index


def index(
    corpus: Corpus = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Forget the index first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to the folder of articles."""
    settings = Settings.from_environment(corpus_dir=corpus)
    with progress() as show:
        report = build_index(settings, rebuild, show)
    if as_json:
        print_json({"schema": "sourceline.index/1", **asdict(report)})
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


def list_corpus(
    source: Annotated[str | None, typer.Argument(help="Print this article as indexed.")] = None,
    corpus: Corpus = None,
    as_json: AsJson = False,
) -> None:
    """List the articles and what was cut from them, or print the text of one exactly as indexed."""
    assistant = ready(Settings.from_environment(corpus_dir=corpus))
    articles = {article.source: article for article in assistant.articles()}
    if source is not None:
        if source not in articles:
            why = {skipped.source: skipped.reason for skipped in assistant.skipped()}
            reason = f"It was left out: {why[source]}" if source in why else "See `sourceline corpus`."
            raise RagError(f"There is no article {source!r}. {reason}")
        article = articles[source]
        print_json(_article_json(article)) if as_json else sys.stdout.write(article.text)
        return
    if as_json:
        print_json(
            {
                "schema": "sourceline.corpus/1",
                "articles": [_article_json(article) for article in articles.values()],
                "skipped": [asdict(skipped) for skipped in assistant.skipped()],
            }
        )
        return
    for article in articles.values():
        print(f"{article.source}  {len(article.text):,} characters\n    {credits(article)}")
        if article.note:
            print(f"    {article.note}")
        for cut in article.cuts:
            first, *more = cut.text.strip().splitlines() or [""]
            rest = f" … and {len(more)} more lines" if more else ""
            print(f"    cut, {cut.reason}: {first[:80]}{rest}")
    for skipped in assistant.skipped():
        print(f"{skipped.source}\n    left out: {skipped.reason}")


def _article_json(article: Article) -> dict[str, Any]:
    return {**asdict(article), "characters": len(article.text)}


def add(
    what: Annotated[list[str], typer.Argument(help=f"{endings()} files, and addresses of web pages.")],
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
            errors.print(f"{one_line(each)}: {error}")
            continue
        results.append({"what": each, **asdict(added), "error": None})
        if not as_json:
            print(f"{added.source}{' added' if added.is_new else ' is there already'}", flush=True)
    if any(result["source"] for result in results):
        bring_up_to_date(settings)
    if as_json:
        print_json({"schema": "sourceline.added/1", "added": results})
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
