"""Settings come from the environment or by hand; a bad one is named."""

from pathlib import Path

import pytest

from rag.core.errors import SettingsError
from rag.core.settings import BUNDLED_MODEL, Settings, shipped


def test_an_empty_environment_gives_the_articles_that_ship() -> None:
    settings = Settings.from_environment({"SOURCELINE_DATA": "/data"})
    assert settings == Settings(corpus_dir=shipped("corpus"), data_dir=Path("/data"))
    assert settings.embedding_model == BUNDLED_MODEL
    assert settings.aliases_path.is_file()


def test_every_variable_is_read() -> None:
    environment = {
        "SOURCELINE_CORPUS": "/articles",
        "SOURCELINE_DATA": "/data",
        "SOURCELINE_ALIASES": "/names.txt",
        "SOURCELINE_EMBEDDING_MODEL": "/model",
        "SOURCELINE_PASSAGE_TOKENS": "64",
        "SOURCELINE_HIT_COUNT": "5",
        "SOURCELINE_CLAIM_LIMIT": "3",
        "SOURCELINE_LLM_BASE_URL": "http://127.0.0.1:11434/v1",
        "SOURCELINE_LLM_MODEL": "llama",
        "SOURCELINE_LLM_API_KEY": "secret",
        "SOURCELINE_LLM_WINDOW_TOKENS": "4096",
        "SOURCELINE_LLM_REPLY_TOKENS": "512",
        "SOURCELINE_LLM_CONNECT_SECONDS": "1.5",
        "SOURCELINE_LLM_FIRST_TOKEN_SECONDS": "20",
        "SOURCELINE_LLM_TOTAL_SECONDS": "90",
        "SOURCELINE_SHOW_UNSUPPORTED": "no",
        "SOURCELINE_JUDGE": "model",
        "SOURCELINE_FETCH_PRIVATE": "127.0.0.1:8000, intranet.example:443",
    }
    assert Settings.from_environment(environment) == Settings(
        Path("/articles"),
        Path("/data"),
        Path("/names.txt"),
        "/model",
        64,
        5,
        3,
        "http://127.0.0.1:11434/v1",
        "llama",
        "secret",
        4096,
        512,
        1.5,
        20.0,
        90.0,
        False,
        "model",
        ("127.0.0.1:8000", "intranet.example:443"),
    )


def test_the_key_of_a_language_model_is_in_no_print_of_the_settings() -> None:
    settings = Settings(
        Path("/c"), Path("/d"), llm_base_url="http://host/v1", llm_model="m", llm_api_key="secret"
    )
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "lacking"), [("BASE_URL", "SOURCELINE_LLM_MODEL"), ("MODEL", "SOURCELINE_LLM_BASE_URL")]
)
def test_half_a_language_model_is_told_what_it_lacks(given: str, lacking: str) -> None:
    with pytest.raises(SettingsError, match=f"{lacking} is not set"):
        Settings.from_environment({f"SOURCELINE_LLM_{given}": "something"})


def test_what_is_neither_yes_nor_no_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"SOURCELINE_SHOW_UNSUPPORTED is 'maybe'; yes or no"):
        Settings.from_environment({"SOURCELINE_SHOW_UNSUPPORTED": "maybe"})


def test_a_host_without_a_port_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"SOURCELINE_FETCH_PRIVATE is 'localhost'; host:port"):
        Settings.from_environment({"SOURCELINE_FETCH_PRIVATE": "localhost"})


def test_an_empty_variable_is_an_unset_one() -> None:
    data = {"SOURCELINE_DATA": "/data"}
    assert Settings.from_environment(
        {**data, "SOURCELINE_HIT_COUNT": "", "SOURCELINE_CORPUS": ""}
    ) == Settings.from_environment(data)


def test_what_is_given_by_hand_wins_unless_it_is_none() -> None:
    environment = {"SOURCELINE_DATA": "/data", "SOURCELINE_HIT_COUNT": "5"}
    settings = Settings.from_environment(
        environment, corpus_dir=Path("/mine"), hit_count=7, claim_limit=None
    )
    assert settings == Settings(Path("/mine"), Path("/data"), hit_count=7)


@pytest.mark.parametrize("value", ["many", "1.5", "5 000", "0x10"])
def test_a_number_that_is_none_is_named_with_its_variable(value: str) -> None:
    with pytest.raises(SettingsError, match=r"SOURCELINE_HIT_COUNT is .*a number is wanted"):
        Settings.from_environment({"SOURCELINE_HIT_COUNT": value})


def test_a_number_out_of_bounds_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"SOURCELINE_PASSAGE_TOKENS is 5;.*32 and 4096"):
        Settings.from_environment({"SOURCELINE_PASSAGE_TOKENS": "5"})


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("passage_tokens", 32, 4096), ("hit_count", 1, 100), ("claim_limit", 1, 20)],
)
def test_bounds_belong_to_what_is_allowed(name: str, low: int, high: int) -> None:
    environment = {"SOURCELINE_CORPUS": "/c", "SOURCELINE_DATA": "/d"}
    for value in (low, high):
        settings = Settings.from_environment(environment, **{name: value})
        assert getattr(settings, name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(SettingsError, match=f"between {low} and {high}"):
            Settings.from_environment(environment, **{name: value})


def test_each_corpus_has_a_state_folder_of_its_own(tmp_path: Path) -> None:
    corpora = [tmp_path / "a" / "news", tmp_path / "b" / "news", tmp_path / "b" / "News 2", Path("/")]
    folders = [Settings(corpus, tmp_path / "data").state_dir for corpus in corpora]
    assert len(set(folders)) == 4
    assert {folder.parent for folder in folders} == {tmp_path / "data"}


def test_a_corpus_has_one_state_folder_however_it_is_spelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, data = tmp_path / "news", tmp_path / "data"
    corpus.mkdir()
    (tmp_path / "link").symlink_to(corpus)
    monkeypatch.chdir(tmp_path)
    spellings = [corpus, Path("news"), Path("news/../news"), tmp_path / "link"]
    assert len({Settings(spelling, data).state_dir for spelling in spellings}) == 1


def test_making_settings_makes_no_folder(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "news", tmp_path / "data")
    assert settings.models_dir.parent == settings.state_dir.parent == tmp_path / "data"
    assert list(tmp_path.iterdir()) == []
