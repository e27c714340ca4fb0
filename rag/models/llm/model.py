"""A language model: turns go in, text comes out as it is written.

It knows nothing of prompts or evidence, and hands `<think>` on as it comes.
"""

import codecs
import math
from collections.abc import Callable, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from anyio.from_thread import start_blocking_portal

from rag.core.settings import Settings
from rag.models.llm.address import checked_key, checked_url
from rag.models.llm.complaints import Complaints
from rag.models.llm.connection import Connection
from rag.models.llm.protocol import read_models, read_part

REPLY_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says. `role` is "system", "user" or "assistant"."""

    role: str
    text: str


class LanguageModel:
    """A model behind an endpoint. Threads may share it: each call has a connection of its own.

    `name` is the model's, `is_local` whether the endpoint is on this machine, `address` the
    endpoint's address as it may be shown.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        *,
        connect_seconds: float,
        first_token_seconds: float,
        total_seconds: float,
        reply_tokens: int,
    ) -> None:
        """Touches no network. Raises LanguageModelError when the address or the key cannot be one."""
        url, key = checked_url(base_url), checked_key(api_key)
        self._complaints = Complaints(model, url, key)
        self._connection = Connection(
            url, key, self._complaints, connect_seconds, first_token_seconds, total_seconds
        )
        self._reply_tokens = reply_tokens
        self.name = model
        self.is_local = self._connection.is_local
        self.address = self._complaints.address

    def __repr__(self) -> str:
        return f"LanguageModel({self.name!r}, {self.address!r})"

    def stream(
        self, turns: Sequence[Turn], seconds: float | None = None, *, beat_seconds: float | None = None
    ) -> Generator[str, None, None]:
        """The reply, piece by piece as it comes. Closing the generator cancels the request at once.

        `seconds` is what is left of the time allowed, where this call is not the first for an answer.
        With `beat_seconds` an empty piece comes whenever that long nothing else has, so that a
        caller can stop while the model is still silent. Raises LanguageModelError and ModelTimeout,
        also after some pieces.
        """
        pieces: SimpleQueue[str | None] = SimpleQueue()
        with start_blocking_portal() as portal:
            reading = portal.start_task_soon(self._read, tuple(turns), seconds, pieces.put)
            reading.add_done_callback(lambda _: pieces.put(None))
            try:
                while (piece := _next(pieces, beat_seconds)) is not None:
                    yield piece
                reading.result()
            finally:
                reading.cancel()

    def models(self) -> tuple[str, ...]:
        """The names of the models that the endpoint offers. Raises as `stream` does."""
        with start_blocking_portal() as portal:
            return portal.call(self._list)

    async def _read(
        self, turns: Sequence[Turn], seconds: float | None, put: Callable[[str], None]
    ) -> None:
        request = {
            "model": self.name,
            "messages": [{"role": turn.role, "content": turn.text} for turn in turns],
            "stream": True,
            "temperature": 0,
            "max_tokens": self._reply_tokens,
        }
        # JSON can hold half a letter, which no file can: halves are joined across pieces.
        letters = codecs.getincrementaldecoder("utf-16-le")("replace")
        length, ending = 0, None
        connection = self._connection
        with connection.limits(seconds) as first_token:
            async with (
                connection.response("POST", "chat/completions", first_token, request) as response,
                aclosing(connection.events(response)) as events,
            ):
                async for data in events:
                    if data == "[DONE]":
                        ending = ending or "stop"
                        break
                    part = read_part(data, self._complaints)
                    if part.text or part.is_reasoning:
                        first_token.deadline = math.inf
                    length += len(part.text)
                    if length > REPLY_CHARACTERS:
                        raise self._complaints.too_long()
                    if text := letters.decode(part.text.encode("utf-16-le", "surrogatepass")):
                        put(text)
                    if ending := part.ending:
                        break
        if ending is None:
            raise self._complaints.broken_off("it ended without saying so")
        if text := letters.decode(b"", final=True):
            put(text)
        if ending == "length" and not length:
            raise self._complaints.only_reasoning(self._reply_tokens)

    async def _list(self) -> tuple[str, ...]:
        with self._connection.limits() as first_token:
            async with self._connection.response("GET", "models", first_token) as response:
                listed = (await response.aread()).decode(errors="replace")
        return read_models(listed, self._complaints)


def open_language_model(settings: Settings) -> LanguageModel | None:
    """What the settings name, or None. Touches no network; raises LanguageModelError."""
    if not (settings.llm_base_url and settings.llm_model):
        return None
    return LanguageModel(
        settings.llm_base_url,
        settings.llm_model,
        settings.llm_api_key,
        connect_seconds=settings.llm_connect_seconds,
        first_token_seconds=settings.llm_first_token_seconds,
        total_seconds=settings.llm_total_seconds,
        reply_tokens=settings.llm_reply_tokens,
    )


def _next(pieces: SimpleQueue[str | None], beat_seconds: float | None) -> str | None:
    try:
        return pieces.get(timeout=beat_seconds)
    except Empty:
        return ""
