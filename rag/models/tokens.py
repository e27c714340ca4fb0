"""How many tokens a text takes, by tiktoken's count or an estimate where it has no vocabulary.

Counts only: a text cut between tokens can break a letter.
"""

import logging
import queue
import threading
from collections.abc import Callable

VOCABULARY = "o200k_base"
# Tiktoken takes quadratic time over a long run without spaces; a cut adds one token at most.
SLICE_CHARACTERS = 4_000

Count = Callable[[str], int]


def load_tiktoken() -> Count:
    """Tiktoken's count. On first use it downloads its vocabulary, and without a network may hang."""
    import tiktoken

    encoding = tiktoken.get_encoding(VOCABULARY)
    # Ordinary: what looks like a special token is text like any other, and raises nothing.
    return lambda text: len(encoding.encode_ordinary(text))


class TokenCounter:
    """Counts with tiktoken where its vocabulary is at hand within `patience_seconds`, asked once,
    and with `fallback` otherwise. The first count decides for all, so that counts compare."""

    def __init__(
        self, fallback: Count, load: Callable[[], Count] = load_tiktoken, patience_seconds: float = 4.0
    ) -> None:
        self._fallback = fallback
        self._load = load
        self._patience_seconds = patience_seconds
        self._deciding = threading.Lock()
        self._chosen: tuple[Count, str] | None = None

    def count(self, text: str) -> int:
        count, _ = self._choice()
        return sum(count(piece) for piece in _slices(text))

    @property
    def source(self) -> str:
        """What counts, in words that go on from "counted with". Decides if nothing has been counted."""
        return self._choice()[1]

    def _choice(self) -> tuple[Count, str]:
        with self._deciding:
            if self._chosen is None:
                self._chosen = self._choose()
            return self._chosen

    def _choose(self) -> tuple[Count, str]:
        answer: queue.SimpleQueue[Count | Exception] = queue.SimpleQueue()

        def fetch() -> None:
            try:
                answer.put(self._load())
            except Exception as error:
                answer.put(error)

        # A daemon, because a download that hangs must not keep the program from ending.
        threading.Thread(target=fetch, name="tiktoken", daemon=True).start()
        try:
            loaded = answer.get(timeout=self._patience_seconds)
        except queue.Empty:
            reason = f"it was not there within {self._patience_seconds:g} seconds"
        else:
            if not isinstance(loaded, Exception):
                return loaded, f"tiktoken's {VOCABULARY}"
            reason = f"{type(loaded).__name__}: {str(loaded)[:200]}"
        logging.getLogger(__name__).warning(
            "Tokens are counted with the embedding model's own tokenizer, because tiktoken's vocabulary "
            "cannot be loaded (%s). To count with tiktoken, start once with a network, or set "
            "TIKTOKEN_CACHE_DIR to a folder that holds it.",
            reason,
        )
        return self._fallback, "the embedding model's own tokenizer"


def _slices(text: str) -> list[str]:
    """The text in pieces that are quick to count, cut before a space where there is one."""
    slices, start = [], 0
    while len(text) - start > SLICE_CHARACTERS:
        end = text.rfind(" ", start + SLICE_CHARACTERS // 2, start + SLICE_CHARACTERS)
        end = end if end > start else start + SLICE_CHARACTERS
        slices.append(text[start:end])
        start = end
    return [*slices, text[start:]] if text[start:] else slices
