"""The scoreboard: stages run one after another, their results are kept as they come, and together they
are a JSON file, a table and plots."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from lab.failures import Failure, write_failures
from lab.page import markdown
from lab.plots import write_plots
from lab.results import Measured, Result, Score, to_json
from lab.stage import Context, Stage
from rag.core.errors import RagError
from rag.core.settings import PACKAGE, Settings

# What no figure hangs on.
_FACES = ("faces",)


def run_stages(
    stages: Iterable[Stage],
    context: Context,
    fresh: bool = False,
    told: Callable[[str], None] = lambda what: None,
) -> Iterator[Measured]:
    """Each stage's result as it comes. One that was measured before, of the same files by the same
    program, is taken from the data folder unless `fresh`; so a run that was cut short goes on. What
    came out wrong is kept beside it, to be read.

    Raises RagError."""
    code = code_fingerprint()
    for stage in stages:
        if not stage.files:
            told(f"{stage.title}: not there")
            yield Measured(stage.name, "", skipped(stage))
            continue
        fingerprint = _fingerprint(stage, context, code)
        path = _kept_at(stage, context)
        kept = None if fresh else _read(path, fingerprint)
        told(f"{stage.title}: {'as measured before' if kept else 'measuring'}")
        if kept is None:
            failures: list[Failure] = []
            result = stage.measure(replace(context, failed=failures.append), stage.files)
            kept = Measured(stage.name, fingerprint, result)
            _write(path, json.dumps(asdict(kept), ensure_ascii=False))
            write_failures(path.with_suffix(".failures.jsonl"), failures)
        yield kept


def skipped(stage: Stage) -> Result:
    note = f"not there; it can be had from {stage.origin}"
    return Result((Score(stage.title, "", 0, None, note=note, is_skipped=True),))


def code_fingerprint(folder: Path = PACKAGE.parent) -> str:
    """Changes with the program, its words, its weights and the lab; not with its faces."""
    digest = hashlib.sha256()
    for package in (folder / "rag", folder / "lab"):
        for path in sorted(package.rglob("*")):
            place = path.relative_to(package)
            if path.is_file() and place.parts[0] not in _FACES and "__pycache__" not in place.parts:
                digest.update(f"{package.name}/{place.as_posix()}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _fingerprint(stage: Stage, context: Context, code: str) -> str:
    digest = hashlib.sha256(code.encode())
    digest.update(repr((stage.name, context.sample, context.resamples)).encode())
    digest.update(repr(_that_matter(context.settings)).encode())
    for path in stage.files:
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _that_matter(settings: Settings) -> tuple[object, ...]:
    return (
        settings.embedding_model,
        settings.passage_tokens,
        settings.hit_count,
        settings.claim_limit,
        settings.judge,
        settings.aliases_path.read_bytes() if settings.aliases_path.exists() else b"",
    )


def kept_in(settings: Settings) -> Path:
    """The folder of what was measured, and of what came out wrong."""
    return settings.data_dir / "scoreboard"


def _kept_at(stage: Stage, context: Context) -> Path:
    sample = f"-{context.sample}" if context.sample else ""
    return kept_in(context.settings) / f"{stage.name}{sample}.json"


def _read(path: Path, fingerprint: str) -> Measured | None:
    try:
        kept = TypeAdapter(Measured).validate_json(path.read_bytes())
    except (OSError, ValidationError):
        # Of an older version, or half of one: it is measured again.
        return None
    return kept if kept.fingerprint == fingerprint else None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".new")
        scratch.write_text(text + "\n", encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise RagError(f"The figures cannot be written to {path}: {error.strerror or error}.") from error


def write_scoreboard(folder: Path, measured: Sequence[Measured]) -> None:
    """`scoreboard.json`, `scoreboard.md` and the plots in a folder. Raises RagError."""
    _write(folder / "scoreboard.json", json.dumps(to_json(measured), ensure_ascii=False, indent=1))
    _write(folder / "scoreboard.md", markdown(measured, write_plots(folder, measured)).rstrip("\n"))
