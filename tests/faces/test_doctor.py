from dataclasses import replace
from pathlib import Path

import pytest

from rag.core.settings import Settings
from rag.faces.cli.doctor import Finding, examine
from tests.scripted_server import ScriptedServer


@pytest.fixture
def settings(tmp_path: Path, models_dir: Path) -> Settings:
    return Settings(tmp_path, models_dir.parent)


def finding(settings: Settings, offline: bool = False) -> Finding:
    (found,) = [each for each in examine(settings, offline) if each.what == "language model"]
    return found


def test_no_language_model_is_well(settings: Settings) -> None:
    assert finding(settings) == Finding("language model", True, "none; answers are extracted")


@pytest.mark.parametrize("listed", ["scripted", "scripted:latest"])
@pytest.mark.parametrize("offline", [False, True])
def test_a_language_model_that_is_offered_is_well(
    settings: Settings, listed: str, offline: bool
) -> None:
    with ScriptedServer(models=(listed, "other")) as server:
        settings = replace(settings, llm_base_url=server.url, llm_model="scripted")
        detail = f"scripted at {server.url}, which offers {listed}, other"
        assert finding(settings, offline) == Finding("language model", True, detail)


def test_a_language_model_that_is_not_offered_is_told_with_what_there_is(settings: Settings) -> None:
    with ScriptedServer(models=tuple(f"model-{number}" for number in range(12))) as server:
        settings = replace(settings, llm_base_url=server.url, llm_model="scripted")
        found = finding(settings)
    assert not found.is_well
    assert "offers no scripted. Set SOURCELINE_LLM_MODEL to one that there is: model-0, " in found.detail
    assert found.detail.endswith("model-9 and 2 more.")


def test_an_endpoint_that_refuses_is_told(settings: Settings) -> None:
    with ScriptedServer() as server:
        server.fault("status", status=401, message="no such key", path="/models")
        settings = replace(settings, llm_base_url=server.url, llm_model="scripted")
        found = finding(settings)
    assert not found.is_well
    assert "SOURCELINE_LLM_API_KEY" in found.detail


def test_offline_no_other_host_is_asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer() as server:
        # Were the host asked, it would be by way of this server.
        monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
        settings = replace(settings, llm_base_url="http://models.example.org/v1", llm_model="large")
        found = finding(settings, offline=True)
        assert server.requests == []
    assert not found.is_well
    assert "http://models.example.org/v1 needs a network" in found.detail
