"""One writer at a time: the lock on a corpus's state, and who holds it. The door to filelock."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rag.core.errors import IndexBusy


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Holds the lock of a state folder. The system frees it when the process ends, however it ends.
    Raises IndexBusy."""
    lock = FileLock(folder / "writer.lock")
    holder = folder / "writer.json"
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusy(_told(holder)) from error
    try:
        since = datetime.now().isoformat(sep=" ", timespec="seconds")
        who = {"process": os.getpid(), "machine": socket.gethostname(), "since": since}
        holder.write_text(json.dumps(who))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _told(holder: Path) -> str:
    try:
        who = json.loads(holder.read_text())
        name = f"Process {who['process']} on {who['machine']} (since {who['since']})"
    except (OSError, ValueError, KeyError):
        name = "Another process"
    return f"{name} is indexing this corpus. Wait until it has finished, then try again."
