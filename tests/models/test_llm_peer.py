"""The door to a language model against a server that others have written."""

from pathlib import Path

import pytest

from rag.core.errors import LanguageModelError
from rag.core.settings import Settings
from rag.faces.cli.doctor import examine
from rag.models.llm import LanguageModel, Turn
from tests.language_peer import Peer, language_peer

__all__ = ["language_peer"]

TURNS = (Turn("system", "Answer from the articles."), Turn("user", "When did the harbour open?"))


def model_at(peer: Peer, name: str | None = None) -> LanguageModel:
    return LanguageModel(
        peer.url,
        name or peer.model,
        connect_seconds=5,
        first_token_seconds=30,
        total_seconds=60,
        reply_tokens=40,
    )


def test_the_model_is_listed(language_peer: Peer) -> None:
    assert model_at(language_peer).models() == (language_peer.model,)


def test_a_reply_comes_in_pieces_and_is_the_same_each_time(language_peer: Peer) -> None:
    pieces = list(model_at(language_peer).stream(TURNS))
    assert len(pieces) > 1
    assert "".join(pieces) == "".join(model_at(language_peer).stream(TURNS))


def test_after_a_stream_that_was_closed_the_next_one_is_whole(language_peer: Peer) -> None:
    model = model_at(language_peer)
    whole = "".join(model.stream(TURNS))
    pieces = model.stream(TURNS)
    assert whole.startswith(next(pieces))
    pieces.close()
    assert "".join(model.stream(TURNS)) == whole


def test_an_unknown_model_is_told(language_peer: Peer) -> None:
    with pytest.raises(LanguageModelError):
        list(model_at(language_peer, "sourceline/none").stream(TURNS))


def test_the_doctor_finds_it_well(language_peer: Peer, tmp_path: Path, models_dir: Path) -> None:
    settings = Settings(
        tmp_path, models_dir.parent, llm_base_url=language_peer.url, llm_model=language_peer.model
    )
    assert [each.is_well for each in examine(settings, True) if each.what == "language model"] == [True]
