"""The assistant over a folder of articles that has been indexed as it is now."""

from rag.asking.assistant import Assistant
from rag.core.errors import IndexBusy
from rag.core.settings import Settings
from rag.faces.cli.console import errors, progress
from rag.wiring import build_index, open_assistant


def ready(settings: Settings) -> Assistant:
    bring_up_to_date(settings)
    return open_assistant(settings)


def bring_up_to_date(settings: Settings) -> None:
    """Indexes what has changed; while another process does so, the index is used as it is."""
    with progress() as show:
        try:
            build_index(settings, progress=show)
        except IndexBusy as error:
            errors.print(f"{error} Going on with the index as it is.")
