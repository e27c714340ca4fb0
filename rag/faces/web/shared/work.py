"""An answer in the making, on a thread of its own: a click on the page does not start it over.

It knows neither Streamlit nor who looks on.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from threading import Condition, Thread

from rag.core.records import Answer, Claim, Drafted, Event, Retrieved, Understood, Waited, Weighed


@dataclass(frozen=True, slots=True)
class Progress:
    """What has come of a question so far. It is over with an answer or an error."""

    standalone: str | None = None
    retrieved: bool = False
    claims: tuple[Claim, ...] = ()
    answer: Answer | None = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        return self.answer is not None or self.error is not None


class Work:
    """Reads the events of one question until they end or nobody wants them any more.

    `is_wanted` is asked at every event, from another thread. `stored_as` is for the owner: the number
    under which the answer was stored.
    """

    def __init__(self, events: Iterator[Event], is_wanted: Callable[[], bool]) -> None:
        self._events = events
        self._is_wanted = is_wanted
        self._changed = Condition()
        self._progress = Progress()
        self._started = False
        self.is_left = False
        self.stored_as: int | None = None

    @property
    def progress(self) -> Progress:
        return self._progress

    def start(self) -> None:
        """Begin, unless it has begun."""
        if not self._started:
            self._started = True
            Thread(target=self._read, name="answer", daemon=True).start()

    def leave(self) -> None:
        """Nobody wants the answer any more: the events are closed as soon as the next one comes."""
        self.is_left = True

    def wait(self, until: Callable[[Progress], bool], seconds: float) -> Progress:
        """What there is once `until` holds, or when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: until(self._progress), seconds)
            return self._progress

    def _read(self) -> None:
        try:
            while not self.is_left and (event := next(self._events, None)) is not None:
                self._tell(_after(self._progress, event))
                if not self._progress.is_over and not self._is_wanted():
                    self.leave()
        except Exception as error:
            self._tell(replace(self._progress, error=error))
        finally:
            # Closing is what ends the language model's request.
            if isinstance(self._events, Generator):
                self._events.close()
            if not self._progress.is_over:
                ended = RuntimeError("the assistant ended without an answer")
                self._tell(replace(self._progress, error=ended))

    def _tell(self, progress: Progress) -> None:
        with self._changed:
            self._progress = progress
            self._changed.notify_all()


def _after(progress: Progress, event: Event) -> Progress:
    match event:
        case Understood(question):
            return replace(progress, standalone=question)
        case Retrieved():
            return replace(progress, retrieved=True)
        case Drafted(claim):
            return replace(progress, claims=(*progress.claims, claim))
        case Answer():
            return replace(progress, answer=event)
        case Weighed() | Waited():
            return progress
