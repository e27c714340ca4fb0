import json
import logging
import os
import socket
import stat
import threading
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rag.core.errors import LanguageModelError, ModelTimeout
from rag.core.settings import Settings
from rag.models.llm import LanguageModel, Turn, open_language_model
from rag.models.llm.model import REPLY_CHARACTERS
from tests.scripted_server import END, ScriptedServer, chunk, delta, event, head, whole

KEY = "sk-Very5ecret"
TURNS = (Turn("system", "Answer from the articles."), Turn("user", "When did the harbour open?"))


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def model_at(url: str, key: str | None = None, **limits: float) -> LanguageModel:
    chosen: dict[str, Any] = {
        "connect_seconds": 2.0,
        "first_token_seconds": 5.0,
        "total_seconds": 10.0,
        "reply_tokens": 64,
        **limits,
    }
    return LanguageModel(url, "scripted", key, **chosen)


def error_of(model: LanguageModel) -> str:
    """What a stream ends with, in words."""
    with pytest.raises(LanguageModelError) as caught:
        list(model.stream(TURNS))
    return str(caught.value)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def open_channels() -> int:
    """How many sockets, pipes and event loops this process has open. Files on the disk do not count:
    the index opens some more of them, up to a bound, whenever the machine is busy."""
    return sum(map(_is_channel, os.listdir("/dev/fd")))  # noqa: PTH208


def _is_channel(descriptor: str) -> bool:
    try:
        return not stat.S_ISREG(os.fstat(int(descriptor)).st_mode)
    except OSError:  # the one that the folder itself was read through
        return False


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# What is asked, and what comes back


def test_a_reply_comes_in_the_pieces_that_the_server_sends(server: ScriptedServer) -> None:
    server.reply("The harbour opened.", piece_size=8)
    assert list(model_at(server.url).stream(TURNS)) == ["The harb", "our open", "ed."]


def test_a_request_says_what_is_wanted_and_nothing_else(server: ScriptedServer) -> None:
    server.reply("Yes.")
    list(model_at(f"{server.url}/", KEY).stream(TURNS))
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "scripted",
        "messages": [
            {"role": "system", "content": "Answer from the articles."},
            {"role": "user", "content": "When did the harbour open?"},
        ],
        "stream": True,
        "temperature": 0,
        "max_tokens": 64,
    }


@pytest.mark.parametrize("key", [None, "", "  "])
def test_without_a_key_none_is_sent(server: ScriptedServer, key: str | None) -> None:
    server.reply("Yes.")
    list(model_at(server.url, key).stream(TURNS))
    assert "authorization" not in server.requests[0].headers


def test_a_query_in_the_address_stays_in_it(server: ScriptedServer) -> None:
    server.steps(whole({"choices": [{"message": {"content": "Yes."}}]}), "/chat/completions?version=2")
    assert list(model_at(f"{server.url}?version=2").stream(TURNS)) == ["Yes."]


def test_pieces_come_while_the_reply_is_still_being_written(server: ScriptedServer) -> None:
    server.steps([head(), event(delta(content="First")), 3600.0])
    with closing(model_at(server.url).stream(TURNS)) as pieces:
        assert next(pieces) == "First"


def test_letters_that_are_cut_in_half_are_joined(server: ScriptedServer) -> None:
    server.fault("split letters", text="Ağrı’da 🙂 kış")
    assert list(model_at(server.url).stream(TURNS)) == ["Ağrı’da 🙂 kış"]


def test_half_letters_in_json_are_joined_and_a_lone_one_is_replaced(server: ScriptedServer) -> None:
    halves = ['{"choices": [{"delta": {"content": "a\\ud83d"}}]}', '{"choices": [{"delta": {"content": ']
    server.steps(
        [head(), event(halves[0]), event(halves[1] + '"\\ude42b\\ud83d"}}]}'), event("[DONE]"), END]
    )
    assert list(model_at(server.url).stream(TURNS)) == ["a", "🙂b", "\ufffd"]


def test_reasoning_is_no_part_of_the_text(server: ScriptedServer) -> None:
    server.reply("Yes.", reasoning="Let me think about the harbour.")
    assert "".join(model_at(server.url).stream(TURNS)) == "Yes."


def test_a_reply_in_one_json_object_is_one_piece(server: ScriptedServer) -> None:
    server.steps(whole({"choices": [{"message": {"role": "assistant", "content": "All at once."}}]}))
    assert list(model_at(server.url).stream(TURNS)) == ["All at once."]


def test_text_in_parts_is_text(server: ScriptedServer) -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "Yes"}]
    server.steps([head(), event(delta(content=parts)), event(delta("stop", content=".")), END])
    assert list(model_at(server.url).stream(TURNS)) == ["Yes", "."]


@pytest.mark.parametrize(
    "steps",
    [
        [head(), chunk(b'\xef\xbb\xbfdata: {"choices": [{"delta": {"content": "Yes."}}]}\n\n')],
        [head(kind="text/event-stream; charset=latin-1"), event(delta(content="Yes."))],
        [head(), chunk(b": wait\r\n\r\nretry: 5\r\n\r\n"), event(delta(content="Yes."))],
        [head(), event({"choices": [], "usage": {"total_tokens": 5}}), event(delta(content="Yes."))],
        [head(), event(delta(content=None)), event(delta(content="Yes."))],
    ],
    ids=["byte order mark", "charset", "comments", "no choice", "null"],
)
def test_what_servers_add_does_no_harm(server: ScriptedServer, steps: list[bytes]) -> None:
    server.steps([*steps, event("[DONE]"), END])
    assert list(model_at(server.url).stream(TURNS)) == ["Yes."]


def test_a_reply_that_says_why_it_ends_needs_no_mark_of_its_end(server: ScriptedServer) -> None:
    server.steps([head(), event(delta(content="Yes")), event(delta("stop", content=".")), 3600.0])
    assert list(model_at(server.url).stream(TURNS)) == ["Yes", "."]


def test_the_models_of_an_endpoint_are_listed(server: ScriptedServer) -> None:
    server.models = ("small:latest", "large")
    assert model_at(server.url).models() == ("small:latest", "large")


# Time


def test_closing_the_stream_cancels_the_request_at_once(server: ScriptedServer) -> None:
    server.reply("word " * 1000, delay_seconds=0.01)
    pieces = model_at(server.url).stream(TURNS)
    next(pieces)
    assert server.open_connections == 1
    began = time.monotonic()
    pieces.close()
    assert time.monotonic() - began < 0.5
    assert within(1, lambda: server.open_connections == 0)


def test_a_caller_can_stop_while_the_model_is_silent(server: ScriptedServer) -> None:
    server.fault("silence")
    pieces = model_at(server.url).stream(TURNS, beat_seconds=0.05)
    assert [next(pieces), next(pieces)] == ["", ""]
    assert within(1, lambda: server.open_connections == 1)
    pieces.close()
    assert within(1, lambda: server.open_connections == 0)


def test_a_hundred_streams_leave_nothing_open(server: ScriptedServer) -> None:
    model = model_at(server.url)
    server.reply("Yes.")
    list(model.stream(TURNS))
    within(1, lambda: server.open_connections == 0)
    threads, channels = threading.active_count(), open_channels()
    for number in range(100):
        if number % 4 == 0:
            server.fault("status", status=400)
        elif number % 4 == 1:
            server.fault("cut", after_bytes=300)
        else:
            server.reply("Some words of a reply.")
        pieces = model.stream(TURNS)
        if number % 4 == 2:
            next(pieces)
            pieces.close()
        else:
            try:
                list(pieces)
            except LanguageModelError:
                assert number % 4 < 2
    assert within(2, lambda: server.open_connections == 0)
    assert within(2, lambda: threading.active_count() <= threads and open_channels() <= channels)


@pytest.mark.parametrize("after_head", [False, True])
def test_a_model_that_says_nothing_is_given_up(server: ScriptedServer, after_head: bool) -> None:
    server.fault("silence", after_head=after_head)
    began = time.monotonic()
    with pytest.raises(ModelTimeout, match=r"0\.2 seconds.* SOURCELINE_LLM_FIRST_TOKEN_SECONDS"):
        list(model_at(server.url, first_token_seconds=0.2).stream(TURNS))
    assert 0.15 < time.monotonic() - began < 1
    assert within(1, lambda: server.open_connections == 0)


def test_signs_of_life_are_no_token(server: ScriptedServer) -> None:
    beats: list[bytes | float] = [chunk(b": wait\n\n"), event(delta(role="assistant", content="")), 0.05]
    server.steps([head(), *beats * 20, event(delta(content="Late.")), event("[DONE]"), END])
    with pytest.raises(ModelTimeout, match="SOURCELINE_LLM_FIRST_TOKEN_SECONDS"):
        list(model_at(server.url, first_token_seconds=0.3).stream(TURNS))


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "content"])
def test_the_first_token_may_be_reasoning(server: ScriptedServer, name: str) -> None:
    slow: list[bytes | float] = [
        event(delta(**{name: "Hm"})),
        0.5,
        event(delta(content="Yes.")),
        event("[DONE]"),
        END,
    ]
    server.steps([head(), *slow])
    assert "".join(model_at(server.url, first_token_seconds=0.25).stream(TURNS)).endswith("Yes.")


def test_a_slow_drip_ends_with_the_time_that_is_allowed(server: ScriptedServer) -> None:
    server.fault("drip", text="Slow words. " * 20, delay_seconds=0.002)
    with pytest.raises(ModelTimeout, match=r"0\.5 seconds.* SOURCELINE_LLM_TOTAL_SECONDS"):
        list(model_at(server.url, total_seconds=0.5).stream(TURNS))
    assert within(1, lambda: server.open_connections == 0)


def test_a_host_that_takes_no_connection_is_given_up() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        try:
            with pytest.raises(ModelTimeout, match=r"0\.2 seconds.* SOURCELINE_LLM_CONNECT_SECONDS"):
                list(model_at(f"http://127.0.0.1:{address[1]}", connect_seconds=0.2).stream(TURNS))
        finally:
            for filler in fillers:
                filler.close()


@pytest.mark.parametrize("left", [0.2, 0, -1])
def test_a_later_call_gets_what_time_is_left(server: ScriptedServer, left: float) -> None:
    server.fault("silence")
    began = time.monotonic()
    with pytest.raises(ModelTimeout, match=r"10 seconds.* SOURCELINE_LLM_TOTAL_SECONDS"):
        list(model_at(server.url).stream(TURNS, left))
    assert time.monotonic() - began < 1


def test_a_name_that_is_looked_up_for_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: end.wait(10) and [])
    began = time.monotonic()
    with pytest.raises(ModelTimeout, match="SOURCELINE_LLM_CONNECT_SECONDS"):
        list(model_at("http://models.example.org/v1", connect_seconds=0.2).stream(TURNS))
    assert time.monotonic() - began < 1
    end.set()


# Trying again


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 529])
def test_a_busy_or_failing_server_is_asked_again(server: ScriptedServer, status: int) -> None:
    server.fault("status", status=status)
    server.reply("Yes.")
    assert list(model_at(server.url).stream(TURNS)) == ["Yes."]
    assert len(server.requests) == 2


def test_a_server_that_asks_for_time_gets_it(server: ScriptedServer) -> None:
    server.fault("status", status=429, headers={"Retry-After": "1"})
    server.reply("Yes.")
    began = time.monotonic()
    # The wait that the server asks for is none of the model's silence.
    assert list(model_at(server.url, first_token_seconds=0.5).stream(TURNS)) == ["Yes."]
    assert time.monotonic() - began >= 1


def test_a_wait_beyond_all_limits_is_not_begun(server: ScriptedServer) -> None:
    server.fault("status", status=429, headers={"Retry-After": "3600"}, message="quota used up")
    began = time.monotonic()
    told = error_of(model_at(server.url))
    assert time.monotonic() - began < 1
    assert "429: quota used up" in told
    assert "asks to wait: 3600" in told
    assert len(server.requests) == 1


def test_waits_end_where_the_next_one_would_take_too_long(server: ScriptedServer) -> None:
    for _ in range(4):
        server.fault("status", status=503, headers={"Retry-After": "1"}, message="starting")
    assert "fails (503: starting)" in error_of(model_at(server.url, total_seconds=1.5))
    assert len(server.requests) == 2


def test_a_server_that_keeps_failing_is_given_up(server: ScriptedServer) -> None:
    for _ in range(4):
        server.fault("status", status=500, message="out of memory")
    assert "fails (500: out of memory)" in error_of(model_at(server.url))
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_taken_for_one(server: ScriptedServer, status: int) -> None:
    server.fault("status", status=status)
    error_of(model_at(server.url))
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["cut", "ended", "error in stream"])
def test_a_reply_that_has_begun_is_not_asked_for_again(server: ScriptedServer, kind: str) -> None:
    server.fault(kind)
    error_of(model_at(server.url))
    assert len(server.requests) == 1


# What goes wrong, in words


def test_an_address_where_nobody_answers_names_its_setting() -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    told = error_of(model_at(url))
    assert url in told
    assert "cannot be reached" in told
    assert "SOURCELINE_LLM_BASE_URL" in told


@pytest.mark.parametrize(
    ("status", "message", "wanted"),
    [
        (401, "no such key", ("401: no such key", "SOURCELINE_LLM_API_KEY")),
        (403, "not yours", ("403: not yours", "SOURCELINE_LLM_API_KEY")),
        (
            404,
            "no model",
            ("404: no model", "SOURCELINE_LLM_BASE_URL", "SOURCELINE_LLM_MODEL", "scripted"),
        ),
        (400, "maximum context length is 4096 tokens", ("4096 tokens", "SOURCELINE_LLM_WINDOW_TOKENS")),
        (400, "exceeds the available context size", ("SOURCELINE_LLM_WINDOW_TOKENS",)),
        (500, "prompt is too long", ("SOURCELINE_LLM_WINDOW_TOKENS",)),
        (400, "temperature is not supported", ("400: temperature is not supported",)),
        (418, "\x1b[31mred\x00\u202e\nink " + "x" * 1000, ("418: [31mred ink xxx", "xxx …)")),
    ],
)
def test_a_refusal_is_told_with_the_setting_to_change(
    server: ScriptedServer, status: int, message: str, wanted: tuple[str, ...]
) -> None:
    for _ in range(4):
        server.fault("status", status=status, message=message)
    told = error_of(model_at(server.url))
    assert [words for words in wanted if words not in told] == []
    assert told.isprintable()
    assert len(told) < 700


@pytest.mark.parametrize(
    "body",
    [{"error": "gone"}, {"message": "gone"}, {"detail": "gone"}, {"error": {"message": "gone"}}, "gone"],
)
def test_the_servers_own_words_are_found(server: ScriptedServer, body: object) -> None:
    server.steps(whole(body, 404))
    assert "(404: gone)" in error_of(model_at(server.url))


def test_an_address_without_v1_is_told_to_try_it(server: ScriptedServer) -> None:
    base = server.url.removesuffix("/v1")
    assert f"try {base}/v1)" in error_of(model_at(base))
    assert "try " not in error_of(model_at(server.url))


@pytest.mark.parametrize("kind", ["not json", "not events"])
def test_what_speaks_something_else_is_told_with_its_address(server: ScriptedServer, kind: str) -> None:
    server.fault(kind)
    told = error_of(model_at(server.url))
    assert f"{server.url} speaks something else" in told
    assert "SOURCELINE_LLM_BASE_URL" in told


@pytest.mark.parametrize(
    "payload",
    [
        "[]",
        "null",
        '"text"',
        "{}",
        '{"choices": {}}',
        '{"choices": [{"delta": {"content": 5}}]}',
        '{"choices": [{"message": {"content": {"text": "no"}}}]}',
        "[" * 100_000,
        "1" * 5000,
    ],
    ids=lambda payload: payload[:40],
)
@pytest.mark.parametrize("is_stream", [True, False])
def test_json_of_another_shape_is_told_so(server: ScriptedServer, payload: str, is_stream: bool) -> None:
    body = event(payload) if is_stream else chunk(payload.encode())
    server.steps([head(kind="text/event-stream" if is_stream else "application/json"), body, END])
    assert "speaks something else" in error_of(model_at(server.url))


def test_an_error_inside_the_stream_ends_it(server: ScriptedServer) -> None:
    server.fault("error in stream", message="out of memory")
    pieces = model_at(server.url).stream(TURNS)
    assert next(pieces) == "Some"
    with pytest.raises(LanguageModelError, match="failed: out of memory"):
        next(pieces)
    server.fault("error in stream", message="the context window is full")
    assert "SOURCELINE_LLM_WINDOW_TOKENS" in error_of(model_at(server.url))


@pytest.mark.parametrize("kind", ["cut", "ended"])
def test_a_reply_that_is_cut_off_is_no_reply(server: ScriptedServer, kind: str) -> None:
    server.fault(kind)
    pieces = model_at(server.url).stream(TURNS)
    assert "Words that end".startswith(next(pieces))
    with pytest.raises(LanguageModelError, match="broke off its reply"):
        list(pieces)


def test_a_server_that_dies_before_it_answers_is_told(server: ScriptedServer) -> None:
    server.fault("silence")
    pieces = model_at(server.url).stream(TURNS, beat_seconds=0.01)
    assert within(2, lambda: next(pieces) == "" and len(server.requests) == 1)
    server.kill()
    with pytest.raises(LanguageModelError, match=r"gives no answer in HTTP .* the server's log"):
        list(pieces)


def test_a_server_of_another_kind_is_told_with_its_setting(server: ScriptedServer) -> None:
    server.steps([b"220 mail.example.org ready\r\n\r\n"])
    told = error_of(model_at(server.url))
    assert f"{server.url} gives no answer in HTTP (illegal status line" in told
    assert "SOURCELINE_LLM_BASE_URL" in told


def test_a_server_that_dies_is_told(server: ScriptedServer) -> None:
    server.reply("word " * 100, delay_seconds=0.05)
    model = model_at(server.url)
    pieces = model.stream(TURNS)
    next(pieces)
    server.kill()
    with pytest.raises(LanguageModelError, match="broke off its reply"):
        list(pieces)
    assert "cannot be reached" in error_of(model)


def test_a_model_that_only_reasons_is_told_to_have_had_too_few_tokens(server: ScriptedServer) -> None:
    server.steps([head(), event(delta("length", reasoning="Hm")), event("[DONE]"), END])
    told = error_of(model_at(server.url))
    assert "64 tokens" in told
    assert "SOURCELINE_LLM_REPLY_TOKENS" in told


def test_redirects_are_not_followed(server: ScriptedServer) -> None:
    with ScriptedServer() as other:
        server.fault("redirect", location=f"{other.url}/chat/completions")
        told = error_of(model_at(server.url, KEY))
        assert f"redirects to {other.url}/chat/completions" in told
        assert "SOURCELINE_LLM_BASE_URL" in told
        assert other.requests == []


@pytest.mark.parametrize("payload", [[], {"data": {}}, {"models": ["a"]}, "text"])
def test_a_list_of_models_of_another_shape_is_told_so(server: ScriptedServer, payload: object) -> None:
    server.steps(whole(payload), "/models")
    with pytest.raises(LanguageModelError, match="speaks something else"):
        model_at(server.url).models()


# Bounds


@pytest.mark.parametrize("kind", ["endless line", "endless stream"])
def test_a_reply_without_end_is_ended_in_bounded_memory(server: ScriptedServer, kind: str) -> None:
    server.fault(kind)
    tracemalloc.start()
    try:
        pieces: list[str] = []
        with pytest.raises(LanguageModelError, match="does not stop writing"):
            pieces.extend(model_at(server.url).stream(TURNS))
        assert sum(map(len, pieces)) <= REPLY_CHARACTERS
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()
    assert within(1, lambda: server.open_connections == 0)


def test_a_refusal_without_end_is_not_read_to_its_end(server: ScriptedServer) -> None:
    server.steps([head(400, "text/plain"), chunk(b"no " * 20_000), 3600.0])
    assert "(400: no no" in error_of(model_at(server.url))


def test_a_compressed_body_is_not_unpacked(server: ScriptedServer) -> None:
    server.steps([head(Content_Encoding="gzip"), chunk(b"\x1f\x8b" + b"\x00" * 1000), END])
    assert "it compresses" in error_of(model_at(server.url))


# The key


def test_the_key_is_in_no_message_repr_log_or_traceback(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model = model_at(server.url, KEY)
    seen = [repr(model), str(model)]
    server.fault("status", status=401, message=f"wrong key: {KEY} and again {'x' * 280}{KEY}")
    server.fault("status", status=404, message=f"nothing for {KEY}")
    server.fault("error in stream", message=f"{KEY} has no credit")
    server.fault("redirect", location=f"http://127.0.0.1:9/?key={KEY}")
    server.fault("redirect", location=f"http://[{KEY}")
    server.steps([f"HTTP/1.1 bad {KEY}\r\n\r\n".encode()])
    server.steps([f"HTTP/1.1 200 OK\r\nbad header {KEY}\r\n\r\n".encode()])
    server.steps([head(kind=f"text/{KEY}"), END])
    server.steps([head(400, "text/html"), chunk(f"<p>Bearer {KEY}</p>".encode()), END])
    server.steps([f"HTTP/1.1 403 {KEY}\r\nContent-Length: 0\r\n\r\n".encode()])
    while len(server.requests) < 10:
        with pytest.raises(LanguageModelError) as caught:
            list(model.stream(TURNS))
        seen.append("".join(traceback.format_exception(caught.value)))
    server.models = (KEY,)
    seen += model.models()
    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in server.requests)
    assert [text for text in [*seen, caplog.text] if KEY in text] == []
    assert sum("[the key]" in text for text in seen) >= 6


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "şifre", "nul\x00"])
def test_what_cannot_be_a_key_is_refused_unquoted(key: str) -> None:
    with pytest.raises(LanguageModelError, match="SOURCELINE_LLM_API_KEY") as caught:
        model_at("http://localhost/v1", key)
    assert key not in "".join(traceback.format_exception(caught.value))


# The address


@pytest.mark.parametrize(
    "url",
    ["", "localhost:11434/v1", "ftp://host/v1", "http://", "file:///etc", "http://[::1", "http://a:b"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(LanguageModelError, match="SOURCELINE_LLM_BASE_URL must be an address"):
        model_at(url)


def test_a_password_in_the_address_is_refused_unquoted() -> None:
    with pytest.raises(LanguageModelError, match="SOURCELINE_LLM_API_KEY") as caught:
        model_at("https://me:hunter2@host/v1")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://localhost:1/v1", True),
        ("http://LOCALHOST/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://[::1]:8080", True),
        ("http://0.0.0.0:11434", True),
        ("http://192.168.1.5/v1", False),
        ("https://localhost.example.org/v1", False),
        ("https://127.0.0.1.example.org/v1", False),
    ],
)
def test_an_address_on_this_machine_is_known_as_such(url: str, is_local: bool) -> None:
    assert model_at(url).is_local is is_local


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9", "nonsense"])
def test_no_proxy_is_asked_for_this_machine(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.reply("Yes.")
    assert list(model_at(server.url).stream(TURNS)) == ["Yes."]


def test_the_proxy_of_the_environment_is_asked_for_other_hosts(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("ALL_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
    url = "http://models.example.org/v1"
    server.steps(whole({"choices": [{"message": {"content": "Yes."}}]}), f"{url}/chat/completions")
    assert list(model_at(url).stream(TURNS)) == ["Yes."]
    monkeypatch.setenv("http_proxy", "nonsense://")
    assert "HTTPS_PROXY" in error_of(model_at(url))


# Settings


def test_settings_name_a_language_model_or_none(server: ScriptedServer, tmp_path: Path) -> None:
    assert open_language_model(Settings(tmp_path, tmp_path)) is None
    settings = Settings(
        tmp_path, tmp_path, llm_base_url=server.url, llm_model="scripted", llm_api_key=KEY
    )
    model = open_language_model(settings)
    assert model is not None
    server.on_request(lambda body: json.dumps(body["max_tokens"]))
    assert (model.name, "".join(model.stream(TURNS))) == ("scripted", "1024")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
