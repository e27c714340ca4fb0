"""What an OpenAI-compatible server sends, read: pieces of a reply, lists of models, refusals."""

import json
from dataclasses import dataclass
from typing import Any

from rag.models.llm.complaints import Complaints


@dataclass(frozen=True, slots=True)
class Part:
    """What one event of a stream adds. `ending` is why the reply ends with it, if it does."""

    text: str
    is_reasoning: bool
    ending: str | None


def read_part(data: str, complaints: Complaints) -> Part:
    """Reads a piece of a streamed reply, or a whole one. Raises LanguageModelError."""
    payload = _parsed(data, complaints)
    choices = _at(payload, "choices")
    if not isinstance(choices, list):
        raise complaints.something_else("there are no choices in what it sends")
    choice = choices[0] if choices else None
    is_whole = _at(choice, "message") is not None
    said = _at(choice, "message" if is_whole else "delta")
    content = _at(said, "content")
    if isinstance(content, list):
        content = "".join(text for part in content if isinstance(text := _at(part, "text"), str))
    if not isinstance(content, str | None):
        raise complaints.something_else("there is no text in what it sends")
    reasoning = _at(said, "reasoning_content") or _at(said, "reasoning")
    ending = _at(choice, "finish_reason") or ("stop" if is_whole else None)
    return Part(content or "", bool(reasoning), ending and str(ending))


def read_models(data: str, complaints: Complaints) -> tuple[str, ...]:
    """The names in a list of models. Raises LanguageModelError."""
    listed = _at(_parsed(data, complaints), "data")
    if not isinstance(listed, list):
        raise complaints.something_else("its list of models has another shape")
    return tuple(complaints.shown(str(_at(each, "id"))) for each in listed)


def read_refusal(body: bytes) -> str:
    """What a refusal says: its message where it is one of the usual shapes, or its words as they are."""
    text = body.decode(errors="replace")
    try:
        return _message(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _parsed(data: str, complaints: Complaints) -> object:
    try:
        payload = json.loads(data)
    except (ValueError, RecursionError):
        raise complaints.something_else("what it sends is no JSON") from None
    if _at(payload, "error"):
        raise complaints.about(_message(payload))
    return payload


def _message(payload: object) -> str:
    """The message in {"error": {"message"}}, {"error"}, {"message"} or {"detail"}, or all there is."""
    error = _at(payload, "error") or _at(payload, "message") or _at(payload, "detail") or payload
    words = _at(error, "message") or error
    return words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)


def _at(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
