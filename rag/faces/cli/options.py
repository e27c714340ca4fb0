"""The options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

from rag.core.records import Filters

Corpus = Annotated[
    Path | None,
    typer.Option("--corpus", help="The folder of articles [default: SOURCELINE_CORPUS, else corpus/]."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Source = Annotated[list[str] | None, typer.Option("--source", help="Only this file; may be repeated.")]
Publisher = Annotated[
    list[str] | None, typer.Option("--publisher", help="Only this publisher; may be repeated.")
]
Earliest = Annotated[
    str | None, typer.Option("--from", help="Published on or after: 2023, 2023-05 or 2023-05-17.")
]
Latest = Annotated[str | None, typer.Option("--to", help="Published on or before.")]


def filters_from(
    source: list[str] | None, publisher: list[str] | None, earliest: str | None, latest: str | None
) -> Filters:
    return Filters(frozenset(source or ()), frozenset(publisher or ()), earliest, latest)
