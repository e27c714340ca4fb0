"""What one person keeps of a corpus, in one file: conversations and the questions that wait in them,
what was said of answers, briefings, and what is known of articles besides their files."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from rag.core.settings import Settings
from rag.desk import transfer
from rag.desk.briefings import Briefings
from rag.desk.conversations import Conversations
from rag.desk.corrections import Corrections
from rag.desk.database import Database
from rag.desk.feedback import Feedbacks
from rag.desk.origins import Origins
from rag.desk.waiting import WaitingQuestions

# The one person of a laptop.
LOCAL = "local"


class Desk:
    """All that `user` keeps, at `path` and beside it. Every use opens the file anew, so threads and
    processes share it, and one that was never written to is not made by reading.

    Each user has a file: no query can show one what another keeps, and a desk is removed with its
    file. All its parts raise StorageError when the file cannot be read or written.
    """

    def __init__(self, path: Path, user: str = LOCAL) -> None:
        """`path` is the file of the local user; anybody else's is named after it and them."""
        if user != LOCAL:
            # A name may hold what no file's name may.
            path = path.with_stem(f"{path.stem}-{sha256(user.encode()).hexdigest()[:16]}")
        self._database = Database(path)
        self.conversations = Conversations(self._database)
        self.waiting = WaitingQuestions(self._database)
        self.feedback = Feedbacks(self._database)
        self.briefings = Briefings(self._database)
        self.corrections = Corrections(self._database)
        self.origins = Origins(self._database)

    def export(self) -> dict[str, Any]:
        """Everything in plain JSON types, under the schema `sourceline.memory/1`. A damaged row is left
        out, and counted under `left_out`."""
        return transfer.export(self._database)

    def take_in(self, content: bytes) -> transfer.Imported:
        """Take in what was exported, all of it or nothing.

        Raises TransferError, which says what is wrong with the file.
        """
        return transfer.take_in(self._database, content)


def open_desk(settings: Settings, user: str = LOCAL) -> Desk:
    """The desk over the corpus that the settings name."""
    return Desk(settings.memory_path, user)
