"""The chat, the tools for assistants, and whether this machine is fit for them."""

from dataclasses import asdict
from typing import Annotated

import typer

from rag.core.settings import Settings
from rag.faces.cli.console import print_json
from rag.faces.cli.opening import bring_up_to_date
from rag.faces.cli.options import AsJson, Corpus


def doctor(
    corpus: Corpus = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Only what is needed without a network.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what this machine lacks, and how to get it."""
    from rag.faces.cli.doctor import examine

    findings = examine(Settings.from_environment(corpus_dir=corpus), offline)
    if as_json:
        print_json({"schema": "sourceline.doctor/1", "findings": [asdict(f) for f in findings]})
    else:
        for finding in findings:
            print(f"{'ok     ' if finding.is_well else 'MISSING'}  {finding.what}: {finding.detail}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def chat(
    corpus: Corpus = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8501,
) -> None:
    """Index the articles, serve the chat, and open it in a browser."""
    from rag.faces.web.serve import serve

    settings = Settings.from_environment(corpus_dir=corpus)
    bring_up_to_date(settings)
    raise typer.Exit(serve(settings, port))


def serve_tools(corpus: Corpus = None) -> None:
    """Serve an assistant that speaks MCP, on standard input and output: search, ask, open_citation."""
    from rag.faces.mcp.server import serve

    serve(Settings.from_environment(corpus_dir=corpus))
