"""The command line. Results go to standard output, progress and troubles to standard error.

Exit codes: 0 done; 1 it could not be done, and the message says why; 2 the command was not understood;
3 the articles do not answer the question."""

import sys

import typer

from rag.core.errors import RagError
from rag.faces.cli.asking import ask, search
from rag.faces.cli.cases import cases
from rag.faces.cli.console import errors
from rag.faces.cli.gathering import add, index, list_corpus
from rag.faces.cli.judging import check, verify
from rag.faces.cli.serving import chat, doctor, serve_tools

app = typer.Typer(
    name="sourceline",
    help=(__doc__ or "").partition("\n\n")[2].replace("\n", " "),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# In the order of --help.
app.command("index")(index)
app.command("ask")(ask)
app.command("search")(search)
app.command("verify")(verify)
app.command("check")(check)
app.command("corpus")(list_corpus)
app.command("add")(add)
app.command("cases")(cases)
app.command("doctor")(doctor)
app.command("chat")(chat)
app.command("mcp")(serve_tools)


def main() -> None:
    """The `sourceline` command. Errors that are meant for the user are printed, not traced."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except RagError as error:
        errors.print(f"sourceline: {error}")
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
