"""A real assistant over the articles that ship, with a scripted server for its language model.

A reply is written with words in braces for keys: `Kalin met Sharaa {met President Ahmed al-Sharaa}.`
Each is replaced by the key, in brackets, of the offered passage that has these words.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from rag import wiring
from rag.asking.assistant import Assistant
from rag.core.records import Answer, Event, Exchange, Filters, Method
from rag.core.settings import BUNDLED_MODEL, Settings, shipped
from rag.models.backbone import WEIGHTS
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader
from rag.models.tokens import TokenCounter
from tests.scripted_server import CHAT, Received, ScriptedServer

DAMASCUS = "What did Kalin discuss in Damascus?"

_PASSAGE = re.compile(
    r"^=== (\w+) passage \[(\w+)\] ?(.*)\n([\s\S]*?)\n=== \1 end \[\2\]$", re.MULTILINE
)

Reply = str | Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Offered:
    """A passage as a prompt shows it."""

    key: str
    heading: str
    text: str


def prompt_of(request: Received) -> str:
    """What the model was asked: all of it is one turn of the user."""
    (turn,) = request.body["messages"]
    assert turn["role"] == "user"
    return str(turn["content"])


def passages_in(prompt: str) -> tuple[Offered, ...]:
    """The passages that a prompt offers, in its order."""
    return tuple(Offered(key, heading, text) for _, key, heading, text in _PASSAGE.findall(prompt))


def with_keys(reply: str, prompt: str) -> str:
    """The reply with a key for each words in braces."""

    def key(found: re.Match[str]) -> str:
        keys = [offered.key for offered in passages_in(prompt) if found.group(1) in offered.text]
        assert keys, f"no offered passage has the words {found.group(1)!r}"
        return f"[{keys[0]}]"

    return re.sub(r"\{([^{}]+)\}", key, reply)


@dataclass
class Scene:
    """The server, and settings that name it. `reply`, `repair` and `standalone` are what the model says
    when it is asked to write, to mend, and for a question that stands alone."""

    server: ScriptedServer
    settings: Settings
    reply: Reply = ""
    repair: Reply = ""
    standalone: Reply = ""
    _made: dict[Settings, Assistant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.on_request(self._answer)

    def assistant(self, **settings: Any) -> Assistant:
        chosen = replace(self.settings, **settings)
        if chosen not in self._made:
            self._made[chosen] = wiring.open_assistant(chosen)
        return self._made[chosen]

    def events(
        self,
        question: str = DAMASCUS,
        history: Sequence[Exchange] = (),
        filters: Filters | None = None,
        method: Method | None = None,
        **settings: Any,
    ) -> Iterator[Event]:
        return self.assistant(**settings).ask(question, history, filters or Filters(), method)

    def ask(self, question: str = DAMASCUS, *args: Any, **settings: Any) -> Answer:
        *_, last = self.events(question, *args, **settings)
        assert isinstance(last, Answer)
        return last

    @property
    def prompts(self) -> list[str]:
        """What the model was asked so far."""
        return [prompt_of(request) for request in self.server.requests if request.path == CHAT]

    def asked(self, kind: str) -> list[str]:
        """Those of the prompts that are "reply", "repair" or "standalone"."""
        return [prompt for prompt in self.prompts if _kind(prompt) == kind]

    def _answer(self, body: Mapping[str, Any]) -> str:
        prompt = str(body["messages"][-1]["content"])
        reply: Reply = getattr(self, _kind(prompt))
        return with_keys(reply(prompt) if callable(reply) else reply, prompt)


def _kind(prompt: str) -> str:
    if prompt.startswith("Answer the question"):
        return "reply"
    return "repair" if prompt.startswith("Some sentences") else "standalone"


@pytest.fixture(scope="session")
def data_dir(models_dir: Path, encoder: Encoder, pairs: PairReader) -> Path:
    """Where the articles that ship are indexed, once for all tests."""
    wiring._encoders[BUNDLED_MODEL, models_dir] = encoder
    wiring._readers[WEIGHTS] = pairs
    wiring.build_index(Settings(shipped("corpus"), models_dir.parent))
    return models_dir.parent


@pytest.fixture(scope="session")
def counter(encoder: Encoder) -> TokenCounter:
    def refuse() -> Any:
        raise OSError("tests ask no network")

    return TokenCounter(lambda text: encoder.count_tokens([text])[0], refuse)


@pytest.fixture
def scene(data_dir: Path, counter: TokenCounter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(wiring, "TokenCounter", lambda fallback: counter)
    with ScriptedServer() as server:
        yield Scene(server, settings_for(server.url, data_dir))


def settings_for(url: str, data_dir: Path, corpus: Path | None = None) -> Settings:
    """Settings for a server at an address, with limits that suit a test."""
    return Settings(
        corpus or shipped("corpus"),
        data_dir,
        llm_base_url=url,
        llm_model="scripted",
        llm_connect_seconds=1.0,
        llm_first_token_seconds=2.0,
        llm_total_seconds=6.0,
    )
