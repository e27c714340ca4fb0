"""Examines the machine: what Sourceline needs, whether it is there, and how to get it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from rag.core.errors import IndexMissing, RagError
from rag.core.settings import BUNDLED_MODEL, Settings
from rag.index.store import Store
from rag.language.terms import read_aliases
from rag.loading.corpus import find_files
from rag.models.embedding import open_encoder
from rag.models.llm import open_language_model

# Room for an index of a few thousand articles.
_ROOM_BYTES = 500 * 2**20
_LISTED_MODELS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    is_well: bool
    detail: str


def examine(settings: Settings, offline: bool) -> tuple[Finding, ...]:
    """One finding for each thing needed. Offline leaves out what a network could still bring."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("packages", _packages),
        ("embedding model", lambda: _model(settings, offline)),
        ("language model", lambda: _language_model(settings, offline)),
        ("room on the disk", lambda: _room(settings.data_dir)),
        ("articles", lambda: _articles(settings)),
        ("aliases", lambda: _aliases(settings)),
        ("index", lambda: _index(settings)),
    ]
    return tuple(_findings(checks))


def _findings(checks: list[tuple[str, Callable[[], str]]]) -> Iterator[Finding]:
    for what, check in checks:
        try:
            yield Finding(what, True, check())
        except RagError as error:
            yield Finding(what, False, str(error))


def _python() -> str:
    return sys.version.split()[0]


def _packages() -> str:
    lacking = []
    try:
        needed = [Requirement(line) for line in requires("sourceline") or ()]
    except PackageNotFoundError as error:
        raise RagError("Sourceline itself is not installed: run `make setup`.") from error
    needed = [need for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]
    for need in needed:
        try:
            if not need.specifier.contains(version(need.name), prereleases=True):
                lacking.append(f"{need} (there is {version(need.name)})")
        except PackageNotFoundError:
            lacking.append(str(need))
    if lacking:
        raise RagError(f"install {', '.join(lacking)}: run `make setup` or `pip install .`")
    return f"all {len(needed)} there"


def _model(settings: Settings, offline: bool) -> str:
    name = settings.embedding_model
    if offline and name != BUNDLED_MODEL and not Path(name).is_dir():
        raise RagError(
            f"{name} is a name, which a network may have to resolve. Set "
            "SOURCELINE_EMBEDDING_MODEL to the folder of a model, or unset it for the bundled one."
        )
    encoder = open_encoder(name, settings.models_dir)
    told = (
        f"{encoder.name}, {encoder.dimension} dimensions, {encoder.window_tokens} tokens, "
        f"computed in {encoder.precision}"
    )
    return told if name == BUNDLED_MODEL else f"{told}; {BUNDLED_MODEL} reads and judges what it finds"


def _language_model(settings: Settings, offline: bool) -> str:
    model = open_language_model(settings)
    if model is None:
        return "none; answers are extracted"
    if offline and not model.is_local:
        raise RagError(
            f"{model.address} needs a network, and was not asked. Set SOURCELINE_LLM_BASE_URL to a "
            "server on this machine, or unset it and SOURCELINE_LLM_MODEL to have answers extracted."
        )
    names = model.models()
    listed = ", ".join(names[:_LISTED_MODELS]) or "none"
    if len(names) > _LISTED_MODELS:
        listed += f" and {len(names) - _LISTED_MODELS} more"
    # Ollama lists a model without a tag under this one.
    if not {model.name, f"{model.name}:latest"} & set(names):
        raise RagError(
            f"{model.address} offers no {model.name}. Set SOURCELINE_LLM_MODEL to one that there is: "
            f"{listed}."
        )
    return f"{model.name} at {model.address}, which offers {listed}"


def _room(folder: Path) -> str:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < _ROOM_BYTES:
        raise RagError(
            f"{free / 2**20:.0f} MB are free in {folder}; {_ROOM_BYTES / 2**20:.0f} MB are wanted. "
            "Make room, or point SOURCELINE_DATA at another disk."
        )
    return f"{free / 2**30:.1f} GB free in {folder}"


def _articles(settings: Settings) -> str:
    files, skipped = find_files(settings.corpus_dir)
    if not files:
        raise RagError(f"there is none in {settings.corpus_dir}")
    return f"{len(files)} files in {settings.corpus_dir}, {len(skipped)} left out"


def _aliases(settings: Settings) -> str:
    groups = read_aliases(settings.aliases_path, settings.corpus_dir / "aliases.txt")
    return f"{len(groups)} groups of names"


def _index(settings: Settings) -> str:
    try:
        manifest = Store(settings.state_dir).read().manifest
    except IndexMissing:
        return "not made yet; the first command makes it"
    return f"generation {manifest.generation} in {settings.state_dir}"
