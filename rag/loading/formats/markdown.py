"""Markdown to the words a reader sees, and its front matter to what the article states.

The door to markdown-it and to front matter. Raw HTML is text here: nothing of it is interpreted.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.core.dates import is_edtf
from rag.core.records import Cut
from rag.loading.decoding import decode
from rag.loading.file_format import Extract, FileFormat

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_KEY = re.compile(r"\s*[\w-]+\s*:(?:\s|$)")


def read_markdown(text: str) -> Extract:
    """The words of a Markdown file, block by block, and what its front matter states.

    Front matter that cannot be used is listed in the cuts; the article is never lost by it.
    Without a title in it, the first heading of level one is the title, and stays in the text.
    """
    block, body = _split(text)
    stated, cuts = _read_front_matter(block)
    words, heading = _words(body)
    return Extract(
        words,
        stated.get("title") or heading,
        stated.get("publisher"),
        stated.get("author"),
        stated.get("published"),
        stated.get("digest"),
        cuts,
    )


def with_front_matter(values: Mapping[str, str | None], text: str) -> str:
    """A Markdown file that states these values, but for empty ones."""
    stated = {key: value for key, value in values.items() if value}
    block = yaml.safe_dump(stated, allow_unicode=True, sort_keys=False, width=10**6) if stated else ""
    return f"---\n{block}---\n\n{text}\n" if text else f"---\n{block}---\n\n"


def _split(text: str) -> tuple[str, str]:
    """Front matter and the rest. A rule at the top that opens no front matter stays a rule."""
    handler = YAMLHandler()
    start = text.lstrip("\n")
    if not handler.detect(start):
        return "", text
    try:
        block, body = handler.split(start)
    except ValueError:  # no second boundary
        return "", text
    first = next((line for line in block.split("\n") if line.strip()), "")
    return (block.strip("\n"), body) if not first or _KEY.match(first) else ("", text)


def _read_front_matter(block: str) -> tuple[Mapping[str, str], tuple[Cut, ...]]:
    if not block.strip():
        return {}, ()
    try:
        values = YAMLHandler().load(block)
    # The loader's own errors, a date like 2024-13-45, and nesting too deep for it.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = getattr(error, "problem", None) or str(error) or type(error).__name__
        return {}, (Cut(f"front matter is not YAML: {problem}", block),)
    if not isinstance(values, dict):
        return {}, (Cut("front matter is not YAML: it has no keys", block),)
    stated: dict[str, str] = {}
    cuts: list[Cut] = []
    for key in ("title", "publisher", "author", "published", "original_title", "digest"):
        if (value := values.get(key)) is None:
            continue
        words, problem = _read_value(key, value)
        if problem:
            cuts.append(Cut(f"front matter's {key} is {problem}: ignored", f"{key}: {value}"))
        elif words:
            stated[key] = words
    return stated, tuple(cuts)


def _read_value(key: str, value: object) -> tuple[str, str | None]:
    """A value of front matter as words, and what is wrong with it, if anything."""
    if key == "published":
        words = _date_words(value)
        return words, None if is_edtf(words) else "not a date like 2023-02-08, 2025-05 or 2024"
    if key == "author" and isinstance(value, list) and all(isinstance(name, str) for name in value):
        return ", ".join(" ".join(name.split()) for name in value), None
    return (" ".join(value.split()), None) if isinstance(value, str) else ("", "not text")


def _date_words(value: object) -> str:
    if isinstance(value, date):  # YAML reads 2023-02-08 as a date and with a time as a datetime
        return value.isoformat()[:10]
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _words(text: str) -> tuple[str, str | None]:
    """The text a reader sees, blocks parted by a blank line, and the first heading of level one."""
    blocks: list[str] = []  # list items and table rows follow their like without a blank line
    heading: str | None = None
    lists: list[int | None] = []  # for each open list the number of its next item, None for bullets
    marker = ""
    cells: list[str] = []
    goes_on = False
    tokens = _PARSER.parse(text)
    for before, token in zip([None, *tokens], tokens, strict=False):
        words: str | None = None
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                goes_on = bool(lists)
                is_bullets = token.type == "bullet_list_open"
                lists.append(None if is_bullets else int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                goes_on = bool(lists)
            case "list_item_open":
                number = lists[-1]
                marker = "- " if number is None else f"{number}. "
                lists[-1] = None if number is None else number + 1
            case "table_open" | "table_close":
                goes_on = False
            case "inline" if before is not None and before.type in ("th_open", "td_open"):
                cells.append(_inline(token.children or []))
            case "inline":
                words = _inline(token.children or [])
                if before is not None and before.tag == "h1" and heading is None:
                    heading = " ".join(words.split()) or None
            case "fence" | "code_block":
                words = token.content.rstrip("\n")
            case "tr_close":
                words, cells = " | ".join(cells), []
        if words is None or not (words.strip() or marker):
            continue
        if blocks and not goes_on:
            blocks.append("")
        blocks.append("  " * (len(lists) - 1) + marker + words)
        goes_on = bool(marker) or token.type == "tr_close"
        marker = ""
    return "\n".join(blocks).strip("\n"), heading


def _inline(tokens: Sequence[Token]) -> str:
    words: list[str] = []
    for token in tokens:
        match token.type:
            case "softbreak":
                words.append(" ")
            case "hardbreak":
                words.append("\n")
            case "image":
                words.append(_inline(token.children or []))
            case _:
                words.append(token.content)
    return "".join(words)


MARKDOWN = FileFormat(
    "Markdown",
    (".md", ".markdown"),
    ("text/markdown", "text/x-markdown"),
    lambda content: read_markdown(decode(content)),
)
