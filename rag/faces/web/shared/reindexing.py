"""Indexing in the background: one run at a time for each corpus, on a thread of the server that all
visitors share. Questions go on being answered from the generation before.

It knows neither Streamlit nor who looks on.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from rag.core.errors import CorpusEmpty, IndexBusy, RagError
from rag.core.settings import Settings
from rag.wiring import build_index, forget_index

if TYPE_CHECKING:
    from rag.index.build import Report

BUSY_SECONDS = 2.0
_BUSY_TRIES = 900


@dataclass(frozen=True, slots=True)
class Run:
    """What has come of the latest run; its number counts from 1, 0 is before any.

    It is over with a report, or with a failure in words; a corpus without articles has neither.
    """

    number: int = 0
    is_running: bool = False
    doing: str = ""
    done: int = 0
    total: int = 0
    report: "Report | None" = None
    failure: str | None = None


class Reindexing:
    """The runs of one corpus."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._run = Run()
        self._changed = Lock()
        self._wanted = False
        self._may_be_empty = False

    @property
    def run(self) -> Run:
        return self._run

    def start(self, may_be_empty: bool = False) -> None:
        """Index what is there now; when a run is at it already, another follows.

        `may_be_empty` says that the last article may just have been removed: then the index goes too.
        """
        with self._changed:
            self._wanted = True
            self._may_be_empty |= may_be_empty
            if self._run.is_running:
                return
            self._run = Run(self._run.number + 1, is_running=True, doing="Looking at the folder")
        Thread(target=self._work, name="indexing", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._wanted:
                    self._run = replace(self._run, is_running=False)
                    return
                self._wanted, may_be_empty, self._may_be_empty = False, self._may_be_empty, False
            try:
                self._end(self._build(), None)
            except CorpusEmpty as error:
                self._end(None, None if may_be_empty else str(error))
                if may_be_empty:
                    self._forget()
            except RagError as error:
                self._end(None, str(error))
            except Exception as error:
                self._end(None, f"Indexing failed by a fault of the program: {error!r}")

    def _build(self) -> "Report":
        for _ in range(_BUSY_TRIES):
            try:
                return build_index(self._settings, progress=self._progress)
            except IndexBusy as error:
                self._progress(0, 0, f"Waiting. {error}")
                time.sleep(BUSY_SECONDS)
        return build_index(self._settings, progress=self._progress)

    def _forget(self) -> None:
        try:
            forget_index(self._settings)
        except RagError as error:
            self._end(None, str(error))

    def _progress(self, done: int, total: int, what: str) -> None:
        self._run = replace(self._run, doing=what, done=done, total=total)

    def _end(self, report: "Report | None", failure: str | None) -> None:
        self._run = replace(self._run, report=report, failure=failure)


_known: dict[tuple[Path, str], Reindexing] = {}
_finding = Lock()


def runs_of(settings: Settings) -> Reindexing:
    """The runs of the corpus that the settings name."""
    key = settings.state_dir, repr(settings)
    with _finding:
        return _known.setdefault(key, Reindexing(settings))
