"""A file of questions, one a line: in words, or as JSON with the questions asked before it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.core.errors import QuestionError, RagError


class Line(BaseModel):
    """`history` holds the questions asked before this one, the oldest first."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    question: str
    history: tuple[str, ...] = ()


def read_lines(path: Path) -> list[str]:
    """The lines that hold anything. Raises RagError for a file that is no text."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RagError(f"The questions in {path} cannot be read: {error}") from error
    return [line.strip() for line in lines if line.strip()]


def parse(line: str) -> Line:
    """What a line asks. Raises QuestionError for JSON of another shape."""
    if not line.startswith("{"):
        return Line(question=line)
    try:
        return Line.model_validate_json(line)
    except ValidationError as error:
        raise QuestionError(
            'A line of JSON must be {"question": "…", "history": ["an earlier question", …]}; this is '
            f"not: {error.errors()[0]['msg']}."
        ) from error
