"""Every setting, flat and frozen, from the environment or by hand. Nothing here touches the disk."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from rag.core.errors import SettingsError

BUNDLED_MODEL = "multilingual-e5-small, taught"
PACKAGE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """A file or folder that comes with the project: in a checkout, or packed by the installer."""
    packed = PACKAGE / "_shipped" / name
    return packed if packed.exists() else PACKAGE.parent / name


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose. Sizes of passages are in tokens of the embedding model.

    `judge` names another judge of support than the bundled one: `model` for the language model, or a
    cross-encoder. `fetch_private` names what articles may be fetched from although it is not public, as
    host:port. A language model is configured when `llm_base_url` and `llm_model` are set. Its key
    is in no repr.
    """

    corpus_dir: Path
    data_dir: Path
    aliases_path: Path = PACKAGE / "language" / "aliases.txt"
    embedding_model: str = BUNDLED_MODEL
    passage_tokens: int = 160
    hit_count: int = 10
    claim_limit: int = 6
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: str | None = field(default=None, repr=False)
    llm_window_tokens: int = 8192
    llm_reply_tokens: int = 1024
    llm_connect_seconds: float = 5.0
    llm_first_token_seconds: float = 60.0
    llm_total_seconds: float = 180.0
    show_unsupported: bool = True
    judge: str = ""
    fetch_private: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, low, high in (
            ("passage_tokens", 32, 4096),
            ("hit_count", 1, 100),
            ("claim_limit", 1, 20),
            ("llm_window_tokens", 512, 10_000_000),
            ("llm_reply_tokens", 64, 100_000),
            ("llm_connect_seconds", 0.1, 3600),
            ("llm_first_token_seconds", 0.1, 3600),
            ("llm_total_seconds", 0.1, 3600),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(
                    f"SOURCELINE_{name.upper()} is {value}; it must lie between {low} and {high}."
                )

        if self.judge == "model" and not self.llm_base_url:
            raise SettingsError("SOURCELINE_JUDGE is `model`, but SOURCELINE_LLM_BASE_URL is not set.")
        if bool(self.llm_base_url) != bool(self.llm_model):
            lacking = "SOURCELINE_LLM_MODEL" if self.llm_base_url else "SOURCELINE_LLM_BASE_URL"
            raise SettingsError(
                f"A language model needs SOURCELINE_LLM_BASE_URL and SOURCELINE_LLM_MODEL; {lacking} "
                "is not set. Set it, or unset the other to have answers extracted."
            )

    @property
    def has_language_model(self) -> bool:
        return bool(self.llm_base_url)

    @property
    def state_dir(self) -> Path:
        """Where this corpus keeps its index and its memory."""
        corpus = self.corpus_dir.resolve()
        digest = hashlib.sha256(str(corpus).encode(errors="surrogateescape")).hexdigest()[:8]
        return self.data_dir / f"{corpus.name or 'corpus'}-{digest}"

    @property
    def memory_path(self) -> Path:
        """The desk over this corpus; named for what it held first."""
        return self.state_dir / "conversations.db"

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, **overrides: Any
    ) -> "Settings":
        """Settings from SOURCELINE_* variables; overrides that are not None win.

        Raises SettingsError, which names the variable.
        """
        settings = cls(
            corpus_dir=Path(environment.get("SOURCELINE_CORPUS") or shipped("corpus")).expanduser(),
            data_dir=Path(
                environment.get("SOURCELINE_DATA") or user_data_path("sourceline")
            ).expanduser(),
        )
        read: dict[str, Any] = {}
        for name, kind in (
            ("aliases_path", lambda path: Path(path).expanduser()),
            ("embedding_model", str),
            ("passage_tokens", int),
            ("hit_count", int),
            ("claim_limit", int),
            ("llm_base_url", str),
            ("llm_model", str),
            ("llm_api_key", str),
            ("llm_window_tokens", int),
            ("llm_reply_tokens", int),
            ("llm_connect_seconds", float),
            ("llm_first_token_seconds", float),
            ("llm_total_seconds", float),
            ("show_unsupported", _yes_or_no),
            ("judge", str),
            ("fetch_private", _hosts),
        ):
            variable = "SOURCELINE_" + name.removesuffix("_path").upper()
            if value := environment.get(variable):
                try:
                    read[name] = kind(value)
                except ValueError as error:
                    wanted = _WANTED.get(kind, "a number")
                    raise SettingsError(f"{variable} is {value!r}; {wanted} is wanted.") from error
        chosen = {name: value for name, value in overrides.items() if value is not None}
        return replace(settings, **(read | chosen))


def _hosts(text: str) -> tuple[str, ...]:
    pairs = tuple(text.replace(",", " ").split())
    if not all(re.fullmatch(r".+:\d{1,5}", pair) for pair in pairs):
        raise ValueError(text)
    return pairs


def _yes_or_no(text: str) -> bool:
    answers = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    try:
        return answers[text.strip().lower()]
    except KeyError as error:
        raise ValueError(text) from error


_WANTED: Mapping[Any, str] = {_yes_or_no: "yes or no", _hosts: "host:port, or several of them,"}
