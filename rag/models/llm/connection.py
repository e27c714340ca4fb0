"""One request to an endpoint and its answer as it comes, within limits of time and size, sent again
while the server is busy. The door to httpx and what goes with it."""

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx
from httpx_retries import Retry
from httpx_sse import EventSource

from rag.core.errors import LanguageModelError
from rag.models.llm.address import is_loopback
from rag.models.llm.complaints import Complaints
from rag.models.llm.protocol import read_refusal

# An event of a stream is one line, and a reply that comes whole is often one; some servers spend
# several hundred bytes on every letter.
LINE_BYTES = 4 * 2**20
BODY_BYTES = 64 * 2**20
REFUSAL_BYTES = 16 * 2**10

RETRIES = 3
# 529 is what some hosted models say when they are overloaded.
RETRIED_STATUSES = (429, 500, 502, 503, 504, 529)
BACKOFF_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach an endpoint. Each request has a client of its own, so that threads may share this."""

    url: httpx.URL = field(repr=False)
    key: str | None = field(repr=False)
    complaints: Complaints
    connect_seconds: float
    first_token_seconds: float
    total_seconds: float

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine."""
        return is_loopback(self.url.host)

    @contextmanager
    def limits(self, seconds: float | None = None) -> Iterator[anyio.CancelScope]:
        """Ends what takes too long with a ModelTimeout. Yields the wait for the first token."""
        left = self.total_seconds if seconds is None else min(seconds, self.total_seconds)
        with (
            anyio.move_on_after(left) as total,
            anyio.move_on_after(self.first_token_seconds) as first_token,
        ):
            yield first_token
        if first_token.cancelled_caught:
            raise self.complaints.silent(self.first_token_seconds)
        if total.cancelled_caught:
            raise self.complaints.unfinished(self.total_seconds)

    @asynccontextmanager
    async def response(
        self, method: str, path: str, first_token: anyio.CancelScope, body: object = None
    ) -> AsyncIterator[httpx.Response]:
        """An answer that is no refusal, whose body is bounded and has not been read yet."""
        has_begun = False
        try:
            asyncio.get_running_loop().set_default_executor(_Unwaited())
            async with self._client() as client:
                url = self.url.copy_with(path=f"{self.url.path.rstrip('/')}/{path}")
                request = client.build_request(method, url, json=body)
                response = await self._send(client, request, first_token)
                try:
                    if response.status_code != 200:
                        raise self.complaints.refused(response, await _beginning(response))
                    if response.headers.get("Content-Encoding", "identity") != "identity":
                        raise self.complaints.something_else(
                            "it compresses what it was asked to send as it is"
                        )
                    response.stream = _Bounded(response.stream, self.complaints.too_long)
                    has_begun = True
                    yield response
                finally:
                    await response.aclose()
        except httpx.HTTPError as error:
            # Not chained: what httpx says may quote the server, and the server the key.
            raise self.complaints.failed(error, has_begun, self.connect_seconds) from None

    async def _send(
        self, client: httpx.AsyncClient, request: httpx.Request, first_token: anyio.CancelScope
    ) -> httpx.Response:
        """Sends again while the server is busy or failing, waiting as long as it asks for."""
        retry = Retry(
            total=RETRIES,
            status_forcelist=RETRIED_STATUSES,
            backoff_factor=BACKOFF_SECONDS,
            max_backoff_wait=self.total_seconds,
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
            first_token.deadline = anyio.current_time() + self.first_token_seconds

    def _client(self) -> httpx.AsyncClient:
        # They log what a server sends, which may be the key.
        for library in ("httpx", "httpcore"):
            logging.getLogger(library).setLevel(logging.WARNING)
        headers = {"Accept": "text/event-stream, application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            return httpx.AsyncClient(
                headers=headers,
                timeout=httpx.Timeout(None, connect=self.connect_seconds),
                # A proxy does not lead to this machine; without one, plain HTTP needs no certificates.
                trust_env=not self.is_local,
                verify=not (self.is_local and self.url.scheme == "http"),
            )
        except (httpx.InvalidURL, ValueError, ImportError, OSError) as error:
            raise self.complaints.unusable_environment(error) from None

    async def events(self, response: httpx.Response) -> AsyncGenerator[str, None]:
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
            shown = self.complaints.shown(kind) or "no content type"
            raise self.complaints.something_else(f"it answers with {shown}")


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


def _wait_asked(response: httpx.Response, retry: Retry) -> float:
    """Seconds that the server asks to wait; 0 when it does not say."""
    try:
        return retry.parse_retry_after(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return 0


async def _beginning(response: httpx.Response) -> str:
    """What a refusal says, as far as its first bytes tell."""
    body = b""
    try:
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > REFUSAL_BYTES:
                break
    except httpx.HTTPError:
        pass  # the status says enough
    return read_refusal(body)
