"""An answer as text, with numbered sources and where they differ."""

from collections.abc import Sequence

from rag.cli.words import count, credits, indented, numbered, one_line, print_sources
from rag.dates import readable
from rag.records import Answer, Citation, Conflict, ConflictKind


def print_answer(answer: Answer) -> None:
    if answer.standalone:
        print(f"Understood as: {answer.standalone}")
    if answer.notice:
        print(f"{answer.notice}\n")
    sources: list[Citation] = []
    for claim in answer.claims:
        numbers = numbered(claim.citations, sources)
        verdict = "" if claim.verdict == "supported" else f" ({claim.verdict}: {claim.reason})"
        print(f"{claim.text} {numbers}{verdict}")
    if answer.message:
        print(answer.message if not answer.claims else f"\n{answer.message}")
    print_sources(sources)
    if answer.reports:
        print(f"\n{_independence(answer.reports)}")
    for conflict in answer.conflicts:
        _print_conflict(conflict)
    if not answer.claims:
        for near in answer.nearest:
            print(f"\nNearest: {credits(near.citation)}, {near.citation.source}")
            print(indented(near.citation.quote))
    if answer.model:
        print(f"\nWritten by {answer.model}.")


def _independence(reports: Sequence[Sequence[str]]) -> str:
    """How many articles are cited, and how many of them are no copy of another: "3 articles, 2
    independent"."""
    articles = sum(map(len, reports))
    told = count(articles, "article")
    return told if articles < 2 else f"{told}, {len(reports)} independent"


def _print_conflict(conflict: Conflict) -> None:
    is_change = conflict.kind is ConflictKind.CHANGE
    how = "changed between the articles' dates" if is_change else "the articles disagree"
    print(f"\n{one_line(conflict.about)}: {how}")
    for side in conflict.sides:
        when = readable(side.when) if side.when else "undated"
        outlets = dict.fromkeys(one_line(credits(citation)) for citation in side.citations)
        print(f"  {when}: {one_line(side.value)} ({'; '.join(outlets)})")
