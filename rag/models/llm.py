"""Turns to streamed text: the door to a language model, behind any OpenAI-compatible endpoint.

It knows nothing of prompts or evidence, and hands `<think>` on as it comes.
"""

import asyncio
import codecs
import ipaddress
import json
import logging
import math
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import anyio
import httpx
from anyio.from_thread import start_blocking_portal
from httpx_retries import Retry
from httpx_sse import EventSource

from rag.core.errors import LanguageModelError, ModelTimeout
from rag.core.settings import Settings

REPLY_CHARACTERS = 100_000
# An event of a stream is one line, and a reply that comes whole is often one; some servers spend
# several hundred bytes on every letter.
LINE_BYTES = 4 * 2**20
BODY_BYTES = 64 * 2**20
REFUSAL_BYTES = 16 * 2**10
QUOTED_CHARACTERS = 300

RETRIES = 3
# 529 is what some hosted models say when they are overloaded.
RETRIED_STATUSES = (429, 500, 502, 503, 504, 529)
BACKOFF_SECONDS = 0.25

_WINDOW_WORDS = re.compile(
    r"context (length|window|size)|context_length|n_ctx|too many tokens|prompt is too long|token limit",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says. `role` is "system", "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """What one event of a stream adds. `ending` is why the reply ends with it, if it does."""

    text: str
    is_reasoning: bool
    ending: str | None


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
        self.name = model
        self._url = _checked_url(base_url)
        self._key = _checked_key(api_key)
        self.is_local = _is_loopback(self._url.host)
        # A query may hold a secret.
        self.address = str(self._url.copy_with(query=None))
        self._connect_seconds = connect_seconds
        self._first_token_seconds = first_token_seconds
        self._total_seconds = total_seconds
        self._reply_tokens = reply_tokens

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
        with self._limits(seconds) as first_token:
            async with (
                self._response("POST", "chat/completions", first_token, request) as response,
                aclosing(self._events(response)) as events,
            ):
                async for data in events:
                    if data == "[DONE]":
                        ending = ending or "stop"
                        break
                    part = self._part(data)
                    if part.text or part.is_reasoning:
                        first_token.deadline = math.inf
                    length += len(part.text)
                    if length > REPLY_CHARACTERS:
                        raise self._too_long()
                    if text := letters.decode(part.text.encode("utf-16-le", "surrogatepass")):
                        put(text)
                    if ending := part.ending:
                        break
        if ending is None:
            raise self._broken_off("it ended without saying so")
        if text := letters.decode(b"", final=True):
            put(text)
        if ending == "length" and not length:
            raise LanguageModelError(
                f"The language model {self.name} wrote nothing but its reasoning within "
                f"{self._reply_tokens} tokens. Raise SOURCELINE_LLM_REPLY_TOKENS."
            )

    async def _list(self) -> tuple[str, ...]:
        with self._limits() as first_token:
            async with self._response("GET", "models", first_token) as response:
                listed = _at(self._parsed((await response.aread()).decode(errors="replace")), "data")
        if not isinstance(listed, list):
            raise self._something_else("its list of models has another shape")
        return tuple(self._shown(str(_at(each, "id"))) for each in listed)

    @contextmanager
    def _limits(self, seconds: float | None = None) -> Iterator[anyio.CancelScope]:
        """Ends what takes too long with a ModelTimeout. Yields the wait for the first token."""
        left = self._total_seconds if seconds is None else min(seconds, self._total_seconds)
        with (
            anyio.move_on_after(left) as total,
            anyio.move_on_after(self._first_token_seconds) as first_token,
        ):
            yield first_token
        if first_token.cancelled_caught:
            raise ModelTimeout(
                f"The language model at {self.address} said nothing for {self._first_token_seconds:g} "
                "seconds. Raise SOURCELINE_LLM_FIRST_TOKEN_SECONDS, or choose a faster model."
            )
        if total.cancelled_caught:
            raise ModelTimeout(
                f"The language model at {self.address} did not finish in {self._total_seconds:g} "
                "seconds. Raise SOURCELINE_LLM_TOTAL_SECONDS, or choose a faster model."
            )

    @asynccontextmanager
    async def _response(
        self, method: str, path: str, first_token: anyio.CancelScope, body: object = None
    ) -> AsyncIterator[httpx.Response]:
        """An answer that is no refusal, whose body is bounded and has not been read yet."""
        has_begun = False
        try:
            asyncio.get_running_loop().set_default_executor(_Unwaited())
            async with self._client() as client:
                url = self._url.copy_with(path=f"{self._url.path.rstrip('/')}/{path}")
                request = client.build_request(method, url, json=body)
                response = await self._send(client, request, first_token)
                try:
                    if response.status_code != 200:
                        raise self._refused(response, await _beginning(response))
                    if response.headers.get("Content-Encoding", "identity") != "identity":
                        raise self._something_else("it compresses what it was asked to send as it is")
                    response.stream = _Bounded(response.stream, self._too_long)
                    has_begun = True
                    yield response
                finally:
                    await response.aclose()
        except httpx.HTTPError as error:
            # Not chained: what httpx says may quote the server, and the server the key.
            raise self._failed(error, has_begun) from None

    async def _send(
        self, client: httpx.AsyncClient, request: httpx.Request, first_token: anyio.CancelScope
    ) -> httpx.Response:
        """Sends again while the server is busy or failing, waiting as long as it asks for."""
        retry = Retry(
            total=RETRIES,
            status_forcelist=RETRIED_STATUSES,
            backoff_factor=BACKOFF_SECONDS,
            max_backoff_wait=self._total_seconds,
        )
        while True:
            response = await client.send(request, stream=True)
            if not retry.is_retryable_status_code(response.status_code) or retry.is_exhausted():
                return response
            patience, first_token.deadline = first_token.deadline, math.inf
            if _wait_asked(response, retry) > anyio.current_effective_deadline() - anyio.current_time():
                first_token.deadline = patience
                return response
            await response.aclose()
            retry = retry.increment()
            await retry.asleep(response)
            first_token.deadline = anyio.current_time() + self._first_token_seconds

    def _client(self) -> httpx.AsyncClient:
        # They log what a server sends, which may be the key.
        for library in ("httpx", "httpcore"):
            logging.getLogger(library).setLevel(logging.WARNING)
        headers = {"Accept": "text/event-stream, application/json", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            return httpx.AsyncClient(
                headers=headers,
                timeout=httpx.Timeout(None, connect=self._connect_seconds),
                # A proxy does not lead to this machine; without one, plain HTTP needs no certificates.
                trust_env=not self.is_local,
                verify=not (self.is_local and self._url.scheme == "http"),
            )
        except (httpx.InvalidURL, ValueError, ImportError, OSError) as error:
            raise LanguageModelError(
                "The proxy or the certificates that the environment names (HTTPS_PROXY, ALL_PROXY, "
                f"SSL_CERT_FILE) cannot be used: {self._shown(str(error))}"
            ) from None

    async def _events(self, response: httpx.Response) -> AsyncGenerator[str, None]:
        """The data of each event; a reply that comes whole, in place of a stream, is one."""
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            yield (await response.aread()).decode(errors="replace")
        elif kind == "text/event-stream":
            # By its standard UTF-8, whatever the header says, and with a mark of it or without.
            response.encoding = "utf-8-sig"
            async with aclosing(EventSource(response).aiter_sse()) as events:
                async for event in events:
                    if event.data:
                        yield event.data
        else:
            raise self._something_else(f"it answers with {self._shown(kind) or 'no content type'}")

    def _part(self, data: str) -> _Part:
        """Reads a piece of a streamed reply, or a whole one."""
        payload = self._parsed(data)
        choices = _at(payload, "choices")
        if not isinstance(choices, list):
            raise self._something_else("there are no choices in what it sends")
        choice = choices[0] if choices else None
        is_whole = _at(choice, "message") is not None
        said = _at(choice, "message" if is_whole else "delta")
        content = _at(said, "content")
        if isinstance(content, list):
            content = "".join(text for part in content if isinstance(text := _at(part, "text"), str))
        if not isinstance(content, str | None):
            raise self._something_else("there is no text in what it sends")
        reasoning = _at(said, "reasoning_content") or _at(said, "reasoning")
        ending = _at(choice, "finish_reason") or ("stop" if is_whole else None)
        return _Part(content or "", bool(reasoning), ending and str(ending))

    def _parsed(self, data: str) -> object:
        try:
            payload = json.loads(data)
        except (ValueError, RecursionError):
            raise self._something_else("what it sends is no JSON") from None
        if _at(payload, "error"):
            words = self._shown(_complaint(payload))
            if _WINDOW_WORDS.search(words):
                raise self._out_of_window(words)
            raise LanguageModelError(f"The language model at {self.address} failed: {words}")
        return payload

    def _refused(self, response: httpx.Response, body: str) -> LanguageModelError:
        status = response.status_code
        words = self._shown(body or response.reason_phrase)
        if response.is_redirect:
            return LanguageModelError(
                f"{self.address} redirects to {self._shown(response.headers['Location'])}, and "
                "redirects are not followed. Set SOURCELINE_LLM_BASE_URL to the final address."
            )
        if status in (401, 403):
            lack = "refuses the key" if self._key else "wants a key"
            return LanguageModelError(
                f"The language model at {self.address} {lack} ({status}: {words}). Check "
                "SOURCELINE_LLM_API_KEY."
            )
        if status == 404:
            hint = "" if re.search(r"/v\d", self._url.path) else f" (try {self.address.rstrip('/')}/v1)"
            return LanguageModelError(
                f"The language model is not found at {self.address} (404: {words}). Check "
                f"SOURCELINE_LLM_BASE_URL{hint} and SOURCELINE_LLM_MODEL, which is {self.name}."
            )
        if _WINDOW_WORDS.search(words):
            return self._out_of_window(words)
        if status == 429:
            asked = self._shown(response.headers.get("Retry-After", ""))
            wait = f" It asks to wait: {asked} (seconds, or until then)." if asked else ""
            return LanguageModelError(
                f"The language model at {self.address} takes no more questions now (429: {words})."
                f"{wait} Try again later, or check what the account allows."
            )
        if status >= 500:
            return LanguageModelError(
                f"The language model at {self.address} fails ({status}: {words}). Try again, or look "
                "into the server's log."
            )
        return LanguageModelError(
            f"The language model at {self.address} refuses the request ({status}: {words})."
        )

    def _failed(self, error: httpx.HTTPError, has_begun: bool) -> LanguageModelError:
        words = self._shown(str(error)) or type(error).__name__
        if isinstance(error, httpx.ConnectTimeout):
            return ModelTimeout(
                f"No connection to {self.address} in {self._connect_seconds:g} seconds. Check "
                "SOURCELINE_LLM_BASE_URL, or raise SOURCELINE_LLM_CONNECT_SECONDS."
            )
        if isinstance(error, httpx.ProxyError):
            return LanguageModelError(
                f"The proxy on the way to {self.address} refuses ({words}). Check HTTPS_PROXY, or name "
                "the host in NO_PROXY."
            )
        if isinstance(error, httpx.ConnectError):
            return LanguageModelError(
                f"The language model at {self.address} cannot be reached ({words}). Start its server, "
                "or check SOURCELINE_LLM_BASE_URL."
            )
        if has_begun:
            return self._broken_off(words)
        return LanguageModelError(
            f"The language model at {self.address} gives no answer in HTTP ({words}). Look into the "
            "server's log, or check SOURCELINE_LLM_BASE_URL."
        )

    def _something_else(self, what: str) -> LanguageModelError:
        return LanguageModelError(
            f"{self.address} speaks something else than the OpenAI protocol: {what}. Set "
            "SOURCELINE_LLM_BASE_URL to an endpoint such as http://localhost:11434/v1."
        )

    def _broken_off(self, what: str) -> LanguageModelError:
        return LanguageModelError(
            f"The language model at {self.address} broke off its reply ({what}). Ask again, or look "
            "into the server's log."
        )

    def _out_of_window(self, words: str) -> LanguageModelError:
        return LanguageModelError(
            f"The language model at {self.address} cannot take in so much text ({words}). Lower "
            "SOURCELINE_LLM_WINDOW_TOKENS to what the model takes."
        )

    def _too_long(self) -> LanguageModelError:
        return LanguageModelError(
            f"The language model at {self.address} does not stop writing, and was "
            "ended. Choose another SOURCELINE_LLM_MODEL."
        )

    def _shown(self, words: str) -> str:
        """What a server says, fit to be shown: one short line without the key."""
        words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        if self._key:
            words = words.replace(self._key, "[the key]")
        return words if len(words) <= QUOTED_CHARACTERS else f"{words[:QUOTED_CHARACTERS]} …"


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


class _Unwaited(ThreadPoolExecutor):
    """Threads that look up names, which cannot be cancelled. The limits hold without them."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=cancel_futures)


class _Bounded(httpx.AsyncByteStream):
    """A body that ends with an error where it, or a line of it, grows beyond all measure."""

    def __init__(self, stream: Any, too_long: Callable[[], LanguageModelError]) -> None:
        self._stream = stream
        self._too_long = too_long

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = line = 0
        async for chunk in self._stream:
            body += len(chunk)
            tail = len(chunk) - 1 - chunk.rfind(b"\n")
            line = tail if tail < len(chunk) else line + len(chunk)
            if body > BODY_BYTES or line > LINE_BYTES:
                raise self._too_long()
            yield chunk


def _checked_url(base_url: str) -> httpx.URL:
    wanted = (
        "SOURCELINE_LLM_BASE_URL must be an address that begins with http:// or https://, such as "
        "http://localhost:11434/v1"
    )
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL:
        raise LanguageModelError(f"{wanted}.") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise LanguageModelError(f"{wanted}.")
    if url.userinfo:
        raise LanguageModelError(
            f"{wanted}. A name or password has no place in it, for addresses are shown: set "
            "SOURCELINE_LLM_API_KEY."
        )
    return url.copy_with(fragment=None)


def _checked_key(key: str | None) -> str | None:
    key = (key or "").strip()
    # Said here without quoting it, for libraries do quote what they cannot send.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise LanguageModelError(
            "SOURCELINE_LLM_API_KEY holds a character that no key has, such as a space, a line break "
            "or an accented letter. Copy it again."
        )
    return key or None


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _next(pieces: SimpleQueue[str | None], beat_seconds: float | None) -> str | None:
    try:
        return pieces.get(timeout=beat_seconds)
    except Empty:
        return ""


def _wait_asked(response: httpx.Response, retry: Retry) -> float:
    """Seconds that the server asks to wait; 0 when it does not say."""
    try:
        return retry.parse_retry_after(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return 0


async def _beginning(response: httpx.Response) -> str:
    """What a refusal says: its message where it is one of the usual shapes, or its first words."""
    body = b""
    try:
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > REFUSAL_BYTES:
                break
    except httpx.HTTPError:
        pass  # the status says enough
    text = body.decode(errors="replace")
    try:
        return _complaint(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _complaint(payload: object) -> str:
    """The message in {"error": {"message"}}, {"error"}, {"message"} or {"detail"}, or all there is."""
    error = _at(payload, "error") or _at(payload, "message") or _at(payload, "detail") or payload
    words = _at(error, "message") or error
    return words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)


def _at(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
