"""An OpenAI-compatible server that does as it is told: real HTTP and real events, every byte chosen.

    with ScriptedServer() as server:
        server.reply("The harbour opened in spring [k7qm].")     # answers the next question
        server.fault("status", status=429, headers={"Retry-After": "1"})    # the one after that
        server.on_request(lambda body: "…")                      # answers all others
        model = LanguageModel(server.url, "scripted", …)

Replies and faults are used up in order, one a request. What they are made of, `Steps`, can be given
by hand too: bytes are sent as they are, numbers are seconds of waiting, and at the end the
connection is closed.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from anyio.from_thread import start_blocking_portal

Steps = Sequence[bytes | float]
Answerer = Callable[[Any], str]

CHAT = "/chat/completions"
END = b"0\r\n\r\n"
# Longer than any test waits: who hangs up first is the client.
FOREVER = 3600.0


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came: `path` below the base address, header names in lower case, the JSON body."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class ScriptedServer:
    """On 127.0.0.1 at a free port, in a thread, from `with` to its end. `models` is what it lists."""

    models: tuple[str, ...] = ("scripted",)
    requests: list[Received] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._script: defaultdict[str, deque[Steps]] = defaultdict(deque)
        self._answer: Answerer | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._stack = ExitStack()

    def reply(
        self, text: str, *, piece_size: int = 5, delay_seconds: float = 0.0, reasoning: str = ""
    ) -> None:
        """Queue a reply, streamed in pieces of so many characters."""
        self.steps(streamed(text, piece_size, delay_seconds, reasoning))

    def fault(self, kind: str, *, path: str = CHAT, **options: Any) -> None:
        """Queue one of FAULTS with its options."""
        self.steps(FAULTS[kind](**options), path)

    def steps(self, steps: Steps, path: str = CHAT) -> None:
        """Queue an answer byte by byte, its head included."""
        self._script[path].append(steps)

    def on_request(self, answer: Answerer) -> None:
        """Compute the replies for which nothing is queued: from a request's body to the reply's text."""
        self._answer = answer

    @property
    def open_connections(self) -> int:
        return len(self._writers)

    def kill(self) -> None:
        """Drop every connection and listen no more, as a process that is killed does."""
        self._portal.call(self._drop)

    def __enter__(self) -> Self:
        self._portal = self._stack.enter_context(start_blocking_portal())
        self._server = self._portal.call(self._listen)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._stack.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _drop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            received = await _receive(reader)
            self.requests.append(received)
            for step in self._next_steps(received):
                if isinstance(step, bytes):
                    writer.write(step)
                    await writer.drain()
                elif await _hangs_up(reader, step):
                    break
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone, which is its right
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    def _next_steps(self, received: Received) -> Steps:
        if self._script[received.path]:
            return self._script[received.path].popleft()
        if received.path == "/models":
            return whole({"object": "list", "data": [{"id": name} for name in self.models]})
        if received.path == CHAT and self._answer is not None:
            return streamed(self._answer(received.body))
        return refusal(404, "the script says nothing of this request")


def head(status: int = 200, kind: str = "text/event-stream", **headers: str) -> bytes:
    """Status line and headers of an answer that comes in chunks."""
    fields = {"Content-Type": kind, "Transfer-Encoding": "chunked", "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


def event(payload: object) -> bytes:
    """One event of a stream, in a chunk of its own. A text is sent as it is."""
    data = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return chunk(f"data: {data}\n\n".encode())


def delta(finish_reason: str | None = None, **delta: Any) -> dict[str, Any]:
    """A piece of a reply: `delta(content="Some words")`."""
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}


def streamed(
    text: str, piece_size: int = 5, delay_seconds: float = 0.0, reasoning: str = ""
) -> list[bytes | float]:
    steps: list[bytes | float] = [head(), event(delta(role="assistant", content=""))]
    for name, words in (("reasoning_content", reasoning), ("content", text)):
        for start in range(0, len(words), piece_size):
            steps += [delay_seconds] if delay_seconds else []
            steps.append(event(delta(**{name: words[start : start + piece_size]})))
    return [*steps, event(delta("stop")), event("[DONE]"), END]


def whole(payload: object, status: int = 200, **headers: str) -> Steps:
    """A JSON answer in one piece."""
    return [head(status, "application/json", **headers), chunk(json.dumps(payload).encode()), END]


def refusal(status: int, message: str = "no", headers: Mapping[str, str] | None = None) -> Steps:
    return whole({"error": {"message": message}}, status, **(headers or {}))


def cut(text: str = "Words that end", after_bytes: int = 400) -> Steps:
    """The connection closes after so many bytes of the body, in the middle of a chunk."""
    start, *rest = streamed(text)
    return [start, b"".join(step for step in rest if isinstance(step, bytes))[:after_bytes]]


def ended(text: str = "Words that end") -> Steps:
    """The stream ends in good order, but says neither why nor [DONE]."""
    return [head(), event(delta(content=text)), END]


def drip(text: str = "Slow words.", delay_seconds: float = 0.05) -> Steps:
    """One byte at a time."""
    start, *rest = streamed(text)
    body = b"".join(step for step in rest if isinstance(step, bytes))
    return [start, *(each for byte in body for each in (bytes([byte]), delay_seconds))]


def silence(after_head: bool = False) -> Steps:
    """Nothing comes: no answer at all, or none after its headers."""
    return [head(), FOREVER] if after_head else [FOREVER]


def split_letters(text: str = "Ağrı’da 🙂 kış") -> Steps:
    """Every byte in a chunk of its own, with a pause after each: all letters come in halves."""
    data = f"data: {json.dumps(delta(content=text), ensure_ascii=False)}\n\n".encode()
    pieces = (each for byte in data for each in (chunk(bytes([byte])), 0.001))
    return [head(), *pieces, event(delta("stop")), END]


def endless_line(megabytes: int = 10) -> Steps:
    """One token that does not end."""
    return [
        head(),
        chunk(b'data: {"choices": [{"delta": {"content": "'),
        *[chunk(b"x" * 2**20)] * megabytes,
    ]


def endless_stream(events: int = 3000, text: str = "word " * 20) -> Steps:
    """A reply that does not stop."""
    return [head(), *[event(delta(content=text))] * events]


FAULTS: dict[str, Callable[..., Steps]] = {
    "status": refusal,
    "cut": cut,
    "ended": ended,
    "drip": drip,
    "silence": silence,
    "split letters": split_letters,
    "not json": lambda: [head(), event("{half an object"), END],
    "not events": lambda: [head(kind="text/html"), chunk(b"<h1>Welcome</h1>"), END],
    "not http": lambda: [b"220 mail.example.org ready\r\n"],
    "endless line": endless_line,
    "endless stream": endless_stream,
    "error in stream": lambda message="out of memory": [
        head(),
        event(delta(content="Some")),
        event({"error": {"message": message}}),
        END,
    ],
    "redirect": lambda location="http://127.0.0.1:9/": [head(307, Location=location), END],
}


async def _receive(reader: asyncio.StreamReader) -> Received:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:-2])
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path.removeprefix("/v1"), headers, json.loads(body) if body else None)


async def _hangs_up(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Waits so long, or until the client closes the connection, and says whether it did."""
    try:
        return not await asyncio.wait_for(reader.read(1), seconds)
    except TimeoutError:
        return False
