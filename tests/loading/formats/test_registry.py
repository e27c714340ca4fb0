"""A format is registered in one place, and everything else reads it from there."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from rag.loading import formats
from rag.loading.file_format import FileFormat
from rag.loading.formats import FORMATS, MARKDOWN, TEXT, endings, file_format, format_sent, labels

ROOT = Path(__file__).parents[3]
HOME = ROOT / "rag" / "loading" / "formats"
# What a briefing is written as is a list of its own.
WRITERS = (ROOT / "rag" / "desk" / "exports", ROOT / "rag" / "faces" / "cli" / "asking.py")


def formats_beside() -> Iterator[tuple[str, FileFormat]]:
    for module in pkgutil.iter_modules(formats.__path__):
        path = f"rag/loading/formats/{module.name}.py"
        found = vars(import_module(f"{formats.__name__}.{module.name}")).values()
        yield from ((path, value) for value in found if isinstance(value, FileFormat))


def words_in(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a Python file but for its docstrings, and the lines of any other."""
    if path.suffix != ".py":
        yield from enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_every_format_that_is_read_is_registered() -> None:
    for path, known in formats_beside():
        assert known in FORMATS, (
            f"{path} reads {known.label}, which is not registered: "
            "add it to FORMATS in rag/loading/formats/__init__.py"
        )


def test_a_format_is_written_in_a_module_beside_the_registry() -> None:
    beside = [known for _, known in formats_beside()]
    for known in FORMATS:
        assert known in beside, f"{known.label} is registered, but no module of {HOME} has it"


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.label)
def test_no_two_formats_claim_one_ending_or_one_mime_type(known: FileFormat) -> None:
    assert [file_format(f"a/b.c{ending.upper()}") for ending in known.endings] == [known] * len(
        known.endings
    )
    assert [format_sent(sent) for sent in known.mime_types] == [known] * len(known.mime_types)


@pytest.mark.parametrize(
    "path",
    [
        *(path for path in sorted((ROOT / "rag").rglob("*")) if path.suffix in (".py", ".js")),
        ROOT / "app.py",
    ],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_no_other_file_lists_formats_itself(path: Path) -> None:
    if path.is_relative_to(HOME) or any(path.is_relative_to(folder) for folder in WRITERS):
        return
    mime_types = {sent for known in FORMATS for sent in known.mime_types} - set(TEXT.mime_types)
    known_endings = {ending for known in FORMATS for ending in known.endings}
    for line, words in words_in(path):
        endings_named = set(re.findall(r"(?<![\w.])\.\w+", words)) & known_endings
        listed = {sent for sent in mime_types if sent in words}
        # One ending alone may be that of a file of our own.
        if len(endings_named) > 1 or words.strip() in known_endings - set(TEXT.endings):
            listed |= endings_named
        assert not listed, (
            f"{path.relative_to(ROOT)}:{line} lists {', '.join(sorted(listed))} itself: "
            "read FORMATS of rag/loading/formats/__init__.py there"
        )


def test_the_readme_names_every_ending_that_is_read() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for known in FORMATS:
        assert f"{known.endings[0]}" in readme, (
            f"README.md does not say that {known.endings[0]} is read: add it to its list of files"
        )


def test_messages_name_formats_in_words_and_by_ending() -> None:
    assert labels() == "text, Markdown, HTML, PDF or Word"
    assert endings() == ".txt, .md, .html, .pdf or .docx"
    assert file_format("notes.markdown") is MARKDOWN
    assert (file_format("photo.jpg"), file_format("no ending"), format_sent("image/png")) == (None,) * 3
